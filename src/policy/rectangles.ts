import { type IntervalSet, equals, intersect, union } from "../base/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { PerFamily } from "./partition.ts";
import type { Outcome } from "./planes.ts";
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

type Answer = Omit<Rectangle, "from" | "to">;

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
      list = answersOf(compiled, results, families);
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
    for (const each of joined.flatMap((side) => withoutSelf(side, isSingle))) {
      out.push({ ...answer, ...each });
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
function answersOf(
  compiled: CompiledPolicies,
  results: PerFamily,
  families: number,
): readonly Answer[] {
  const out: Answer[] = [];
  for (const part of ["allow", "conditional", "depends"] as const) {
    const ofFamily = (family: 4 | 6): IntervalSet =>
      intersect(results[family].outcome[part], trafficOf(family));
    const add = (traffic: IntervalSet, from: readonly Result[], family?: 4 | 6): void => {
      if (traffic.length === 0) return;
      const only = families === 1 ? 4 : families === 2 ? 6 : family;
      out.push({
        ...reasonsFor(compiled, part, from),
        traffic,
        universe: only === undefined ? ALL_TRAFFIC : trafficOf(only),
        family,
      });
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

function reasonsFor(
  compiled: CompiledPolicies,
  part: keyof Outcome,
  results: readonly Result[],
): Pick<Answer, "verdict" | "conditions" | "reasons"> {
  if (part === "depends") {
    const reasons = reasonsOf(
      compiled,
      results.flatMap(({ doubts }) => doubts),
    );
    return { verdict: "depends", conditions: [], reasons };
  }
  const found = part === "conditional" ? results.flatMap(({ conditions }) => conditions) : [];
  const conditions = mergeConditions(
    found.map(({ text, ref }) => ({ text, refs: refsOf(compiled, [ref]) })),
  );
  return { verdict: "allow", conditions, reasons: [] };
}

function textOf({ verdict, traffic, universe, family, conditions, reasons }: Answer): string {
  const why = conditions.length + reasons.length === 0 ? "" : JSON.stringify([conditions, reasons]);
  return `${verdict}|${traffic.join()}|${universe.length}/${universe[1]}|${family ?? ""}|${why}`;
}

function compareRectangles(a: Rectangle, b: Rectangle): number {
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
