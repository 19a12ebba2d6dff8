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
  /** Groups of the other point that have a class in a cell which lets anything pass. */
  readonly partners: () => ReadonlySet<number>;
  /** The classes that are in one group of the other point, by cell; cells that let nothing pass are left out. */
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

/** Partitions over the pods of the compiled policies. Large sets are shared by all groups that use them; each group itself costs what its small sets hold. */
export function createPartitions(compiled: CompiledPolicies, results: Results): Partitions {
  const setsOf = createPeerSets(compiled);
  const backgrounds = new Map<string, Background>();
  const known = new Map<number, Partition>();
  const limit = compiled.classes.classes.length / 8;
  let cells = 0;
  const of = (group: Group): Partition => {
    let partition = known.get(group.number);
    if (partition !== undefined) return partition;
    const sets = setsOf(group);
    const large = sets.filter(({ members }) => members.length > limit);
    const isEgress = group.point === "workload-egress";
    const partners = compiled.groupOf[isEgress ? "workload-ingress" : "workload-egress"];
    const key = `${isEgress}|${large.map(({ id }) => id).join()}`;
    let background = backgrounds.get(key);
    if (background === undefined) {
      background = buildBackground(compiled, large, partners);
      backgrounds.set(key, background);
    }
    const foreground = buildForeground(
      sets.filter(({ members }) => members.length <= limit),
      background,
      partners,
    );
    partition = build(background, foreground, (number) => {
      cells++;
      return judgeClass(compiled, results, group, number);
    });
    known.set(group.number, partition);
    return partition;
  };
  return { of, cells: () => cells };
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

/** All classes of pods, cut by large sets only, by group of the other point. */
interface Background {
  readonly cellOf: Int32Array;
  /** Cell, then partner, then classes. */
  readonly cells: readonly ReadonlyMap<number, readonly number[]>[];
}

function buildBackground(
  { classes }: CompiledPolicies,
  sets: readonly ClassSet[],
  partners: Int32Array,
): Background {
  const cellOf = new Int32Array(classes.classes.length).fill(-1);
  const numbers = new Map<string, number>();
  const cells: Map<number, number[]>[] = [];
  for (const { number, type } of classes.classes) {
    if (type !== "pod") continue;
    let key = "";
    for (const set of sets) key += set.has(number) ? "1" : "0";
    let cell = numbers.get(key);
    if (cell === undefined) {
      cell = cells.push(new Map()) - 1;
      numbers.set(key, cell);
    }
    cellOf[number] = cell;
    push(cells[cell]!, partners[number]!, number);
  }
  return { cellOf, cells };
}

/** The classes in small sets, by partner and by what they are in. */
interface Foreground {
  readonly keys: ReadonlyMap<number, string>;
  readonly touched: ReadonlySet<number>;
  readonly byPartner: ReadonlyMap<number, ReadonlyMap<string, readonly number[]>>;
}

function buildForeground(
  sets: readonly ClassSet[],
  { cellOf }: Background,
  partners: Int32Array,
): Foreground {
  const keys = new Map<number, string>();
  for (const { id, members } of sets) {
    for (const number of members) {
      if (cellOf[number]! < 0) continue; // a host-network pod
      keys.set(number, `${keys.get(number) ?? cellOf[number]!},${id}`);
    }
  }
  const byPartner = new Map<number, Map<string, number[]>>();
  for (const [number, key] of keys) {
    const partner = partners[number]!;
    let lists = byPartner.get(partner);
    if (lists === undefined) {
      lists = new Map();
      byPartner.set(partner, lists);
    }
    push(lists, key, number);
  }
  return { keys, touched: new Set(keys.keys()), byPartner };
}

function build(
  background: Background,
  { keys, touched, byPartner }: Foreground,
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
  const open = background.cells
    .map((byGroup, cell) => ({ byGroup, key: `${cell}`, first: untouched(byGroup, touched) }))
    .filter(({ first, key }) => first !== undefined && !isClosed(resultsOf(key, first)));
  return {
    cellOf: (number) => keys.get(number) ?? `${background.cellOf[number]!}`,
    partners: () => {
      const numbers = new Set<number>();
      for (const { byGroup } of open) for (const partner of byGroup.keys()) numbers.add(partner);
      for (const [partner, lists] of byPartner) {
        for (const [key, list] of lists) {
          if (!isClosed(resultsOf(key, list[0]!))) numbers.add(partner);
        }
      }
      return numbers;
    },
    within: (partner) => {
      const cells: Cell[] = [];
      for (const [key, list] of byPartner.get(partner) ?? []) {
        const results = resultsOf(key, list[0]!);
        if (!isClosed(results)) cells.push({ classes: list, results });
      }
      for (const { byGroup, key, first } of open) {
        const list = (byGroup.get(partner) ?? []).filter((number) => !touched.has(number));
        if (list.length > 0) cells.push({ classes: list, results: resultsOf(key, first!) });
      }
      return cells;
    },
  };
}

function untouched(
  byGroup: ReadonlyMap<number, readonly number[]>,
  touched: ReadonlySet<number>,
): number | undefined {
  for (const list of byGroup.values()) {
    for (const number of list) if (!touched.has(number)) return number;
  }
  return undefined;
}

/** Whether nothing passes in either family. */
export function isClosed(results: PerFamily): boolean {
  return possible(results[4]) === 0 && possible(results[6]) === 0;
}

function possible({ outcome: { allow, conditional, depends } }: Result): number {
  return allow.length + conditional.length + depends.length;
}

function push<Key>(map: Map<Key, number[]>, key: Key, value: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
