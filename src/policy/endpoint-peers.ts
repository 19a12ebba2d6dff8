import type { Address } from "../base/index.ts";
import type { Pod, Workload } from "../model/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import { partyOf } from "./party.ts";
import type { ReachPeer } from "./reachability-types.ts";

/** A peer of the cluster: a workload, one of its pods, a node or a relation. */
export interface EndpointPeer {
  readonly peer: Exclude<ReachPeer, { readonly kind: "outside" }>;
  readonly number: number;
  /** Where it runs, as far as it is known; of a workload only if that is the same for all pods or does not matter. */
  readonly node: string | undefined;
  readonly nodeAddresses: readonly Address[];
  /** It is one endpoint: it cannot connect to another of its kind. */
  readonly single: boolean;
}

/**
 * The peers of a reachability answer, sorted by id. The pods of a workload are one peer as long as they are of one class;
 * `ownNodeMatters` tells for a class whether it also counts which node its pods run on (NP-7).
 */
export function buildEndpointPeers(
  compiled: CompiledPolicies,
  ownNodeMatters: (number: number) => boolean,
): readonly EndpointPeer[] {
  const { cluster, classes } = compiled;
  const peers = cluster.workloads.flatMap((workload) =>
    peersOf(compiled, workload, ownNodeMatters),
  );
  for (const node of cluster.nodes) {
    const { name, addresses } = node;
    const number = classes.ofNode.get(node)!;
    const peer = { kind: "node", id: `node/${name}` } as const;
    peers.push({ peer, number, node: name, nodeAddresses: addresses, single: true });
  }
  if (cluster.nodes.length === 0) {
    const relation = { node: undefined, nodeAddresses: [], single: true };
    const [own, other] = [classes.ownNode, classes.otherNodes];
    peers.push(
      { ...relation, peer: { kind: "relation", id: "own-node" }, number: own },
      { ...relation, peer: { kind: "relation", id: "other-nodes" }, number: other },
    );
  }
  return peers.toSorted((a, b) => (a.peer.id < b.peer.id ? -1 : 1));
}

function peersOf(
  compiled: CompiledPolicies,
  workload: Workload,
  ownNodeMatters: (number: number) => boolean,
): EndpointPeer[] {
  const { ofPod } = compiled.classes;
  const [first, ...rest] = workload.pods;
  const number = ofPod.get(first!)!;
  const where = (pod: Pod): Place => {
    const { node, nodeAddresses } = partyOf(compiled, { kind: "pod", workload, pod });
    return { node, nodeAddresses };
  };
  const place = where(first!);
  const isOneClass = rest.every((pod) => ofPod.get(pod) === number);
  const isOnePlace =
    rest.length === 0 ||
    !ownNodeMatters(number) ||
    rest.every((pod) => placeText(where(pod)) === placeText(place));
  if (isOneClass && isOnePlace) {
    const single = workload.kind === "Pod" && workload.pods.length === 1;
    return [{ peer: { kind: "workload", id: workload.id }, number, ...place, single }];
  }
  return workload.pods.map((pod) => ({
    peer: { kind: "pod", id: `${workload.namespace}/Pod/${pod.name}`, workload: workload.id },
    number: ofPod.get(pod)!,
    ...where(pod),
    single: true,
  }));
}

type Place = Pick<EndpointPeer, "node" | "nodeAddresses">;

/** A text that is equal for places that no host tells apart: some hosts are known by name only, others by their addresses only. */
export function placeText({ node, nodeAddresses }: Place): string {
  return `${node ?? ""}|${nodeAddresses.map(({ family, value }) => `${family}/${value}`).join()}`;
}
