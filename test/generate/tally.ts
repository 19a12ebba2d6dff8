import type { ReferenceDecision } from "../../src/policy/reference/index.ts";

/** What a run has seen. */
export interface Tally {
  /** Verdicts of single connections. */
  compared: number;
  /** Connections that were looked up in rectangles. */
  pairs: number;
  readonly verdicts: Record<"allow" | "deny" | "depends", number>;
  /** Verdicts that each rule of the specification had a part in. */
  readonly rules: Map<string, number>;
}

/** Nothing seen yet. */
export function createTally(): Tally {
  return { compared: 0, pairs: 0, verdicts: { allow: 0, deny: 0, depends: 0 }, rules: new Map() };
}

/** Counts one verdict of the specification. */
export function countVerdict(tally: Tally, { verdict, ruleIds }: ReferenceDecision): void {
  tally.compared++;
  tally.verdicts[verdict]++;
  for (const id of ruleIds) tally.rules.set(id, (tally.rules.get(id) ?? 0) + 1);
}

/** How many of a hundred verdicts were each. */
export function sharesOf({ verdicts, compared }: Tally): readonly (readonly [string, number])[] {
  return Object.entries(verdicts).map(([verdict, number]) => [verdict, (100 * number) / compared]);
}

/** The tally for people: verdicts with their shares, then each rule with the verdicts it had a part in. */
export function tallyLines(tally: Tally): readonly string[] {
  const shares = sharesOf(tally).map(([verdict, percent]) => `${verdict} ${percent.toFixed(1)} %`);
  const rules = [...tally.rules].toSorted(([a], [b]) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return [
    `${tally.compared} verdicts compared: ${shares.join(", ")}; ${tally.pairs} looked up in rectangles`,
    ...rules.map(([id, number]) => `  ${id.padEnd(7)} ${number}`),
  ];
}

function keyOf(id: string): string {
  return id.replace(/\d+/u, (digits) => digits.padStart(3, "0"));
}
