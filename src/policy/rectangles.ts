import { type IntervalSet, equals, intersect, once, union } from "../base/index.ts";
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
interface Answer extends Said {
  readonly family: 4 | 6 | undefined;
  readonly from: readonly Result[];
}

/** One part of an outcome: many results have one outcome, so it is worked out once. */
interface Said {
  readonly traffic: IntervalSet;
  readonly universe: IntervalSet;
  readonly part: keyof Outcome;
  /** Equal where all of these are. */
  readonly text: string;
}

/** Turns results into answers and joins rectangles that differ on one side only. `isSingle`: a peer that is never both ends. Sorted; the same input gives the same list. */
export function joinRectangles(
  compiled: CompiledPolicies,
  raw: Iterable<RawRectangle>,
  isSingle: (peer: number) => boolean,
): readonly Rectangle[] {
  const answersOf = createAnswers();
  const byAnswer = new Map<string, AnswerSides>();
  for (const { from, to, results, families } of raw) {
    if (from.length === 0 || to.length === 0) continue;
    for (const answer of answersOf(results, families)) {
      const text = textOf(answer);
      const entry = byAnswer.get(text);
      if (entry === undefined) byAnswer.set(text, { answer, sides: [{ from, to }] });
      else entry.sides.push({ from, to });
    }
  }
  const out: Rectangle[] = [];
  const joinSides = createJoin();
  for (const { answer, sides } of byAnswer.values()) {
    const joined = joinSides(sides);
    const shown = showAnswer(compiled, answer);
    for (const side of joined) {
      for (const each of withoutSelf(side, isSingle)) out.push(shown(each));
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
      found = PARTS.flatMap((part) => say(outcome[part], part, universe));
      known[families].set(outcome, found);
    }
    return found;
  };
  return (results, families) => {
    const [a, b] = [results[4], results[6]];
    if (families === 3 && a !== b) return PARTS.flatMap((part) => ofFamilies(results, part));
    const from = [families === 2 ? b : a];
    return sayAll(from[0]!.outcome, families as 1 | 2 | 3).map(
      ({ traffic, universe, part, text }): Answer => ({
        traffic,
        universe,
        part,
        text,
        family: undefined,
        from,
      }),
    );
  };
}

const PARTS = ["allow", "conditional", "depends"] as const;

function say(possible: IntervalSet, part: keyof Outcome, universe: IntervalSet): readonly Said[] {
  const traffic = intersect(possible, universe);
  if (traffic.length === 0) return [];
  const text = `${part}|${traffic.join()}|${universe.length}/${universe[1]}`;
  return [{ traffic, universe, part, text }];
}

function ofFamilies(results: PerFamily, part: keyof Outcome): readonly Answer[] {
  const [a, b] = [results[4].outcome[part], results[6].outcome[part]];
  if (!isSame(results, part)) {
    return [
      ...say(a, part, trafficOf(4)).map((said): Answer => ofFamily(said, 4, results[4])),
      ...say(b, part, trafficOf(6)).map((said): Answer => ofFamily(said, 6, results[6])),
    ];
  }
  const both = union(intersect(a, trafficOf(4)), intersect(b, trafficOf(6)));
  const from = [results[4], results[6]];
  return say(both, part, ALL_TRAFFIC).map((said) => ({ ...said, family: undefined, from }));
}

function ofFamily(said: Said, family: 4 | 6, from: Result): Answer {
  return { ...said, text: `${said.text}|${family}`, family, from: [from] };
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

function conditionsOf(
  compiled: CompiledPolicies,
  results: readonly Result[],
): readonly ConditionRef[] {
  const found = results.flatMap(({ conditions }) => conditions);
  return mergeConditions(found.map(({ text, ref }) => ({ text, refs: refsOf(compiled, [ref]) })));
}

/** A text that is the same for answers that say the same for the same reasons. */
function textOf({ text, part, from }: Answer): string {
  if (part === "allow") return text;
  const causes: string[] = [];
  for (const { doubts, conditions } of from) {
    if (part === "depends") {
      for (const { code, refs } of doubts) causes.push(`${code}:${refsText(refs)}`);
    } else for (const { text: said, ref } of conditions) causes.push(`${said}:${refsText([ref])}`);
  }
  if (causes.length === 1) return `${text}|${causes[0]}`;
  return `${text}|${[...new Set(causes)].toSorted().join()}`;
}

function refsText(refs: readonly Cause[]): string {
  let text = "";
  for (const cause of refs) {
    text += cause.kind === "rule" ? `+${cause.rule}` : `+p${cause.policy}`;
  }
  return text;
}

/** The order of rectangles in an answer: by sources, destinations, traffic and family. */
export function compareRectangles(a: Rectangle, b: Rectangle): number {
  return (
    compareLists(a.from, b.from) ||
    compareLists(a.to, b.to) ||
    compareLists(a.traffic, b.traffic) ||
    (a.family ?? 0) - (b.family ?? 0)
  );
}
