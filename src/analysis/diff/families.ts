import { familiesOf } from "../../base/index.ts";
import type { CompiledPolicies } from "../../policy/index.ts";
import { createEndFinder } from "./end-edits.ts";
import type { DiffPeer } from "./join-peers.ts";
import { classOf } from "./world.ts";

/** The families in which each peer has or may have addresses in a state: 1 IPv4, 2 IPv6, 3 both; 3 also for one that the state lacks. */
export function familiesIn(
  compiled: CompiledPolicies,
  peers: readonly DiffPeer[],
): readonly number[] {
  const find = createEndFinder(compiled.cluster);
  return peers.map((peer) => {
    if (peer.kind === "outside") return familiesOf(peer.addresses);
    const end = find(peer, 4);
    return end === undefined ? 3 : compiled.classes.classes[classOf(compiled, end)]!.families;
  });
}
