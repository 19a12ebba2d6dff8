import { contains, containsAddress, isSubset } from "../../src/base/index.ts";
import {
  type Connection,
  type End,
  NEIGHBOUR_DISCOVERY,
  type ReachPeer,
  type Reachability,
  type Rectangle,
  trafficOf,
} from "../../src/policy/index.ts";
import type { Difference, Expected } from "./difference.ts";
import type { Tally } from "./tally.ts";

type Found = Omit<Difference, "scenario" | "profile">;

/** Looks connections up in the rectangles of a cluster; gives the first that the specification sees differently, or what is wrong with the rectangles themselves. */
export function compareReach(
  reach: Reachability,
  all: readonly Expected[],
  tally: Pick<Tally, "pairs">,
): Found | undefined {
  const table = readTable(reach);
  if (typeof table === "string") {
    const reference = "each pair and traffic stands in one well-formed rectangle at most";
    return { asked: "rectangles", connection: undefined, compiled: table, reference };
  }
  for (const expected of all) {
    const { connection, decision } = expected;
    if (!isListed(connection, decision.ruleIds)) continue;
    const answer = lookUp(table, connection);
    if (answer === undefined) continue;
    tally.pairs++;
    const { verdict, of } = answer;
    if (verdict !== decision.verdict) {
      const compiled = `${verdict} for ${of}`;
      return { asked: "rectangles", connection, compiled, reference: decision.verdict };
    }
  }
  return undefined;
}

/** Rectangles by their pairs. */
interface Table {
  readonly peers: readonly ReachPeer[];
  readonly index: (end: End) => number | undefined;
  readonly byPair: ReadonlyMap<string, readonly Rectangle[]>;
}

/** Reads every rectangle; a sentence if one of them is wrong. */
function readTable({ peers, rectangles }: Reachability): Table | string {
  const byPair = new Map<string, Rectangle[]>();
  for (const rectangle of rectangles()) {
    const fault = faultOf(rectangle, peers) ?? addTo(byPair, rectangle, peers);
    if (fault !== undefined) return fault;
  }
  return { peers, index: createPeerIndex(peers), byPair };
}

/** What the rectangles say of a connection; nothing of ends that are no peers of their own, and of a single peer and itself. */
function lookUp(
  { peers, index, byPair }: Table,
  { source, destination, traffic, family }: Connection,
): { readonly verdict: string; readonly of: string } | undefined {
  const [from, to] = [index(source), index(destination)];
  if (isTold(source, from) || isTold(destination, to)) return undefined;
  if (from === undefined || to === undefined) return { verdict: "nothing", of: "an unknown peer" };
  if (from === to && isSingle(peers[from]!)) return undefined;
  const found = byPair
    .get(`${from} ${to}`)
    ?.find(
      (each) =>
        (each.family === undefined || each.family === family) && contains(each.traffic, traffic),
    );
  const isRequest = found !== undefined && found.conditions.length > 0;
  const verdict = isRequest ? "depends" : (found?.verdict ?? "deny");
  return { verdict, of: `${peers[from]!.id} to ${peers[to]!.id}` };
}

/** Whether an answer of all connections tells of this one: of whole ends, without facts. A pod to itself is never listed (CNP-10); entries of pairs with one family do not name it; neighbour discovery is no connection between endpoints. */
export function isListed(
  { source, destination, traffic, family, facts }: Connection,
  ruleIds: readonly string[],
): boolean {
  if (facts.length > 0 || !contains(trafficOf(family), traffic)) return false;
  if (contains(NEIGHBOUR_DISCOVERY, traffic)) return false;
  if (ruleIds.includes("CNP-10") || ruleIds.includes("family")) return false;
  if ([source, destination].some(isOneAddress)) return false;
  if (source.kind === "outside" && destination.kind === "outside") return false;
  // Two relations, or a relation and a node, have nothing to say to each other.
  const kinds = [source.kind, destination.kind];
  return !kinds.includes("relation") || kinds.includes("pod");
}

/** One address of an end that may have more. */
function isOneAddress(end: End): boolean {
  return (end.kind === "pod" || end.kind === "node") && end.address !== undefined;
}

/** Nodes that only the status of a pod tells of are no peers, nor are relations where nodes are known. */
function isTold({ kind }: End, index: number | undefined): boolean {
  return index === undefined && (kind === "node" || kind === "relation");
}

/** What is wrong with one rectangle. */
function faultOf(
  { from, to, traffic, universe, verdict, reasons }: Rectangle,
  peers: readonly ReachPeer[],
): string | undefined {
  const name = `${from.join()} to ${to.join()}`;
  for (const side of [from, to]) {
    if (side.length === 0) return `${name}: an empty side`;
    if (side.some((peer, index) => index > 0 && side[index - 1]! >= peer)) {
      return `${name}: a side is not ascending`;
    }
    if (side.some((peer) => peers[peer] === undefined)) return `${name}: a peer that is not there`;
  }
  if (traffic.length === 0 || !isSubset(traffic, universe)) return `${name}: impossible traffic`;
  if (verdict === "depends" && reasons.length === 0) return `${name}: depends without a reason`;
  return undefined;
}

/** Adds a rectangle to each of its pairs; tells if traffic of a pair stands twice, or a single peer beside itself. */
function addTo(
  byPair: Map<string, Rectangle[]>,
  rectangle: Rectangle,
  peers: readonly ReachPeer[],
): string | undefined {
  for (const from of rectangle.from) {
    for (const to of rectangle.to) {
      const name = `${peers[from]!.id} to ${peers[to]!.id}`;
      if (from === to && isSingle(peers[from]!)) return `${name}: a single peer reaches itself`;
      const others = byPair.get(`${from} ${to}`);
      if (others === undefined) byPair.set(`${from} ${to}`, [rectangle]);
      else {
        if (others.some((other) => overlaps(other, rectangle))) return `${name} stands twice`;
        others.push(rectangle);
      }
    }
  }
  return undefined;
}

function overlaps(a: Rectangle, b: Rectangle): boolean {
  if (a.family !== undefined && b.family !== undefined && a.family !== b.family) return false;
  const starts = [...a.traffic, ...b.traffic];
  return starts.some((point) => contains(a.traffic, point) && contains(b.traffic, point));
}

function isSingle(peer: ReachPeer): boolean {
  return peer.kind === "pod" || peer.kind === "node" || peer.id.includes("/Pod/");
}

/** Finds the peer of an end. */
/** Finds the peer that an end is, or is one of. */
export function createPeerIndex(peers: readonly ReachPeer[]): (end: End) => number | undefined {
  const byId = new Map(peers.map(({ id }, index) => [id, index]));
  return (end) => {
    switch (end.kind) {
      case "outside": {
        const found = peers.findIndex(
          (peer) => peer.kind === "outside" && containsAddress(peer.addresses, end.address),
        );
        return found < 0 ? undefined : found;
      }
      case "relation":
        return byId.get(end.relation);
      case "node":
        return byId.get(`node/${end.name}`);
      case "pod":
        return (
          byId.get(end.workload.id) ?? byId.get(`${end.workload.namespace}/Pod/${end.pod.name}`)
        );
    }
  };
}
