import { type Address, type AddressSet, parseAddress, parseCidr } from "../../src/base/index.ts";
import type { Cluster, Pod } from "../../src/model/index.ts";
import type { Peer } from "./documents.ts";

/** The families in which each end of a cluster has or may have an address, by id: 1 IPv4, 2 IPv6, 3 both. Pods have their own id and count for their workload. */
export function familiesById(cluster: Cluster): ReadonlyMap<string, number> {
  const families = new Map<string, number>([
    ["own-node", unknown(cluster.nodeRanges)],
    ["other-nodes", unknown(cluster.nodeRanges)],
  ]);
  for (const { name, addresses } of cluster.nodes) {
    families.set(`node/${name}`, of(addresses, cluster.nodeRanges));
  }
  for (const { id, namespace, pods } of cluster.workloads) {
    for (const pod of pods) {
      const mask = ofPod(cluster, pod);
      families.set(`${namespace}/Pod/${pod.name}`, mask);
      families.set(id, (families.get(id) ?? 0) | mask);
    }
  }
  return families;
}

function ofPod(cluster: Cluster, pod: Pod): number {
  if (!pod.hostNetwork) return of(pod.addresses ?? [], cluster.podRanges);
  const node = cluster.nodes.find(({ name }) => name === pod.node)?.addresses ?? [];
  const own = [pod.addresses ?? [], node, pod.hostAddresses].find((list) => list.length > 0);
  return of(own ?? [], cluster.nodeRanges);
}

function of(addresses: readonly Address[], ranges: AddressSet | undefined): number {
  return addresses.length === 0 ? unknown(ranges) : maskOf(addresses);
}

function unknown(ranges: AddressSet | undefined): number {
  return ranges === undefined ? 3 : maskOf(ranges);
}

function maskOf(list: readonly { readonly family: 4 | 6 }[]): number {
  return list.reduce((mask, { family }) => mask | (family === 4 ? 1 : 2), 0);
}

/** The ranges of an outside peer as they are written, in their order. */
export function rangesOf({ addresses = [] }: Peer): AddressSet {
  return addresses.map((text) => {
    const [first, last] = text.split("-").map((end) => parseAddress(end));
    const range = parseCidr(text);
    if (range !== undefined) return range;
    if (first === undefined || last === undefined) throw new Error(`no range: ${text}`);
    return { family: first.family, first: first.value, last: last.value };
  });
}

/** The families of an outside peer. */
export function outsideFamilies(peer: Peer): number {
  return maskOf(rangesOf(peer));
}
