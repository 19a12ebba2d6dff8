import type { ReachPeer, Rectangle } from "../policy/index.ts";
import type { Layout } from "./svg-layout.ts";

/** Connections that are drawn one by one: of a pair of boxes, fewer where there are many peers, and of all; and bundles. What is more is said. */
const MOST = { ofPair: 60, ofPairAmongMany: 8, many: 200, curves: 1500, bundles: 4000 };

/** What is drawn between boxes. */
export interface Drawn {
  /** One peer to another, in the order of the peers. */
  readonly curves: readonly Curve[];
  /** All that one box sends to another; the largest last, to be drawn on top. */
  readonly bundles: readonly Bundle[];
  /** Pairs of boxes that are not drawn. */
  readonly left: number;
}

/** The connections from one peer to another. */
export interface Curve {
  readonly from: number;
  readonly to: number;
  readonly entries: readonly Rectangle[];
}

/** The connections from one box to another. */
export interface Bundle {
  readonly from: number;
  readonly to: number;
  /** Entries of the answer times pairs. */
  readonly count: number;
  readonly depends: number;
  /** Those of the first entry, as an example. */
  readonly example: readonly [from: ReachPeer, to: ReachPeer];
}

/** Decides what is drawn one by one and what in bundles. Goes over the rectangles twice, and over pairs only where they are drawn. */
export function gatherConnections(
  { boxes, spots }: Layout,
  peers: readonly ReachPeer[],
  rectangles: () => Iterable<Rectangle>,
): Drawn {
  const size = boxes.length;
  const bundles = new Map<number, Bundle>();
  for (const { from, to, verdict } of rectangles()) {
    const sources = Map.groupBy(from, (peer) => spots[peer]!.box);
    const targets = Map.groupBy(to, (peer) => spots[peer]!.box);
    for (const [source, ours] of sources) {
      for (const [target, theirs] of targets) {
        const key = source * size + target;
        const known = bundles.get(key);
        const count = ours.length * theirs.length;
        bundles.set(key, {
          from: source,
          to: target,
          count: (known?.count ?? 0) + count,
          depends: (known?.depends ?? 0) + (verdict === "depends" ? count : 0),
          example: known?.example ?? [peers[ours[0]!]!, peers[theirs[0]!]!],
        });
      }
    }
  }
  const single = new Set<number>();
  const most = peers.length > MOST.many ? MOST.ofPairAmongMany : MOST.ofPair;
  let total = 0;
  for (const [key, { count }] of [...bundles].toSorted(([, a], [, b]) => a.count - b.count)) {
    if (count > most || total + count > MOST.curves) break;
    total += count;
    single.add(key);
  }
  const rest = [...bundles]
    .filter(([key]) => !single.has(key))
    .map(([, bundle]) => bundle)
    .toSorted((a, b) => a.count - b.count);
  return {
    curves: curvesOf({ boxes, spots }, single, rectangles),
    bundles: rest.slice(-MOST.bundles),
    left: Math.max(0, rest.length - MOST.bundles),
  };
}

function curvesOf(
  { boxes, spots }: Pick<Layout, "boxes" | "spots">,
  single: ReadonlySet<number>,
  rectangles: () => Iterable<Rectangle>,
): readonly Curve[] {
  const found = new Map<string, Curve & { readonly entries: Rectangle[] }>();
  if (single.size === 0) return [];
  for (const rectangle of rectangles()) {
    for (const from of rectangle.from) {
      const source = spots[from]!.box * boxes.length;
      for (const to of rectangle.to) {
        if (!single.has(source + spots[to]!.box)) continue;
        const key = `${from} ${to}`;
        const known = found.get(key);
        if (known === undefined) found.set(key, { from, to, entries: [rectangle] });
        else known.entries.push(rectangle);
      }
    }
  }
  return [...found.values()].toSorted((a, b) => a.from - b.from || a.to - b.to);
}
