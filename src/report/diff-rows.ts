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
  const rows = changes.flatMap((change) =>
    blocksOf(peers, change).flatMap((block) => rowsOfBlock(peers, change, block)),
  );
  const rank = (row: DiffRow): number =>
    WAYS.indexOf(row.way) * ZONES.length + ZONES.indexOf(row.zone);
  return rows.toSorted((a, b) => rank(a) - rank(b));
}

const WAYS: readonly DiffRow["way"][] = ["opened", "closed", "conditions"];

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

function rowsOfBlock(
  peers: readonly ReachPeer[],
  change: PlacedChange,
  { zone, from, to }: Block,
): readonly DiffRow[] {
  const { family, causes, expected } = change;
  const transition = transitionOf(change);
  const rest = { zone, family, causes, expected, pairs: from.length * to.length };
  const ends = { from: namesOf(peers, from), to: namesOf(peers, to) };
  const row = (way: DiffRow["way"], sure: Traffic, perhaps: Traffic): readonly DiffRow[] => {
    const [ports, doubtful] = [sure, perhaps].map((traffic) =>
      formatTraffic(traffic, universeOf(family)),
    );
    const isNone = sure.length === 0 && perhaps.length === 0;
    return isNone ? [] : [{ ...rest, ...ends, way, ports: ports!, perhaps: doubtful! }];
  };
  const rows = [
    ...row("opened", transition.opened, transition.perhapsOpened),
    ...row("closed", transition.closed, transition.perhapsClosed),
  ];
  if (rows.length > 0) return rows;
  const texts = [change.before, change.after].map(({ conditions }) =>
    conditions.length === 0
      ? "without a condition"
      : conditions.map(({ text }) => text).join(" or "),
  );
  return [{ ...rest, ...ends, way: "conditions", ports: texts, perhaps: [] }];
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

/** `2 connections`; pairs of all rows of one way, each pair counted once for each row. */
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
