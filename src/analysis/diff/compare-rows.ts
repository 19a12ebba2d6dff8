import {
  type Rectangle,
  type Sides,
  createJoin,
  formatTraffic,
  withoutSelf,
} from "../../policy/index.ts";
import { type Answer, type Difference, compareAnswers } from "./connection-state.ts";
import type { DiffPeer } from "./join-peers.ts";
import { type Row, type RowStore, type StatePeers, createRowStore } from "./row-store.ts";

/** Pairs that differ alike. Indexes into the joined peers, ascending. */
export interface ChangedSides extends Sides {
  readonly difference: Difference;
}

/** The rectangles of one state, and the joined peers that its own are. */
export interface StateRows extends StatePeers {
  readonly rectangles: Iterable<Rectangle>;
}

/** The work that comparing took: it must grow with what differs, never with the pairs of peers. */
export interface CompareCounters {
  /** Lists of destinations that a source has in a rectangle, of both states. */
  readonly tokens: number;
  /** Groups of sources with equal rows of which the two states say different things. */
  readonly rows: number;
  /** Destinations looked at for such a group. */
  readonly visited: number;
}

/**
 * The pairs whose connection differs. Each source has a row of (list of destinations, answer); sources with the same rows are
 * one, rows that both states have are done, and of the others only the lists that are not in both are unfolded.
 */
export function compareRows(
  peers: readonly DiffPeer[],
  base: StateRows,
  head: StateRows,
): { readonly changed: readonly ChangedSides[]; readonly counters: CompareCounters } {
  const store = createRowStore();
  const [mine, theirs] = [store.rows(base.rectangles, base), store.rows(head.rectangles, head)];
  const groups = new Map<string, number[]>();
  for (let source = 0; source < peers.length; source++) {
    if (mine[source] === theirs[source]) continue;
    const key = `${mine[source]} ${theirs[source]}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [source]);
    else group.push(source);
  }
  const compare = createCompare(store);
  const byDifference = new Map<Difference, Sides[]>();
  for (const from of groups.values()) {
    for (const [difference, to] of compare(mine[from[0]!]!, theirs[from[0]!]!)) {
      const sides = byDifference.get(difference);
      if (sides === undefined) byDifference.set(difference, [{ from, to }]);
      else sides.push({ from, to });
    }
  }
  const join = createJoin();
  const isPod = (peer: number): boolean => peers[peer]!.kind === "pod";
  const changed = [...byDifference].flatMap(([difference, sides]) =>
    join(sides)
      .flatMap((each) => withoutSelf(each, isPod)) // of a workload that was not split
      .map((each): ChangedSides => ({ ...each, difference })),
  );
  const counters = { tokens: store.tokens(), rows: groups.size, visited: compare.visited() };
  return { changed, counters };
}

/** Compares two rows: the destinations of each difference. Equal differences are the same object. */
interface Compare {
  (base: number, head: number): Iterable<readonly [Difference, readonly number[]]>;
  readonly visited: () => number;
}

function createCompare(store: RowStore): Compare {
  const suspects = new Map<string, readonly number[]>();
  const differences = createDifferences(store);
  let visited = 0;
  const suspectsOf = (base: Row, head: Row): readonly number[] => {
    const [mine, theirs] = [rest(base, head), rest(head, base)];
    const key = `${mine.join()} ${theirs.join()}`;
    let found = suspects.get(key);
    if (found === undefined) {
      found = unequalIn(store, mine, theirs);
      suspects.set(key, found);
    }
    return found;
  };
  const compare = (a: number, b: number): Iterable<readonly [Difference, readonly number[]]> => {
    const [base, head] = [store.row(a), store.row(b)];
    const targets = suspectsOf(base, head);
    visited += targets.length;
    const [mine, theirs] = [answersAt(store, base, targets), answersAt(store, head, targets)];
    const out = new Map<Difference, number[]>();
    for (const [index, target] of targets.entries()) {
      for (const difference of differences(mine[index]!, theirs[index]!)) {
        const list = out.get(difference);
        if (list === undefined) out.set(difference, [target]);
        else list.push(target);
      }
    }
    return out;
  };
  return Object.assign(compare, { visited: () => visited });
}

/** The pairs of list and answer of a sorted row that another does not have. */
function rest(row: Row, other: Row): Row {
  const out: number[] = [];
  let j = 0;
  for (let i = 0; i < row.length; i += 2) {
    const [list, answer] = [row[i]!, row[i + 1]!];
    while (j < other.length && (other[j]! - list || other[j + 1]! - answer) < 0) j += 2;
    if (other[j] !== list || other[j + 1] !== answer) out.push(list, answer);
  }
  return out;
}

/** The destinations to which two rows do not give the same answers, ascending. */
function unequalIn(store: RowStore, base: Row, head: Row): readonly number[] {
  const answers = new Set<number>();
  for (const row of [base, head]) for (let i = 1; i < row.length; i += 2) answers.add(row[i]!);
  const out = new Set<number>();
  for (const answer of answers) {
    const [mine, theirs] = [targetsOf(store, base, answer), targetsOf(store, head, answer)];
    for (const target of mine.symmetricDifference(theirs)) out.add(target);
  }
  return [...out].toSorted((a, b) => a - b);
}

function targetsOf(store: RowStore, row: Row, answer: number): Set<number> {
  const out = new Set<number>();
  for (let i = 0; i < row.length; i += 2) {
    if (row[i + 1] === answer) for (const target of store.list(row[i]!)) out.add(target);
  }
  return out;
}

/** The answers that a row gives each of some ascending destinations, as sorted numbers. */
function answersAt(store: RowStore, row: Row, targets: readonly number[]): readonly string[] {
  const found: number[][] = targets.map(() => []);
  for (let i = 0; i < row.length; i += 2) {
    const list = store.list(row[i]!);
    // Few destinations are looked up in a long list, many are merged with it.
    const isFew = targets.length * 16 < list.length;
    let at = 0;
    for (const [index, target] of targets.entries()) {
      if (isFew) at = lowerBound(list, target);
      else while (at < list.length && list[at]! < target) at++;
      if (list[at] === target) found[index]!.push(row[i + 1]!);
    }
  }
  return found.map((numbers) => numbers.toSorted((a, b) => a - b).join());
}

function lowerBound(list: readonly number[], value: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The differences of two sets of answers, each pair of sets compared once. */
function createDifferences(store: RowStore): (base: string, head: string) => readonly Difference[] {
  const known = new Map<string, readonly Difference[]>();
  const byText = new Map<string, Difference>();
  const answersOf = (numbers: string): readonly Answer[] =>
    numbers === "" ? [] : numbers.split(",").map((number) => store.answer(Number(number)));
  return (base, head) => {
    const key = `${base} ${head}`;
    let found = known.get(key);
    if (found === undefined) {
      found = compareAnswers(answersOf(base), answersOf(head)).map((difference) => {
        const text = textOfDifference(difference);
        const same = byText.get(text) ?? difference;
        byText.set(text, same);
        return same;
      });
      known.set(key, found);
    }
    return found;
  };
}

/** A text that orders differences and is equal for equal ones. */
export function textOfDifference({ family, before, after }: Difference): string {
  const states = [before, after].map(({ allow, depends, conditions }) => [
    formatTraffic(allow),
    formatTraffic(depends),
    conditions.map(({ text, traffic }) => [text, formatTraffic(traffic)]),
  ]);
  return JSON.stringify([family ?? 0, states]);
}
