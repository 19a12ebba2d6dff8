import { isRaw } from "../model/index.ts";
import { type Fact, type Question, answerQuestion, parseFact } from "../policy/index.ts";
import { placeDecision, unknownEnd } from "./explain-connection.ts";
import type { Session } from "./session.ts";

/** What a batch remembers from line to line. */
export interface BatchState {
  readonly session: Session | undefined;
  /** A cluster that was loaded is incomplete. */
  readonly incomplete: boolean;
  /** A line could not be answered. */
  readonly failed: boolean;
}

/** Opens another cluster; gives a sentence if that is not possible. */
export type Load = (paths: readonly string[]) => Promise<Session | string>;

/** Answers one line of a batch; `why` adds what decided. Gives the line to print and the state for the next one. */
export async function answerLine(
  line: string,
  state: BatchState,
  { load, why }: { readonly load: Load; readonly why: boolean },
): Promise<{ readonly output: Readonly<Record<string, unknown>>; readonly state: BatchState }> {
  let asked: unknown;
  try {
    asked = JSON.parse(line);
  } catch {
    return fail(state, undefined, "this line is no JSON: write one object a line");
  }
  if (!isRaw(asked))
    return fail(state, undefined, "a question is an object with from, to and port");
  if ("load" in asked) return loadLine(asked["load"], state, load);
  const { id } = asked;
  const question = readQuestion(asked);
  if (typeof question === "string") return fail(state, id, question);
  if (state.session === undefined) {
    return fail(state, id, 'nothing is loaded: give a path, or a line {"load": ["PATH"]} first');
  }
  const answer = answerQuestion(state.session.compiled, question);
  if (typeof answer === "string") {
    return fail(state, id, unknownEnd(state.session, question) ?? answer);
  }
  const placed = why ? placeDecision(state.session, answer) : {};
  return { output: { id, verdict: answer.verdict, ...placed }, state };
}

function fail(
  state: BatchState,
  id: unknown,
  error: string,
): { readonly output: Readonly<Record<string, unknown>>; readonly state: BatchState } {
  return { output: { id: id ?? null, error }, state: { ...state, failed: true } };
}

async function loadLine(
  paths: unknown,
  state: BatchState,
  load: Load,
): Promise<{ readonly output: Readonly<Record<string, unknown>>; readonly state: BatchState }> {
  // What was loaded before must not answer for what could not be loaded.
  const empty = { ...state, session: undefined };
  const isPaths = Array.isArray(paths) && paths.every((path) => typeof path === "string");
  if (!isPaths || paths.length === 0) return fail(empty, undefined, "`load` needs a list of paths");
  const session = await load(paths);
  if (typeof session === "string") return fail(empty, undefined, session);
  const { incomplete, objects } = session.compiled.cluster;
  return {
    output: { loaded: objects, incomplete },
    state: { ...state, session, incomplete: state.incomplete || incomplete },
  };
}

function readQuestion(asked: Readonly<Record<string, unknown>>): Question | string {
  const { from, to, port, family, given } = asked;
  if (typeof from !== "string" || typeof to !== "string" || typeof port !== "string") {
    return "a question needs `from`, `to` and `port`, each a string";
  }
  if (family !== undefined && family !== 4 && family !== 6) return "`family` is 4 or 6";
  const facts = readFacts(given ?? []);
  if (typeof facts === "string") return facts;
  return { from, to, port, family, facts };
}

/** Reads facts; gives a sentence about the first that cannot be read. */
export function readFacts(given: unknown): readonly Fact[] | string {
  if (!Array.isArray(given) || !given.every((each) => typeof each === "string")) {
    return "`given` is a list of facts, each a string";
  }
  const facts: Fact[] = [];
  for (const text of given) {
    const fact = parseFact(text);
    if (typeof fact === "string") return fact;
    facts.push(fact);
  }
  return facts;
}
