import {
  type AddressRange,
  type IntervalSet,
  containsAddress,
  intersect,
  subtract,
  union,
} from "../../src/base/index.ts";
import {
  type CompiledPolicies,
  type ReachPeer,
  type Rectangle,
  formatTraffic,
  reachability,
} from "../../src/policy/index.ts";
import { EVERY_PORT, type ExpectedLine } from "./expected.ts";

/** Traffic from one end to another on which the answers differ. */
export interface Difference {
  /** `allow`, `deny`, or `depends` with the codes of its reasons. */
  readonly ours: string;
  readonly theirs: "allow" | "deny";
  readonly from: string;
  readonly to: string;
  readonly ports: string;
}

/** Compares our rectangles with the lines of one case: every pair of ends, the outside cut as finely as either needs. `ownerOf` tells the owner of a bare pod that counts there and not here. Gives the number of pairs too. */
export function compareCase(
  compiled: CompiledPolicies,
  lines: readonly ExpectedLine[],
  ownerOf: ReadonlyMap<string, string>,
): { readonly pairs: number; readonly differences: readonly Difference[] } {
  const { peers, rectangles } = reachability(compiled);
  const cells = cellsOf(peers, lines);
  const ends = [...peers.entries()].flatMap(([index, peer]) =>
    endsOf(peer, cells, ownerOf).map((end) => ({ ...end, index })),
  );
  const theirs = expectedTable(lines, cells);
  const known = new Set(ends.map(({ name }) => name));
  for (const name of [...theirs.keys()].flatMap((key) => key.split(" "))) {
    if (!known.has(name)) throw new Error(`nothing of ours is called ${name}`);
  }
  const ours = tableOf(rectangles());
  const differences: Difference[] = [];
  let pairs = 0;
  for (const from of ends) {
    for (const to of ends) {
      // Two ranges, and a workload with itself, have no line there.
      if ((from.isOutside && to.isOutside) || from.name === to.name) continue;
      pairs++;
      const allowed = theirs.get(`${from.name} ${to.name}`) ?? [];
      const found = ours.get(`${from.index} ${to.index}`) ?? [];
      const between = { from: from.name, to: to.name };
      differences.push(...differencesOf(found, allowed).map((each) => ({ ...each, ...between })));
    }
  }
  return { pairs, differences };
}

/** An end in the spelling of those lines, with its index among our peers. */
interface ComparedEnd {
  readonly index: number;
  readonly name: string;
  readonly isOutside: boolean;
}

/** A workload, or each pod of one whose pods differ, as its owner; the outside cell by cell. Nodes and relations have no line there. */
function endsOf(
  peer: ReachPeer,
  cells: readonly AddressRange[],
  ownerOf: ReadonlyMap<string, string>,
): readonly Omit<ComparedEnd, "index">[] {
  if (peer.kind === "node" || peer.kind === "relation") return [];
  if (peer.kind === "outside") {
    return cells
      .filter(({ family, first }) => containsAddress(peer.addresses, { family, value: first }))
      .map((cell) => ({ name: rangeName(cell), isOutside: true }));
  }
  const id = peer.kind === "pod" ? peer.workload : peer.id;
  const [namespace, kind, name] = id.split("/");
  return [{ name: `${namespace}/${ownerOf.get(id) ?? name}[${kind}]`, isOutside: false }];
}

/** IPv4, cut at every bound of our ranges and of theirs. */
function cellsOf(
  peers: readonly ReachPeer[],
  lines: readonly ExpectedLine[],
): readonly AddressRange[] {
  const ours = peers.flatMap((peer) => (peer.kind === "outside" ? peer.addresses : []));
  const theirs = lines
    .flatMap(({ from, to }) => [from, to])
    .filter((end) => typeof end !== "string");
  const starts = new Set<bigint>();
  for (const { family, first, last } of [...ours, ...theirs]) {
    if (family === 4) starts.add(first).add(last + 1n);
  }
  const sorted = [...starts].toSorted((a, b) => (a < b ? -1 : 1));
  return sorted
    .slice(0, -1)
    .map((first, index) => ({ family: 4, first, last: sorted[index + 1]! - 1n }));
}

function rangeName({ first, last }: AddressRange): string {
  return `${first}-${last}`;
}

/** What those lines allow, by names of ends. */
function expectedTable(
  lines: readonly ExpectedLine[],
  cells: readonly AddressRange[],
): ReadonlyMap<string, IntervalSet> {
  const namesOf = (end: string | AddressRange): readonly string[] =>
    typeof end === "string"
      ? [end]
      : cells.filter(({ first, last }) => first >= end.first && last <= end.last).map(rangeName);
  const table = new Map<string, IntervalSet>();
  for (const { from, to, traffic } of lines) {
    for (const source of namesOf(from)) {
      for (const target of namesOf(to)) {
        const key = `${source} ${target}`;
        table.set(key, union(table.get(key) ?? [], traffic));
      }
    }
  }
  return table;
}

/** Our rectangles over IPv4 by pair. */
function tableOf(rectangles: Iterable<Rectangle>): ReadonlyMap<string, readonly Rectangle[]> {
  const table = new Map<string, Rectangle[]>();
  for (const rectangle of rectangles) {
    if (rectangle.family === 6) continue;
    for (const from of rectangle.from) {
      for (const to of rectangle.to) {
        const key = `${from} ${to}`;
        table.set(key, [...(table.get(key) ?? []), rectangle]);
      }
    }
  }
  return table;
}

function differencesOf(
  found: readonly Rectangle[],
  allowed: IntervalSet,
): readonly Omit<Difference, "from" | "to">[] {
  const out: Omit<Difference, "from" | "to">[] = [];
  const add = (ours: string, theirs: "allow" | "deny", traffic: IntervalSet): void => {
    const seen = intersect(traffic, EVERY_PORT);
    if (seen.length > 0) out.push({ ours, theirs, ports: formatTraffic(seen, EVERY_PORT).join() });
  };
  let rest = EVERY_PORT;
  for (const { verdict, traffic, reasons } of found) {
    rest = subtract(rest, traffic);
    const denied = subtract(traffic, allowed);
    if (verdict === "allow") {
      add("allow", "deny", denied);
      continue;
    }
    const ours = `depends ${reasons.map(({ code }) => code).join(" ")}`;
    add(ours, "allow", intersect(traffic, allowed));
    add(ours, "deny", denied);
  }
  add("deny", "allow", intersect(rest, allowed));
  return out;
}
