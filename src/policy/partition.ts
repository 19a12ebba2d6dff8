import type { Family } from "../base/index.ts";
import { type ClassSet, finder } from "./class-set.ts";
import type { CompiledPolicies } from "./compile.ts";
import { BESIDE, type GroupJudge, tellsFamilies } from "./group-judge.ts";
import type { Group } from "./groups.ts";
import { createPeerSets } from "./peer-sets.ts";
import type { ReachWork } from "./reachability-types.ts";
import type { Result } from "./results.ts";

/** The results of each family. */
export type PerFamily = Readonly<Record<Family, Result>>;

/** How one group's program treats the pods at the other end: cells of classes that its rules cannot tell apart. */
export interface Partition {
  /** Groups of the other point that may have a class in a cell which lets something pass. */
  readonly partners: () => Iterable<number>;
  /** The classes of one group of the other point, by cell; cells that let nothing pass are left out. */
  readonly within: (partner: number) => readonly Cell[];
  /** Equal for classes of pods in the same cell. */
  readonly cellOf: (number: number) => string;
}

/** Classes of pods with the same results. */
export interface Cell {
  readonly classes: readonly number[];
  readonly results: PerFamily;
}

/** Makes the partition of a group when it is first asked for. */
export type Partitions = (group: Group) => Partition;

/** Partitions over the pods of the compiled policies. Sets are cut by groups of the other point once, whatever number of groups use them; classes are looked at only where two groups meet. `work` counts. */
export function createPartitions(
  compiled: CompiledPolicies,
  judge: GroupJudge,
  work: ReachWork,
): Partitions {
  const setsOf = createPeerSets(compiled);
  const axes = {
    "workload-egress": createAxis(compiled, "workload-ingress"),
    "workload-ingress": createAxis(compiled, "workload-egress"),
  };
  const known = new Map<number, Partition>();
  return (group) => {
    let partition = known.get(group.number);
    if (partition === undefined) {
      const axis = axes[group.point === "workload-egress" ? "workload-egress" : "workload-ingress"];
      const ask = (number: number, mayMatch?: number): PerFamily => {
        work.cellsJudged++;
        return judgeClass(judge, group, number, mayMatch);
      };
      partition = build(setsOf(group).map(axis.cut), axis, ask, work);
      known.set(group.number, partition);
    }
    return partition;
  };
}

/** A set of classes, cut by the groups of the other point. */
interface CutSet {
  readonly set: ClassSet;
  readonly byPartner: ReadonlyMap<number, readonly number[]>;
  /** Whether a group of the other point has a class in it; asked for every pair of groups that may meet. */
  readonly touches: (partner: number) => boolean;
}

/** The groups of the other point with their classes that some pod is in. */
interface Axis {
  readonly groups: ReadonlyMap<number, readonly number[]>;
  /** A class that is in none of the sets. */
  readonly beside: (sets: readonly CutSet[]) => number | undefined;
  readonly cut: (set: ClassSet) => CutSet;
}

function createAxis(
  { groupOf, groups, classes, realClasses }: CompiledPolicies,
  point: "workload-egress" | "workload-ingress",
): Axis {
  const partners = groupOf[point];
  const pods = classes.classes
    .filter(({ type, number }) => type === "pod" && realClasses.has(number))
    .map(({ number }) => number);
  const known = new Map<number, CutSet>();
  const byPartner = (list: Iterable<number>): Map<number, number[]> => {
    const map = new Map<number, number[]>();
    for (const number of list) {
      const partner = partners[number]!;
      if (partner < 0 || classes.classes[number]!.type !== "pod") continue;
      if (!realClasses.has(number)) continue;
      const found = map.get(partner);
      if (found === undefined) map.set(partner, [number]);
      else found.push(number);
    }
    return map;
  };
  return {
    groups: byPartner(pods),
    beside: findBeside(pods),
    cut: (set) => {
      let found = known.get(set.id);
      if (found === undefined) {
        const map = byPartner(set.members);
        const touches = finder(Int32Array.from(map.keys()).toSorted(), groups.length);
        found = { set, byPartner: map, touches };
        known.set(set.id, found);
      }
      return found;
    },
  };
}

/** Finds a class that is in none of some sets; the one that was found last is tried first, as it mostly serves again. */
function findBeside(pods: readonly number[]): Axis["beside"] {
  let last = pods[0];
  return (sets) => {
    if (sets.some(({ set }) => set.members.length >= pods.length && pods.every(set.has))) {
      return undefined;
    }
    const isBeside = (number: number): boolean => sets.every(({ set }) => !set.has(number));
    if (last === undefined || !isBeside(last)) last = pods.find(isBeside) ?? last;
    return last !== undefined && isBeside(last) ? last : undefined;
  };
}

function build(
  sets: readonly CutSet[],
  axis: Axis,
  judge: (number: number, mayMatch?: number) => PerFamily,
  work: ReachWork,
): Partition {
  const meet = createMeeting(sets, judge, work);
  const plain = axis.beside(sets);
  const rest = plain === undefined ? undefined : judge(plain, BESIDE);
  const open = rest === undefined || isClosed(rest) ? undefined : rest;
  return {
    partners: () => (open === undefined ? partnersOf(sets) : axis.groups.keys()),
    within: (partner) => {
      work.groupMeetings++;
      const { cells, touched } = meet(partner);
      if (open === undefined) return cells;
      work.cellsVisited++;
      const all = axis.groups.get(partner) ?? [];
      const met = new Set(touched.flat());
      const others = met.size === 0 ? all : all.filter((number) => !met.has(number));
      return others.length === 0 ? cells : [...cells, { classes: others, results: open }];
    },
    cellOf: (number) => sets.map(({ set }) => (set.has(number) ? "1" : "0")).join(""),
  };
}

/** The classes of a partner that are in some of a group's sets. */
interface Meeting {
  /** Cells that let something pass. */
  readonly cells: readonly Cell[];
  /** All of these classes, in lists. */
  readonly touched: readonly (readonly number[])[];
}

const NOBODY: Meeting = { cells: [], touched: [] };

/** Meets a group's sets with its partners; what a combination of sets gets is judged once. Most partners meet one set only. */
function createMeeting(
  sets: readonly CutSet[],
  judge: (number: number) => PerFamily,
  work: ReachWork,
): (partner: number) => Meeting {
  const known = new Map<string, PerFamily>();
  return (partner) => {
    let first: CutSet | undefined;
    let more: CutSet[] | undefined;
    for (const cut of sets) {
      if (!cut.touches(partner)) continue;
      if (first === undefined) first = cut;
      else (more ??= [first]).push(cut);
    }
    if (first === undefined) return NOBODY;
    const lists = cellsWithin(more ?? [first], partner);
    work.cellsVisited += lists.length;
    const cells: Cell[] = [];
    for (const [key, classes] of lists) {
      const results = known.get(key) ?? judge(classes[0]!);
      known.set(key, results);
      if (!isClosed(results)) cells.push({ classes, results });
    }
    return { cells, touched: lists.map(([, classes]) => classes) };
  };
}

function partnersOf(sets: readonly CutSet[]): Iterable<number> {
  if (sets.length === 1) return sets[0]!.byPartner.keys();
  const partners = new Set<number>();
  for (const { byPartner } of sets) for (const partner of byPartner.keys()) partners.add(partner);
  return partners;
}

/** The classes of a partner that are in some of the sets that touch it, by which those are. A list that is of one set only is that set's own. */
function cellsWithin(
  touching: readonly CutSet[],
  partner: number,
): readonly (readonly [string, readonly number[]])[] {
  const [only, ...more] = touching;
  if (only === undefined) return [];
  if (more.length === 0) return [[`,${only.set.id}`, only.byPartner.get(partner)!]];
  const keys = new Map<number, string>();
  for (const { set, byPartner } of touching) {
    for (const number of byPartner.get(partner)!) {
      keys.set(number, `${keys.get(number) ?? ""},${set.id}`);
    }
  }
  const lists = new Map<string, number[]>();
  for (const [number, key] of keys) {
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [number]);
    else list.push(number);
  }
  return [...lists];
}

/** The results of a group's program for a class of pods at the other end; `mayMatch` as for the judge. */
export function judgeClass(
  judge: GroupJudge,
  group: Group,
  number: number,
  mayMatch?: number,
): PerFamily {
  const column = { kind: "class", number, asPod: true, own: false } as const;
  const point = { kind: group.point, guarded: group.classes[0]!, group: group.number, column };
  const first = judge(point, 4, mayMatch);
  return { 4: first, 6: tellsFamilies(group) ? judge(point, 6, mayMatch) : first };
}

/** Whether nothing passes in either family. */
export function isClosed(results: PerFamily): boolean {
  return possible(results[4]) === 0 && possible(results[6]) === 0;
}

function possible({ outcome: { allow, conditional, depends } }: Result): number {
  return allow.length + conditional.length + depends.length;
}
