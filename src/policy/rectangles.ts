import { EMPTY, type IntervalSet, equals, intersect, union } from "../base/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { PerFamily } from "./partition.ts";
import type { ConditionRef } from "./decision.ts";
import type { Cause, Outcome } from "./planes.ts";
import type { Rectangle } from "./reachability-types.ts";
import { mergeConditions, reasonsOf, refsOf } from "./refs.ts";
import type { Result } from "./results.ts";
import { type Sides, compareLists, createJoin, withoutSelf } from "./sides.ts";
import { ALL_TRAFFIC, trafficOf } from "./traffic.ts";

/** Peers with one result, before equal ones are joined. `families` is what both ends have: 1 IPv4, 2 IPv6, 3 both. */
export interface RawRectangle {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly results: PerFamily;
  readonly families: number;
}

/** What a rectangle says. Its reasons and conditions are looked up when somebody reads them: most are only joined. */
interface Answer {
  readonly traffic: IntervalSet;
  readonly universe: IntervalSet;
  readonly family: 4 | 6 | undefined;
  readonly part: keyof Outcome;
  readonly from: readonly Result[];
}

/** Turns results into answers and joins rectangles that differ on one side only. `isSingle`: a peer that is never both ends. Sorted; the same input gives the same list. */
export function joinRectangles(
  compiled: CompiledPolicies,
  raw: Iterable<RawRectangle>,
  isSingle: (peer: number) => boolean,
): readonly Rectangle[] {
  const answersOf = createAnswers();
  const byResults = new Map<string, readonly AnswerSides[]>();
  const byAnswer = new Map<string, AnswerSides>();
  const entryOf = (answer: Answer): AnswerSides => {
    const text = textOf(answer);
    let entry = byAnswer.get(text);
    if (entry === undefined) {
      entry = { answer, sides: [] };
      byAnswer.set(text, entry);
    }
    return entry;
  };
  for (const { from, to, results, families } of raw) {
    if (from.length === 0 || to.length === 0) continue;
    const key = `${results[4].id}/${results[6].id}/${families}`;
    let entries = byResults.get(key);
    if (entries === undefined) {
      entries = answersOf(results, families).map(entryOf);
      byResults.set(key, entries);
    }
    for (const { sides } of entries) sides.push({ from, to });
  }
  const out: Rectangle[] = [];
  const joinSides = createJoin();
  for (const { answer, sides } of byAnswer.values()) {
    const joined = joinSides(sides);
    const shown = showAnswer(compiled, answer);
    for (const each of joined.flatMap((side) => withoutSelf(side, isSingle))) {
      out.push(shown(each));
    }
  }
  return out.toSorted(compareRectangles);
}

/** Everything with one answer. */
interface AnswerSides {
  readonly answer: Answer;
  readonly sides: Sides[];
}

/** Gives the answers of one pair: at most allow, allow under conditions and depends, each once or for each family. */
function createAnswers(): (results: PerFamily, families: number) => readonly Answer[] {
  const known: Readonly<Record<1 | 2 | 3, Map<Outcome, readonly Said[]>>> = {
    1: new Map(),
    2: new Map(),
    3: new Map(),
  };
  const sayAll = (outcome: Outcome, families: 1 | 2 | 3): readonly Said[] => {
    let found = known[families].get(outcome);
    if (found === undefined) {
      const universe = families === 3 ? ALL_TRAFFIC : trafficOf(families === 1 ? 4 : 6);
      found = PARTS.flatMap((part) => say(outcome, part, universe));
      known[families].set(outcome, found);
    }
    return found;
  };
  return (results, families) => {
    const [a, b] = [results[4], results[6]];
    if (families !== 3 || a === b) {
      const from = families === 2 ? b : a;
      const all = sayAll(from.outcome, families as 1 | 2 | 3);
      return all.map((said) => ({ ...said, family: undefined, from: [from] }));
    }
    return PARTS.flatMap((part) => answersOfFamilies(results, part));
  };
}

const PARTS = ["allow", "conditional", "depends"] as const;

/** One part of an outcome: many results have one outcome, so it is worked out once. */
type Said = Omit<Answer, "from" | "family">;

function say(outcome: Outcome, part: keyof Outcome, universe: IntervalSet): readonly Said[] {
  const traffic = intersect(outcome[part], universe);
  return traffic.length === 0 ? [] : [{ traffic, universe, part }];
}

function answersOfFamilies(results: PerFamily, part: keyof Outcome): readonly Answer[] {
  const four = say(results[4].outcome, part, trafficOf(4));
  const six = say(results[6].outcome, part, trafficOf(6));
  if (!isSame(results, part)) {
    return [
      ...four.map((said): Answer => ({ ...said, family: 4, from: [results[4]] })),
      ...six.map((said): Answer => ({ ...said, family: 6, from: [results[6]] })),
    ];
  }
  const traffic = union(four[0]?.traffic ?? EMPTY, six[0]?.traffic ?? EMPTY);
  if (traffic.length === 0) return [];
  const from = [results[4], results[6]];
  return [{ traffic, universe: ALL_TRAFFIC, family: undefined, part, from }];
}

const SHARED = intersect(trafficOf(4), trafficOf(6));

/** Whether both families say the same of all traffic that exists in both, for the same reasons. */
function isSame(results: PerFamily, part: keyof Outcome): boolean {
  const [a, b] = [results[4], results[6]];
  if (a === b) return true;
  if (!equals(intersect(a.outcome[part], SHARED), intersect(b.outcome[part], SHARED))) return false;
  return part !== "depends" || codesOf(a) === codesOf(b);
}

function codesOf({ doubts }: Result): string {
  return doubts.map(({ code }) => code).join();
}

/** Makes rectangles of an answer; what all of them share is looked up once. */
function showAnswer(
  compiled: CompiledPolicies,
  { traffic, universe, family, part, from: results }: Answer,
): (sides: Sides) => Rectangle {
  const verdict = part === "depends" ? "depends" : "allow";
  const reasons = once(() =>
    part === "depends"
      ? reasonsOf(
          compiled,
          results.flatMap(({ doubts }) => doubts),
        )
      : [],
  );
  const conditions = once(() => (part === "conditional" ? conditionsOf(compiled, results) : []));
  return ({ from, to }) => ({
    from,
    to,
    traffic,
    universe,
    family,
    verdict,
    get conditions() {
      return conditions();
    },
    get reasons() {
      return reasons();
    },
  });
}

function once<T>(make: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= make());
}

function conditionsOf(
  compiled: CompiledPolicies,
  results: readonly Result[],
): readonly ConditionRef[] {
  const found = results.flatMap(({ conditions }) => conditions);
  return mergeConditions(found.map(({ text, ref }) => ({ text, refs: refsOf(compiled, [ref]) })));
}

/** A text that is the same for answers that say the same for the same reasons. */
function textOf({ traffic, universe, family, part, from }: Answer): string {
  const ends = universe === trafficOf(4) ? "v4" : universe === trafficOf(6) ? "v6" : "both";
  const said = `${part}|${traffic.join()}|${ends}|${family ?? ""}`;
  if (part === "allow") return said;
  const causes =
    part === "depends"
      ? from.flatMap(({ doubts }) =>
          doubts.map(({ code, refs }) => `${code}:${refs.map(causeText).join("+")}`),
        )
      : from.flatMap(({ conditions }) =>
          conditions.map(({ text, ref }) => `${text}:${causeText(ref)}`),
        );
  return `${said}|${(causes.length > 1 ? [...new Set(causes)].toSorted() : causes).join()}`;
}

function causeText(cause: Cause): string {
  return cause.kind === "rule" ? `${cause.rule}` : `p${cause.policy}`;
}

function compareRectangles(a: Rectangle, b: Rectangle): number {
  return (
    compareLists(a.from, b.from) ||
    compareLists(a.to, b.to) ||
    compareLists(a.traffic, b.traffic) ||
    (a.family ?? 0) - (b.family ?? 0)
  );
}
