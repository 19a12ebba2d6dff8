import { type CompiledPolicies, compareLists } from "../policy/index.ts";
import type { Family } from "../base/index.ts";
import { compareReach } from "./diff/compare-reach.ts";
import { type ChangedSides, type CompareCounters, textOfDifference } from "./diff/compare-rows.ts";
import type { ConnectionState } from "./diff/connection-state.ts";
import type { Edit } from "./diff/edit.ts";
import { type CauseFinder, createCauseFinder } from "./diff/find-causes.ts";
import type { DiffPeer } from "./diff/join-peers.ts";

/** How two states of a cluster differ in who can reach whom. */
export interface StateDiff {
  /** The peers of both, split as finely as either state needs. */
  readonly peers: readonly DiffPeer[];
  /** Sorted by ends; each pair and family stands in one change at most. */
  readonly changes: readonly Change[];
  readonly counters: DiffCounters;
}

/** The work that a diff took; `worlds`: pairs of ends that were compiled by themselves to find causes. */
export interface DiffCounters extends CompareCounters {
  readonly worlds: number;
}

/** Each of `from` with each of `to` differs in the same way for the same causes. Indexes into `peers`, ascending. */
export interface Change {
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** Only where the families of a dual-stack pair differ. */
  readonly family: Family | undefined;
  /** The whole connection of each pair, not what differs. */
  readonly before: ConnectionState;
  readonly after: ConnectionState;
  readonly causes: readonly Edit[];
}

/** Compares two compiled states: two runs of reachability, and work for what differs; no pair that is equal is visited. */
export function diffStates(base: CompiledPolicies, head: CompiledPolicies): StateDiff {
  const { peers, changed, counters } = compareReach(base, head);
  const causes = createCauseFinder(base, head, peers);
  const sorted = changed.toSorted(compareSides);
  const changes = sorted.flatMap((sides) => withCauses(sides, causes));
  return {
    peers,
    changes: changes.toSorted(compareChanges),
    counters: { ...counters, worlds: causes.worlds() },
  };
}

function compareSides(a: ChangedSides, b: ChangedSides): number {
  return (
    compareLists(a.from, b.from) ||
    compareLists(a.to, b.to) ||
    compareTexts(textOfDifference(a.difference), textOfDifference(b.difference))
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareChanges(a: Change, b: Change): number {
  return (
    compareLists(a.from, b.from) || compareLists(a.to, b.to) || (a.family ?? 0) - (b.family ?? 0)
  );
}

/** Pairs of kinds of ends that are all asked for their causes; of more, one row and one column. */
const MOST_PAIRS = 256;

/** Splits a rectangle where its pairs have different causes. */
function withCauses(
  { from, to, difference }: ChangedSides,
  finder: CauseFinder,
): readonly Change[] {
  const sources = [...Map.groupBy(from, finder.keyOf).values()];
  const targets = [...Map.groupBy(to, finder.keyOf).values()];
  const ask = (source: readonly number[], target: readonly number[]): readonly Edit[] =>
    finder.causesOf(source[0]!, target[0]!, difference);
  const make = (
    mine: readonly number[],
    theirs: readonly number[],
    causes: readonly Edit[],
  ): Change => ({ from: mine, to: theirs, ...difference, causes });
  if (sources.length * targets.length > MOST_PAIRS) {
    const row = targets.slice(0, MOST_PAIRS).map((target) => ask(sources[0]!, target));
    const column = sources.slice(0, MOST_PAIRS).map((source) => ask(source, targets[0]!));
    const causes = [...new Set([...row, ...column].flat())];
    return [
      make(
        from,
        to,
        causes.toSorted((a, b) => compareTexts(a.text, b.text)),
      ),
    ];
  }
  const numbers = new Map<Edit, number>();
  const textOf = (causes: readonly Edit[]): string =>
    causes
      .map((edit) => numbers.get(edit) ?? (numbers.set(edit, numbers.size), numbers.size - 1))
      .join();
  const rows = Map.groupBy(sources, (source) =>
    targets.map((target) => textOf(ask(source, target))).join("|"),
  );
  return [...rows.values()].flatMap((group) => {
    const columns = Map.groupBy(targets, (target) => textOf(ask(group[0]!, target)));
    return [...columns.values()].map((list) =>
      make(ascending(group), ascending(list), ask(group[0]!, list[0]!)),
    );
  });
}

function ascending(lists: readonly (readonly number[])[]): readonly number[] {
  return lists.flat().toSorted((a, b) => a - b);
}
