import {
  type DiffResult,
  type Expectation,
  type Session,
  type Settings,
  diffSessions,
  openSession,
  readExpectations,
} from "../../app/index.ts";
import { readCluster, readDocument } from "../../files/index.ts";
import { writeDiffJson, writeDiffMarkdown, writeDiffText } from "../../report/index.ts";
import type { Arguments } from "../command-table.ts";
import { openAtRevision, openState } from "../open-state.ts";
import {
  EXIT,
  createOutput,
  exitCodeOf,
  refuse,
  say,
  sayDiagnostics,
  settingsFrom,
  styleFor,
} from "../terminal.ts";

/** `ringfence diff`. */
export async function run(given: Arguments): Promise<number> {
  const settings = settingsFrom(given);
  if (typeof settings === "string") return refuse(settings);
  const expected = expectationsFrom(given);
  if (typeof expected === "string") return refuse(expected);
  const states = await openStates(given, settings);
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
async function openStates(
  { paths, flags }: Arguments,
  settings: Settings,
): Promise<readonly [Session, Session] | string> {
  const rev = flags["base"]?.[0];
  if (rev === undefined) {
    const [base, head, ...others] = paths;
    if (base === undefined || head === undefined || others.length > 0) {
      return "diff compares two states: write `ringfence diff BASE HEAD`, or `ringfence diff --base REV [PATH…]`";
    }
    if (base === "-" && head === "-")
      return "standard input cannot be both states: give one as a path";
    const first = await openState(base, settings);
    return typeof first === "string" ? first : both(first, await openState(head, settings));
  }
  const asked = paths.length === 0 ? ["."] : paths;
  if (asked.includes("-")) return "`-` is in no revision: with --base, name paths of the work tree";
  const first = await openAtRevision(rev, asked, settings);
  if (typeof first === "string") return first;
  return both(first, await openSession(readCluster, asked, settings));
}

function both(base: Session, head: Session | string): readonly [Session, Session] | string {
  return typeof head === "string" ? head : [base, head];
}

function expectationsFrom({ flags }: Arguments): readonly Expectation[] | string {
  const file = flags["expect"]?.[0];
  if (file === undefined) return [];
  const document = readDocument(file);
  if (typeof document === "string") return document;
  const { expectations, problems } = readExpectations(file, document);
  for (const problem of problems) say(`error: ${problem}`);
  return problems.length === 0 ? expectations : `\`${file}\` cannot be used: see the errors above`;
}
