import { type IntervalSet, equals, intersect, union } from "../base/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { PerFamily } from "./partition.ts";
import type { ConditionRef } from "./decision.ts";
import type { Cause, Outcome } from "./planes.ts";
import type { Rectangle } from "./reachability-types.ts";
import { mergeConditions, reasonsOf, refsOf } from "./refs.ts";
import type { Result } from "./results.ts";
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
  const answers = new Map<string, readonly Answer[]>();
  const byAnswer = new Map<string, { readonly answer: Answer; readonly sides: Sides[] }>();
  for (const { from, to, results, families } of raw) {
    if (from.length === 0 || to.length === 0) continue;
    const key = `${results[4].id}/${results[6].id}/${families}`;
    let list = answers.get(key);
    if (list === undefined) {
      list = answersOf(results, families);
      answers.set(key, list);
    }
    for (const answer of list) {
      const text = textOf(answer);
      let entry = byAnswer.get(text);
      if (entry === undefined) {
        entry = { answer, sides: [] };
        byAnswer.set(text, entry);
      }
      entry.sides.push({ from, to });
    }
  }
  const out: Rectangle[] = [];
  for (const { answer, sides } of byAnswer.values()) {
    const joined = join(join(sides, "from", "to"), "to", "from");
    const shown = showAnswer(compiled, answer);
    for (const each of joined.flatMap((side) => withoutSelf(side, isSingle))) {
      out.push(shown(each));
    }
  }
  return out.toSorted(compareRectangles);
}

interface Sides {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Joins rectangles that are equal on one side. */
function join(
  list: readonly Sides[],
  equal: "from" | "to",
  joined: "from" | "to",
): readonly Sides[] {
  const groups = Map.groupBy(list, (side) => side[equal].join());
  return [...groups.values()].map((group) => {
    const [first, ...more] = group;
    if (more.length === 0) return first!;
    const all = [...new Set(group.flatMap((side) => side[joined]))].toSorted((a, b) => a - b);
    return { ...first!, [joined]: all };
  });
}

/** Leaves out pairs of a single peer with itself, in few rectangles: those on both sides are halved again and again. */
function withoutSelf(side: Sides, isSingle: (peer: number) => boolean): readonly Sides[] {
  const sources = new Set(side.from);
  const both = side.to.filter((peer) => sources.has(peer) && isSingle(peer));
  if (both.length === 0) return [side];
  const common = new Set(both);
  const from = side.from.filter((peer) => !common.has(peer));
  const to = side.to.filter((peer) => !common.has(peer));
  const out: Sides[] = [
    { from, to: side.to },
    { from: both, to },
  ];
  const halve = (list: readonly number[]): void => {
    if (list.length < 2) return;
    const [left, right] = [list.slice(0, list.length >> 1), list.slice(list.length >> 1)];
    out.push({ from: left, to: right }, { from: right, to: left });
    halve(left);
    halve(right);
  };
  halve(both);
  return out.filter((each) => each.from.length > 0 && each.to.length > 0);
}

/** The answers of one pair: at most allow, allow under conditions and depends, each once or for each family. */
function answersOf(results: PerFamily, families: number): readonly Answer[] {
  const out: Answer[] = [];
  for (const part of ["allow", "conditional", "depends"] as const) {
    const ofFamily = (family: 4 | 6): IntervalSet =>
      intersect(results[family].outcome[part], trafficOf(family));
    const add = (traffic: IntervalSet, from: readonly Result[], family?: 4 | 6): void => {
      if (traffic.length === 0) return;
      const only = families === 1 ? 4 : families === 2 ? 6 : family;
      const universe = only === undefined ? ALL_TRAFFIC : trafficOf(only);
      out.push({ traffic, universe, family, part, from });
    };
    if (families === 1) add(ofFamily(4), [results[4]]);
    else if (families === 2) add(ofFamily(6), [results[6]]);
    else if (isSame(results, part)) add(union(ofFamily(4), ofFamily(6)), [results[4], results[6]]);
    else {
      add(ofFamily(4), [results[4]], 4);
      add(ofFamily(6), [results[6]], 6);
    }
  }
  return out;
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
  const said = `${part}|${traffic.join()}|${universe.length}/${universe[1]}|${family ?? ""}`;
  if (part === "allow") return said;
  const causes =
    part === "depends"
      ? from.flatMap(({ doubts }) =>
          doubts.map(({ code, refs }) => `${code}:${refs.map(causeText).join("+")}`),
        )
      : from.flatMap(({ conditions }) =>
          conditions.map(({ text, ref }) => `${text}:${causeText(ref)}`),
        );
  return `${said}|${[...new Set(causes)].toSorted().join()}`;
}

function causeText(cause: Cause): string {
  return cause.kind === "rule" ? `${cause.rule}` : `p${cause.policy}`;
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

function compareLists(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
