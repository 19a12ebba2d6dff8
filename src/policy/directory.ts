import { formatAddress, parseAddress } from "../base/index.ts";
import type { Cluster, Pod, Workload } from "../model/index.ts";
import type { End } from "./connection.ts";

/** What one name in a question stands for: one end, or each pod of a workload. `id` is how it is shown. */
export interface NamedEnd {
  readonly id: string;
  /** A workload is asked for as a whole: its pods may differ, and to itself it means two different pods. */
  readonly whole: boolean;
  readonly ends: readonly End[];
}

/** The names of a cluster's endpoints. */
export interface Directory {
  /** What a name stands for, `undefined` if nothing has it. */
  readonly find: (name: string) => NamedEnd | undefined;
  /** Every name that can be asked for, sorted; for suggestions. */
  readonly names: () => readonly string[];
}

/** Builds the directory of a cluster (contract, Names). An address of a known pod or node is that pod or node, however it is written; any other is outside. */
export function buildDirectory(cluster: Cluster): Directory {
  const workloads = new Map(cluster.workloads.map((workload) => [workload.id, workload]));
  const nodes = new Map(cluster.nodes.map((node) => [node.name, node]));
  let pods: ReadonlyMap<string, End> | undefined;
  let addresses: ReadonlyMap<string, NamedEnd> | undefined;

  const find = (name: string): NamedEnd | undefined => {
    const workload = workloads.get(name);
    if (workload !== undefined) return wholeOf(workload);
    pods ??= podsOf(cluster);
    const pod = pods.get(name);
    if (pod !== undefined) return { id: name, whole: false, ends: [pod] };
    if (name === "own-node" || name === "other-nodes") {
      return { id: name, whole: false, ends: [{ kind: "relation", relation: name }] };
    }
    const node = name.startsWith("node/") ? nodes.get(name.slice("node/".length)) : undefined;
    if (node !== undefined) {
      const { labels, addresses: own } = node;
      const end: End = { kind: "node", name: node.name, labels, addresses: own };
      return { id: name, whole: false, ends: [end] };
    }
    const address = parseAddress(name);
    if (address === undefined) return undefined;
    addresses ??= addressesOf(cluster);
    const known = addresses.get(`${address.family}/${address.value}`);
    return (
      known ?? { id: formatAddress(address), whole: false, ends: [{ kind: "outside", address }] }
    );
  };
  const names = (): readonly string[] => {
    pods ??= podsOf(cluster);
    const all = [...workloads.keys(), ...pods.keys()];
    for (const node of nodes.keys()) all.push(`node/${node}`);
    return [...new Set([...all, "other-nodes", "own-node"])].toSorted();
  };
  return { find, names };
}

function wholeOf(workload: Workload): NamedEnd {
  const single = workload.kind === "Pod" && workload.pods.length === 1;
  const ends = workload.pods.map((pod): End => ({ kind: "pod", workload, pod }));
  return { id: workload.id, whole: !single, ends };
}

function podsOf(cluster: Cluster): ReadonlyMap<string, End> {
  const pods = new Map<string, End>();
  for (const workload of cluster.workloads) {
    for (const pod of workload.pods) {
      if (pod.name === undefined) continue;
      pods.set(`${workload.namespace}/Pod/${pod.name}`, { kind: "pod", workload, pod });
    }
  }
  return pods;
}

/** Nodes come before host-network pods, which share their addresses; what only the status of a pod tells of comes last. */
function addressesOf(cluster: Cluster): ReadonlyMap<string, NamedEnd> {
  const known = new Map<string, NamedEnd>();
  type Own = Extract<End, { readonly kind: "pod" | "node" }>;
  const add = (addresses: Pod["hostAddresses"], end: Own, id?: string): void => {
    for (const address of addresses) {
      const key = `${address.family}/${address.value}`;
      if (known.has(key)) continue;
      const ends = [{ ...end, address }];
      known.set(key, { id: id ?? formatAddress(address), whole: false, ends });
    }
  };
  const nodes = new Map<string, Own>();
  for (const { name, labels, addresses } of cluster.nodes) {
    const end: Own = { kind: "node", name, labels, addresses };
    nodes.set(name, end);
    add(addresses, end, `node/${name}`);
  }
  const pods = cluster.workloads.flatMap((workload) =>
    workload.pods.map((pod) => ({ workload, pod })),
  );
  for (const { workload, pod } of pods) {
    if (pod.addresses === undefined || pod.hostNetwork) continue;
    add(pod.addresses, { kind: "pod", workload, pod }, `${workload.namespace}/Pod/${pod.name}`);
  }
  for (const { pod } of pods) {
    const addresses = pod.hostNetwork ? (pod.addresses ?? pod.hostAddresses) : pod.hostAddresses;
    const listed = pod.node === undefined ? undefined : nodes.get(pod.node);
    if (listed !== undefined) add(addresses, listed, `node/${pod.node}`);
    else add(addresses, { kind: "node", name: pod.node ?? "", labels: {}, addresses });
  }
  return known;
}
