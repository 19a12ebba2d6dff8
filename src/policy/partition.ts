import type { Family } from "../base/index.ts";
import type { ClassSet } from "./class-set.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { Group } from "./groups.ts";
import { judgePoint } from "./judge.ts";
import { createPeerSets } from "./peer-sets.ts";
import type { Result, Results } from "./results.ts";
import { ALL_TRAFFIC } from "./traffic.ts";

/** The results of each family. */
export type PerFamily = Readonly<Record<Family, Result>>;

/** How one group's program treats the pods at the other end: cells of classes that its rules cannot tell apart. */
export interface Partition {
  /** Groups of the other point that may have a class in a cell which lets something pass. */
  readonly partners: () => Iterable<number>;
  /** Whether a group of the other point may have such a class; a quick look that errs on the side of yes. */
  readonly mayMeet: (partner: number) => boolean;
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
export interface Partitions {
  readonly of: (group: Group) => Partition;
  /** Cells judged so far. */
  readonly cells: () => number;
}

/** Partitions over the pods of the compiled policies. Sets are cut by groups of the other point once, whatever number of groups use them; classes are looked at only where two groups meet. */
export function createPartitions(compiled: CompiledPolicies, results: Results): Partitions {
  const setsOf = createPeerSets(compiled);
  const axes = {
    "workload-egress": createAxis(compiled, "workload-ingress"),
    "workload-ingress": createAxis(compiled, "workload-egress"),
  };
  const known = new Map<number, Partition>();
  let cells = 0;
  const of = (group: Group): Partition => {
    let partition = known.get(group.number);
    if (partition === undefined) {
      const axis = axes[group.point === "workload-egress" ? "workload-egress" : "workload-ingress"];
      partition = build(setsOf(group).map(axis.cut), axis, (number) => {
        cells++;
        return judgeClass(compiled, results, group, number);
      });
      known.set(group.number, partition);
    }
    return partition;
  };
  return { of, cells: () => cells };
}

/** A set of classes, cut by the groups of the other point. */
interface CutSet {
  readonly set: ClassSet;
  readonly byPartner: ReadonlyMap<number, readonly number[]>;
}

/** The groups of the other point with their classes that some pod is in. */
interface Axis {
  readonly groups: ReadonlyMap<number, readonly number[]>;
  readonly classes: readonly number[];
  readonly cut: (set: ClassSet) => CutSet;
}

function createAxis(
  { groupOf, classes, realClasses }: CompiledPolicies,
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
    classes: pods,
    cut: (set) => {
      let found = known.get(set.id);
      if (found === undefined) {
        found = { set, byPartner: byPartner(set.members) };
        known.set(set.id, found);
      }
      return found;
    },
  };
}

function build(
  sets: readonly CutSet[],
  axis: Axis,
  judge: (number: number) => PerFamily,
): Partition {
  const known = new Map<string, PerFamily>();
  const resultsOf = (key: string, number: number): PerFamily => {
    let results = known.get(key);
    if (results === undefined) {
      results = judge(number);
      known.set(key, results);
    }
    return results;
  };
  const plain = axis.classes.find((number) => sets.every(({ set }) => !set.has(number)));
  const isOpen = plain !== undefined && !isClosed(resultsOf("", plain));
  const mayMeet = (partner: number): boolean =>
    isOpen || sets.some(({ byPartner }) => byPartner.has(partner));
  return {
    mayMeet,
    partners: () =>
      isOpen ? axis.groups.keys() : new Set(sets.flatMap(({ byPartner }) => [...byPartner.keys()])),
    within: (partner) => {
      const lists = cellsWithin(sets, partner);
      const cells: Cell[] = [];
      for (const [key, classes] of lists) {
        const results = resultsOf(key, classes[0]!);
        if (!isClosed(results)) cells.push({ classes, results });
      }
      if (!isOpen) return cells;
      const touched = new Set([...lists.values()].flat());
      const rest = (axis.groups.get(partner) ?? []).filter((number) => !touched.has(number));
      if (rest.length > 0) cells.push({ classes: rest, results: resultsOf("", plain) });
      return cells;
    },
    cellOf: (number) => sets.map(({ set }) => (set.has(number) ? "1" : "0")).join(""),
  };
}

/** The classes of a partner that are in some of the sets, by which sets those are. */
function cellsWithin(
  sets: readonly CutSet[],
  partner: number,
): ReadonlyMap<string, readonly number[]> {
  const keys = new Map<number, string>();
  for (const { set, byPartner } of sets) {
    for (const number of byPartner.get(partner) ?? []) {
      keys.set(number, `${keys.get(number) ?? ""},${set.id}`);
    }
  }
  const lists = new Map<string, number[]>();
  for (const [number, key] of keys) {
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [number]);
    else list.push(number);
  }
  return lists;
}

/** The results of a group's program for a class of pods at the other end. */
export function judgeClass(
  compiled: CompiledPolicies,
  results: Results,
  group: Group,
  number: number,
): PerFamily {
  const column = { kind: "class", number, asPod: true, own: false } as const;
  const point = { kind: group.point, guarded: group.classes[0]!, group: group.number, column };
  const judge = (family: Family): Result =>
    results.ofPlanes(judgePoint(compiled, point, { family, facts: [], traffic: ALL_TRAFFIC }));
  const first = judge(4);
  return { 4: first, 6: usesAddresses(compiled, group) ? judge(6) : first };
}

function usesAddresses({ rules }: CompiledPolicies, group: Group): boolean {
  return group.rules.some((number) =>
    rules[number]!.peers.some(({ kind }) => kind === "addresses"),
  );
}

/** Whether nothing passes in either family. */
export function isClosed(results: PerFamily): boolean {
  return possible(results[4]) === 0 && possible(results[6]) === 0;
}

function possible({ outcome: { allow, conditional, depends } }: Result): number {
  return allow.length + conditional.length + depends.length;
}
