import type { Rectangle } from "../policy/index.ts";

/** One pair of ends, as indexes of peers, with an entry that it stands in. */
export interface Pair {
  readonly from: number;
  readonly to: number;
  readonly entry: Rectangle;
}

/** Every pair of the entries, sorted by source, destination and traffic. Made source by source: all pairs together never exist. */
export function* pairsOf(entries: Iterable<Rectangle>): Generator<Pair> {
  const bySource = new Map<number, Rectangle[]>();
  for (const entry of entries) {
    for (const from of entry.from) {
      const list = bySource.get(from);
      if (list === undefined) bySource.set(from, [entry]);
      else list.push(entry);
    }
  }
  for (const [from, list] of [...bySource].toSorted(([a], [b]) => a - b)) {
    const pairs = list.flatMap((entry) => entry.to.map((to): Pair => ({ from, to, entry })));
    yield* pairs.toSorted(comparePairs);
  }
}

function comparePairs({ to: a, entry: x }: Pair, { to: b, entry: y }: Pair): number {
  return a - b || x.traffic[0]! - y.traffic[0]! || (x.family ?? 0) - (y.family ?? 0);
}
