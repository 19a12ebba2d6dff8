import { transitionOf } from "../analysis/index.ts";
import type { DiffResult, PlacedCause, PlacedChange } from "../app/index.ts";
import { EVERYWHERE, addressSet, formatRange, isWithin, wholeFamily } from "../base/index.ts";
import { type ReachPeer, type Traffic, formatTraffic } from "../policy/index.ts";
import { universeOf } from "./diff-json.ts";

/** How dangerous it is that something opens, the worst first. */
export const ZONES = [
  "from outside",
  "to outside",
  "across namespaces",
  "with nodes",
  "within a namespace",
] as const;

/** Where the ends of a connection are. */
export type Zone = (typeof ZONES)[number];

/** What became of some connections, as people read it: each of `from` with each of `to`. */
export interface DiffRow {
  readonly way: "opened" | "closed" | "conditions";
  readonly zone: Zone;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly pairs: number;
  /** What surely passes now, or surely does no more. */
  readonly ports: readonly string[];
  /** What passes now perhaps, or no more for certain. */
  readonly perhaps: readonly string[];
  readonly family: PlacedChange["family"];
  readonly causes: readonly PlacedCause[];
  readonly expected: string | undefined;
}

/** The rows of a diff: opened before closed, the most dangerous first. */
export function rowsOf({ peers, changes }: DiffResult): readonly DiffRow[] {
  const parts = changes.flatMap((change) =>
    blocksOf(peers, change).flatMap((block) => partsOf(change, block)),
  );
  return merge(merge(parts, "to"), "from")
    .toSorted((a, b) => rankOf(a) - rankOf(b))
    .map((part) => ({
      ...part,
      pairs: sizeOf(peers, part.from) * sizeOf(peers, part.to),
      from: namesOf(peers, part.from),
      to: namesOf(peers, part.to),
    }));
}

const WAYS: readonly DiffRow["way"][] = ["opened", "closed", "conditions"];

/** A row with its ends as indexes. */
type Part = Omit<DiffRow, "from" | "to" | "pairs"> & Pick<Block, "from" | "to">;

/** What is certain comes before what may be. */
function rankOf({ way, zone, ports }: Part): number {
  const place = WAYS.indexOf(way) * ZONES.length + ZONES.indexOf(zone);
  return place * 2 + (ports.length > 0 ? 0 : 1);
}

/** Joins what is told alike, whatever it was before: rows that differ at one side only. */
function merge(parts: readonly Part[], side: "from" | "to"): readonly Part[] {
  const other = side === "from" ? "to" : "from";
  const keyOf = (part: Part): string => {
    const { way, zone, ports, perhaps, family, causes, expected } = part;
    const texts = causes.map(({ text }) => text);
    return JSON.stringify([way, zone, part[other], ports, perhaps, family, texts, expected]);
  };
  return [...Map.groupBy(parts, keyOf).values()].map((list) => {
    if (list.length === 1) return list[0]!;
    const all = new Set(list.flatMap((part) => part[side]));
    return { ...list[0]!, [side]: [...all].toSorted((a, b) => a - b) };
  });
}

/** How many ends people count: the outside is one, whatever ranges it is cut into. */
function sizeOf(peers: readonly ReachPeer[], list: readonly number[]): number {
  return peers[list[0]!]!.kind === "outside" ? 1 : list.length;
}

interface Block {
  readonly zone: Zone;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** The parts of a change whose ends are in the same places. */
function blocksOf(peers: readonly ReachPeer[], { from, to }: PlacedChange): readonly Block[] {
  const sources = Map.groupBy(from, (peer) => placeOf(peers[peer]!));
  const targets = Map.groupBy(to, (peer) => placeOf(peers[peer]!));
  return [...sources].flatMap(([source, mine]) =>
    [...targets].flatMap(([target, theirs]): readonly Block[] => {
      if (source === "outside") return [{ zone: "from outside", from: mine, to: theirs }];
      if (target === "outside") return [{ zone: "to outside", from: mine, to: theirs }];
      if (source === "node" || target === "node") {
        return [{ zone: "with nodes", from: mine, to: theirs }];
      }
      return byNamespace(peers, mine, theirs);
    }),
  );
}

/** Pairs across namespaces together; pairs within one by themselves, so that neither hides the other. */
function byNamespace(
  peers: readonly ReachPeer[],
  from: readonly number[],
  to: readonly number[],
): readonly Block[] {
  const namespaces = new Set(from.map((peer) => namespaceOf(peers[peer]!)));
  const sources = Map.groupBy(from, (peer) => namespaceOf(peers[peer]!));
  const targets = Map.groupBy(to, (peer) => namespaceOf(peers[peer]!));
  const foreign = to.filter((peer) => !namespaces.has(namespaceOf(peers[peer]!)));
  const across: Block[] =
    foreign.length === 0 ? [] : [{ zone: "across namespaces", from, to: foreign }];
  for (const [namespace, theirs] of targets) {
    if (!namespaces.has(namespace)) continue;
    const others = from.filter((peer) => namespaceOf(peers[peer]!) !== namespace);
    if (others.length > 0) across.push({ zone: "across namespaces", from: others, to: theirs });
  }
  const within = [...sources].flatMap(([namespace, mine]): readonly Block[] => {
    const theirs = targets.get(namespace);
    return theirs === undefined ? [] : [{ zone: "within a namespace", from: mine, to: theirs }];
  });
  return [...across, ...within];
}

function placeOf({ kind }: ReachPeer): "outside" | "node" | "pod" {
  if (kind === "outside") return "outside";
  return kind === "node" || kind === "relation" ? "node" : "pod";
}

function namespaceOf({ id }: ReachPeer): string {
  return id.slice(0, id.indexOf("/"));
}

function partsOf(change: PlacedChange, { zone, from, to }: Block): readonly Part[] {
  const { family, causes, expected } = change;
  const { opened, perhapsOpened, closed, perhapsClosed } = transitionOf(change);
  const rest = { zone, from, to, family, causes, expected };
  const part = (way: DiffRow["way"], sure: Traffic, perhaps: Traffic): readonly Part[] => {
    if (sure.length === 0 && perhaps.length === 0) return [];
    const [ports, doubtful] = [sure, perhaps].map((traffic) =>
      formatTraffic(traffic, universeOf(family)),
    );
    return [{ ...rest, way, ports: ports!, perhaps: doubtful! }];
  };
  const parts = [
    ...part("opened", opened, perhapsOpened),
    ...part("closed", closed, perhapsClosed),
  ];
  if (parts.length > 0) return parts;
  const ports = [change.before, change.after].map(({ conditions }) =>
    conditions.length === 0
      ? "without a condition"
      : conditions.map(({ text }) => text).join(" or "),
  );
  return [{ ...rest, way: "conditions", ports, perhaps: [] }];
}

/** Ranges outside are called by their addresses, all of a row together: their numbers say nothing to people. */
function namesOf(peers: readonly ReachPeer[], list: readonly number[]): readonly string[] {
  const addresses = list.flatMap((index) => {
    const peer = peers[index]!;
    return peer.kind === "outside" ? peer.addresses : [];
  });
  if (addresses.length === 0) return list.map((index) => peers[index]!.id);
  const set = addressSet(addresses);
  if (isWithin(EVERYWHERE, set)) return ["any address outside"];
  for (const family of [4, 6] as const) {
    const isWhole = set.length === 1 && isWithin([wholeFamily(family)], set);
    if (isWhole) return [`any IPv${family} address outside`];
  }
  return set.map(formatRange);
}

/** The connections of rows. */
export function pairsIn(rows: readonly DiffRow[]): number {
  return rows.reduce((sum, { pairs }) => sum + pairs, 0);
}

/** Where a cause stands: the head's place, and the base's where it is another. */
export function placesOf({ refs }: PlacedCause): string {
  const places = refs.flatMap(({ file, line }) =>
    file === undefined ? [] : [`${file}:${line ?? 1}`],
  );
  return [...new Set(places)].join(" → ");
}
