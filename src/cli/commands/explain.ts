import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";

import {
  type BatchState,
  type Session,
  answerLine,
  explainConnection,
  placeRef,
  readFacts,
} from "../../app/index.ts";
import type { Family } from "../../base/index.ts";
import { writeExplainJson, writeExplainText } from "../../report/index.ts";
import type { Arguments } from "../command-table.ts";
import { openFull, openPaths, readSettings } from "../open.ts";
import {
  EXIT,
  createOutput,
  exitCodeOf,
  refuse,
  say,
  sayDiagnostics,
  styleFor,
} from "../terminal.ts";

/** `ringfence explain`. */
export async function run(given: Arguments): Promise<number> {
  const batch = given.flags["batch"]?.[0];
  const misplaced = misplacedFlag(given.flags);
  if (misplaced !== undefined) return refuse(misplaced);
  if (batch !== undefined) return await runBatch(given, batch);
  const [from, to, port] = ["from", "to", "port"].map((name) => given.flags[name]?.[0]);
  if (from === undefined || to === undefined || port === undefined) {
    return refuse("explain needs --from, --to and --port, or --batch FILE");
  }
  const facts = readFacts(given.flags["given"] ?? []);
  if (typeof facts === "string") return refuse(facts);
  const session = await openPaths(given);
  if (typeof session === "string") return refuse(session);
  sayDiagnostics(session);
  const family = familyFrom(given);
  const result = explainConnection(session, { from, to, port, family, facts });
  if (typeof result === "string") return refuse(result);
  const { write, flush } = createOutput();
  const output = given.flags["output"]?.[0] ?? "text";
  if (output === "text") {
    const tools = { style: styleFor(given), placeOf: placeRef(session) };
    writeExplainText(result, tools, write);
  } else {
    writeExplainJson(result, { isLine: output === "ndjson", placeOf: placeRef(session) }, write);
  }
  flush();
  return exitCodeOf(session, given);
}

/** A flag that says nothing where it stands: what a question asks is in the lines of a batch. */
function misplacedFlag({ batch, why, output, ...flags }: Arguments["flags"]): string | undefined {
  if (batch === undefined) {
    return why === undefined ? undefined : "`--why` goes with --batch: leave it out";
  }
  const asked = ["from", "to", "port", "family", "given"].find((name) => flags[name] !== undefined);
  if (asked !== undefined) return `\`--${asked}\` does not go with --batch: write it in its lines`;
  return output === undefined || output[0] === "ndjson"
    ? undefined
    : `\`-o ${output[0]}\` does not go with --batch: its answers are \`-o ndjson\``;
}

function familyFrom({ flags }: Arguments): Family | undefined {
  const text = flags["family"]?.[0];
  return text === undefined ? undefined : text === "4" ? 4 : 6;
}

/** Answers question by question: each answer is written as soon as it is known. */
async function runBatch(given: Arguments, file: string): Promise<number> {
  if (file !== "-" && !existsSync(file)) return refuse(`\`${file}\` does not exist`);
  if (file === "-" && given.paths.includes("-")) {
    return refuse("standard input cannot be both PATH and --batch: give one of them as a file");
  }
  const found = await readSettings(given);
  if (typeof found === "string") return refuse(found);
  const { settings } = found;
  const load = async (paths: readonly string[]): Promise<Session | string> => {
    const session = await openFull(paths, settings);
    if (typeof session !== "string") sayDiagnostics(session);
    return session;
  };
  const first = given.paths.length === 0 ? undefined : await load(given.paths);
  if (typeof first === "string") return refuse(first);
  const incomplete = first?.compiled.cluster.incomplete ?? false;
  const start: BatchState = { session: first, incomplete, failed: false };
  const input = file === "-" ? process.stdin : createReadStream(file);
  const end = await answerLines(input, start, { load, why: given.flags["why"] !== undefined });
  if (end.failed) {
    say("ringfence: some questions could not be answered: see the lines with `error`");
    return EXIT.usage;
  }
  const isIncomplete = end.incomplete && given.flags["allow-incomplete"] === undefined;
  return isIncomplete ? EXIT.incomplete : EXIT.done;
}

/** Lines that came together are answered together; nothing waits for the next one. */
async function answerLines(
  input: NodeJS.ReadableStream,
  start: BatchState,
  tools: Parameters<typeof answerLine>[2],
): Promise<BatchState> {
  const { write, flush } = createOutput();
  let state = start;
  let isWaiting = false;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === "") continue;
    const answer = await answerLine(line, state, tools);
    state = answer.state;
    write(`${JSON.stringify(answer.output)}\n`);
    if (isWaiting) continue;
    isWaiting = true;
    setImmediate(() => {
      isWaiting = false;
      flush();
    });
  }
  flush();
  return state;
}
