import {
  type DiffResult,
  type Expectation,
  type Session,
  diffSessions,
  expectationSchema,
} from "../../app/index.ts";
import { checkItems, readYamlFile } from "../../files/index.ts";
import { writeDiffJson, writeDiffMarkdown, writeDiffText } from "../../report/index.ts";
import type { Arguments } from "../command-table.ts";
import { sayProblems } from "../open.ts";
import {
  type State,
  findState,
  openState,
  settingsForHead,
  settingsOf,
  stateAt,
} from "../open-state.ts";
import {
  EXIT,
  createOutput,
  exitCodeOf,
  refuse,
  say,
  sayDiagnostics,
  styleFor,
} from "../terminal.ts";

/** `ringfence diff`. */
export async function run(given: Arguments): Promise<number> {
  const expected = await expectationsFrom(given);
  if (typeof expected === "string") return refuse(expected);
  const states = await openStates(given);
  if (typeof states === "string") return refuse(states);
  const [base, head] = states;
  for (const session of states) sayDiagnostics(session);
  const result = diffSessions(base, head, expected);
  for (const { place, reason } of result.unused) {
    say(`warning: ${place}: no change fits this expectation (${reason}): remove it`);
  }
  const { write, flush } = createOutput();
  const format = given.flags["output"]?.[0];
  if (format === "json") writeDiffJson(result, write);
  else if (format === "md") writeDiffMarkdown(result, write);
  else writeDiffText(result, styleFor(given), write);
  flush();
  return exitOf(result, given);
}

/** Several at once: the first of 2, 3, 1 (design: the command line). */
function exitOf({ base, head, unexpected }: DiffResult, given: Arguments): number {
  const codes = [base, head].map((session) => exitCodeOf(session, given));
  for (const code of [EXIT.usage, EXIT.incomplete]) if (codes.includes(code)) return code;
  const failOn = given.flags["fail-on"]?.[0] as keyof DiffResult["unexpected"] | undefined;
  return failOn !== undefined && unexpected[failOn] ? EXIT.violation : EXIT.done;
}

/** Both states: BASE and HEAD, or paths as a revision has them and as they are. */
async function findStates({ paths, flags }: Arguments): Promise<readonly [State, State] | string> {
  const rev = flags["base"]?.[0];
  if (rev === undefined) {
    const [base, head, ...others] = paths;
    if (base === undefined || head === undefined || others.length > 0) {
      return "diff compares two states: write `ringfence diff BASE HEAD`, or `ringfence diff --base REV [PATH…]`";
    }
    if (base === "-" && head === "-") {
      return "standard input cannot be both states: give one as a path";
    }
    return both(await findState(base), await findState(head));
  }
  const asked = paths.length === 0 ? ["."] : paths;
  if (asked.includes("-")) return "`-` is in no revision: with --base, name paths of the work tree";
  return both(await stateAt(rev, asked), { kind: "paths", paths: asked });
}

function both(base: State | string, head: State | string): readonly [State, State] | string {
  if (typeof base === "string") return base;
  return typeof head === "string" ? head : [base, head];
}

async function openStates(given: Arguments): Promise<readonly [Session, Session] | string> {
  const states = await findStates(given);
  if (typeof states === "string") return states;
  const settings = await settingsOf(states[0], given);
  if (typeof settings === "string") return settings;
  const base = await openState(states[0], settings);
  if (typeof base === "string") return base;
  const isMoved = given.flags["base"] === undefined;
  const rest = isMoved ? settingsForHead(settings, ...states) : settings;
  const head = await openState(states[1], rest);
  return typeof head === "string" ? head : [base, head];
}

async function expectationsFrom({ flags }: Arguments): Promise<readonly Expectation[] | string> {
  const file = flags["expect"]?.[0];
  if (file === undefined) return [];
  const raw = readYamlFile(file);
  const read = sayProblems({
    ...raw,
    value: raw.problems.length > 0 ? undefined : (raw.value ?? []),
  });
  if (typeof read === "string") return read;
  const items = await checkItems({ ...raw, value: read.value }, expectationSchema);
  if (typeof items === "string") return items;
  const bad = items.filter(({ value }) => value === undefined);
  for (const { line, why } of bad) say(`error: ${file}:${line}: ${why}`);
  if (bad.length > 0) return `\`${file}\` cannot be used: see the errors above`;
  return items.map(({ line, value }) => ({ ...value!, place: `${file}:${line}` }));
}
