import { contains, containsAddress } from "../../src/base/index.ts";
import type { Cluster } from "../../src/model/index.ts";
import {
  type Connection,
  type End,
  NEIGHBOUR_DISCOVERY,
  PROFILES,
  type ReachPeer,
  type Rectangle,
  compilePolicies,
  reachability,
  trafficOf,
} from "../../src/policy/index.ts";
import { evaluateReference } from "../../src/policy/reference/index.ts";

/** Compares the rectangles of a cluster with the specification, connection by connection; gives the first difference as text. `seen` counts. */
export function compareReach(
  cluster: Cluster,
  connections: readonly Connection[],
  seen: { compared: number },
): string | undefined {
  for (const profile of Object.values(PROFILES)) {
    const { peers, rectangles } = reachability(compilePolicies(cluster, profile));
    const list = [...rectangles()];
    const overlap = findOverlap(list);
    if (overlap !== undefined) return `${profile.name}: ${overlap}`;
    for (const connection of connections) {
      const { source, destination, traffic, family } = connection;
      if (contains(NEIGHBOUR_DISCOVERY, traffic)) continue; // no connection between endpoints
      if ([source, destination].some(isOneAddress)) continue; // reach lists the whole end
      if (connection.facts.length > 0 || !contains(trafficOf(family), traffic)) continue;
      const from = peerOf(peers, source);
      const to = peerOf(peers, destination);
      if (from === to && isSingle(peers[from]!)) continue;
      if (isRelationPair(source, destination)) continue;
      const { verdict: expected, ruleIds } = evaluateReference(
        cluster,
        profile.switches,
        connection,
      );
      if (ruleIds.includes("CNP-10")) continue; // a pod to itself is never listed
      if (ruleIds.includes("family")) continue; // entries of pairs with one family do not name it
      const found = list.filter(
        (each) =>
          each.from.includes(from) &&
          each.to.includes(to) &&
          (each.family === undefined || each.family === family) &&
          contains(each.traffic, traffic),
      );
      seen.compared++;
      const actual = found.length === 0 ? "deny" : found[0]!.verdict;
      if (actual !== expected) {
        return `${profile.name}: ${peers[from]!.id} to ${peers[to]!.id} at ${traffic} over IPv${family} is ${actual}, not ${expected}`;
      }
    }
  }
  return undefined;
}

/** A (from, to, traffic) stands in one rectangle at most, and no single peer reaches itself. */
function findOverlap(list: readonly Rectangle[]): string | undefined {
  const seen = new Map<string, Rectangle[]>();
  for (const rectangle of list) {
    for (const from of rectangle.from) {
      for (const to of rectangle.to) {
        const others = seen.get(`${from} ${to}`) ?? [];
        if (others.some((other) => overlaps(other, rectangle)))
          return `${from} to ${to} stands twice`;
        seen.set(`${from} ${to}`, [...others, rectangle]);
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

/** One address of an end that may have more. */
function isOneAddress(end: End): boolean {
  return (end.kind === "pod" || end.kind === "node") && end.address !== undefined;
}

/** Two relations, or a relation and a node, are never listed. */
function isRelationPair(a: End, b: End): boolean {
  const kinds = [a.kind, b.kind];
  return kinds.includes("relation") && !kinds.includes("pod");
}

function peerOf(peers: readonly ReachPeer[], end: End): number {
  return peers.findIndex((peer) => {
    switch (end.kind) {
      case "outside":
        return peer.kind === "outside" && containsAddress(peer.addresses, end.address);
      case "relation":
        return peer.id === end.relation;
      case "node":
        return peer.id === `node/${end.name}`;
      case "pod":
        return (
          peer.id === end.workload.id ||
          (peer.kind === "pod" && peer.id === `${end.workload.namespace}/Pod/${end.pod.name}`)
        );
    }
  });
}
