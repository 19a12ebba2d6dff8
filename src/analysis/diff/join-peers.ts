import { type AddressRange, type Family, addressSet, lastOf } from "../../base/index.ts";
import type { ReachPeer } from "../../policy/index.ts";

/** A peer of both states; `state` stands on one that only one of them has. */
export type DiffPeer = ReachPeer & { readonly state?: "added" | "removed" };

/** The peers of two states, split as finely as either needs. */
export interface JoinedPeers {
  /** As in a reachability answer: by id, then the outside by first address, with the numbers after the split. */
  readonly peers: readonly DiffPeer[];
  /** For each peer of a state the joined peers that it is; ascending. */
  readonly ofBase: readonly (readonly number[])[];
  readonly ofHead: readonly (readonly number[])[];
}

/**
 * Joins the peers of two states. A workload that is one peer in one state and its pods in the other is its pods, a range
 * outside is cut where either state cuts it. Nodes and the relations `own-node` and `other-nodes` stay what they are: where
 * only one state lists nodes, those are in that state only.
 */
export function joinPeers(base: readonly ReachPeer[], head: readonly ReachPeer[]): JoinedPeers {
  const [ofBase, ofHead] = [idsOf(base, head), idsOf(head, base)];
  const shown = new Map<string, ReachPeer>();
  for (const [peers, ids] of [
    [base, ofBase],
    [head, ofHead],
  ] as const) {
    for (const [index, list] of ids.entries()) {
      for (const id of list) shown.set(id, peerCalled(peers[index]!, id, shown.get(id)));
    }
  }
  const inBase = new Set(ofBase.flat());
  const inHead = new Set(ofHead.flat());
  const ids = [...shown.keys()].toSorted((a, b) => (a < b ? -1 : 1));
  const number = new Map(ids.map((id, index) => [id, index]));
  const peers: DiffPeer[] = ids.map((id) => {
    const peer = shown.get(id)!;
    if (!inHead.has(id)) return { ...peer, state: "removed" };
    return inBase.has(id) ? peer : { ...peer, state: "added" };
  });
  const parts = joinOutside(base, head);
  const first = peers.length;
  for (const [index, { addresses }] of parts.entries()) {
    peers.push({ kind: "outside", id: `outside/${index + 1}`, addresses: addressSet(addresses) });
  }
  const numbers = (
    side: readonly ReachPeer[],
    list: readonly (readonly string[])[],
    key: "base" | "head",
  ): readonly (readonly number[])[] => {
    const outside = Map.groupBy(parts.keys(), (part) => parts[part]![key]);
    return side.map((peer, index) =>
      peer.kind === "outside"
        ? (outside.get(index) ?? []).map((part) => first + part)
        : list[index]!.map((id) => number.get(id)!).toSorted((a, b) => a - b),
    );
  };
  return {
    peers,
    ofBase: numbers(base, ofBase, "base"),
    ofHead: numbers(head, ofHead, "head"),
  };
}

/** What each peer of a state is called after the split; nothing for the outside. */
function idsOf(
  mine: readonly ReachPeer[],
  theirs: readonly ReachPeer[],
): readonly (readonly string[])[] {
  const own = new Set(mine.map(({ id }) => id));
  const known = new Set(theirs.map(({ id }) => id));
  const pods = Map.groupBy(
    theirs.filter((peer) => peer.kind === "pod"),
    ({ workload }) => workload,
  );
  return mine.map(({ kind, id }) => {
    if (kind === "outside") return [];
    if (kind !== "workload" || known.has(id)) return [id];
    const split = (pods.get(id) ?? []).map((pod) => pod.id).filter((pod) => !own.has(pod));
    return split.length > 0 ? split : [id];
  });
}

/** The peer of an id, of which `peer` is the one state's and `other` what is known so far; what a pod belongs to is kept. */
function peerCalled(peer: ReachPeer, id: string, other: ReachPeer | undefined): ReachPeer {
  if (peer.id === id) return peer;
  return other ?? { kind: "pod", id, workload: peer.id };
}

/** A part of the outside: one peer of each state, as an index. */
interface OutsidePart {
  readonly base: number;
  readonly head: number;
  readonly addresses: AddressRange[];
}

/** The common refinement of the outside of two states, by first address. */
function joinOutside(
  base: readonly ReachPeer[],
  head: readonly ReachPeer[],
): readonly OutsidePart[] {
  const parts = new Map<string, OutsidePart>();
  for (const family of [4, 6] as const) {
    const [mine, theirs] = [rangesOf(base, family), rangesOf(head, family)];
    let [i, j] = [0, 0];
    for (let first = 0n; first <= lastOf(family);) {
      while (mine[i]!.last < first) i++;
      while (theirs[j]!.last < first) j++;
      const [a, b] = [mine[i]!, theirs[j]!];
      const last = a.last < b.last ? a.last : b.last;
      const key = `${a.peer}/${b.peer}`;
      const part = parts.get(key) ?? { base: a.peer, head: b.peer, addresses: [] };
      part.addresses.push({ family, first, last });
      parts.set(key, part);
      first = last + 1n;
    }
  }
  return [...parts.values()];
}

/** The ranges of one family with the peer that has each, ascending; together they are every address. */
function rangesOf(
  peers: readonly ReachPeer[],
  family: Family,
): readonly { readonly peer: number; readonly last: bigint }[] {
  return peers
    .flatMap((each, peer) =>
      each.kind === "outside" ? each.addresses.map((range) => ({ ...range, peer })) : [],
    )
    .filter((range) => range.family === family)
    .toSorted((a, b) => (a.first < b.first ? -1 : 1));
}
