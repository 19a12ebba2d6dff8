import { type CompiledPolicies, reachability } from "../../policy/index.ts";
import { type ChangedSides, type CompareCounters, compareRows } from "./compare-rows.ts";
import { familiesIn } from "./families.ts";
import { type DiffPeer, joinPeers } from "./join-peers.ts";

/** How two states differ in who can reach whom, before causes are looked for. */
export interface ReachComparison {
  /** The peers of both, split as finely as either state needs. */
  readonly peers: readonly DiffPeer[];
  readonly changed: readonly ChangedSides[];
  readonly counters: CompareCounters;
}

/** Compares the reachability of two compiled states; no pair that is equal is visited. */
export function compareReach(base: CompiledPolicies, head: CompiledPolicies): ReachComparison {
  const [mine, theirs] = [reachability(base), reachability(head)];
  const { peers, ofBase, ofHead } = joinPeers(mine.peers, theirs.peers);
  const compared = compareRows(
    peers,
    { rectangles: mine.rectangles(), joined: ofBase, families: familiesIn(base, peers) },
    { rectangles: theirs.rectangles(), joined: ofHead, families: familiesIn(head, peers) },
  );
  return { peers, ...compared };
}
