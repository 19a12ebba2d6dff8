import type { Address, Family } from "../../base/index.ts";
import type { Cluster, Labels, Pod } from "../../model/index.ts";
import type { End } from "../connection.ts";
import type { Host, Other } from "./match.ts";

/** How an end looks to the policies at the other end. */
export function seenAs(cluster: Cluster, hostPodsArePods: boolean, end: End): Other {
  switch (end.kind) {
    case "outside":
      return { kind: "outside", address: end.address };
    case "relation":
      return { kind: "host", host: { labels: undefined, addresses: undefined } };
    case "node":
      return { kind: "host", host: hostOfNode(cluster, end.name, addressesOf(end)) };
    case "pod": {
      const pod = end.address === undefined ? end.pod : { ...end.pod, addresses: [end.address] };
      if (!pod.hostNetwork)
        return { kind: "pod", namespace: end.workload.namespace, pod, host: undefined };
      const host = hostOfPod(cluster, pod);
      return hostPodsArePods
        ? { kind: "pod", namespace: end.workload.namespace, pod, host }
        : { kind: "host", host };
    }
  }
}

/** The address that the question names, else all of a node's. */
function addressesOf(node: Extract<End, { readonly kind: "node" }>): readonly Address[] {
  return node.address === undefined ? node.addresses : [node.address];
}

function hostOfNode(cluster: Cluster, name: string, addresses: readonly Address[]): Host {
  const listed = cluster.nodes.find((node) => node.name === name);
  const labels: Labels | undefined = listed?.labels;
  return { labels, addresses: addresses.length > 0 ? addresses : undefined };
}

/** NP-8: the labels and addresses of its node, as far as they are known; its status may tell which of the addresses it has. */
function hostOfPod(cluster: Cluster, pod: Pod): Host {
  const listed = cluster.nodes.find(({ name }) => name === pod.node);
  const own = listed !== undefined && listed.addresses.length > 0 ? listed.addresses : undefined;
  const told = pod.hostAddresses.length > 0 ? pod.hostAddresses : undefined;
  return { labels: listed?.labels, addresses: pod.addresses ?? own ?? told };
}

/** Where an end is. */
export interface Place {
  readonly families: readonly Family[];
  readonly node: string | undefined;
  readonly nodeAddresses: readonly Address[];
}

/** The families that an end has or may have, and where it runs. */
export function placeOf(cluster: Cluster, end: End): Place {
  const nowhere = { node: undefined, nodeAddresses: [] };
  switch (end.kind) {
    case "outside":
      return { ...nowhere, families: [end.address.family] };
    case "relation":
      return { ...nowhere, families: familiesOf(undefined, cluster.nodeRanges) };
    case "node": {
      const known = addressesOf(end);
      const families = familiesOf(known.length > 0 ? known : undefined, cluster.nodeRanges);
      return {
        families,
        node: end.name === "" ? undefined : end.name,
        nodeAddresses: end.addresses,
      };
    }
    case "pod": {
      const { pod } = end;
      const listed = cluster.nodes.find(({ name }) => name === pod.node);
      const own =
        listed !== undefined && listed.addresses.length > 0 ? listed.addresses : undefined;
      if (!pod.hostNetwork) {
        const asked = end.address === undefined ? undefined : [end.address];
        const families = familiesOf(asked ?? pod.addresses, cluster.podRanges);
        return { families, node: pod.node, nodeAddresses: own ?? pod.hostAddresses };
      }
      const { addresses } = hostOfPod(cluster, pod);
      const families = familiesOf(addresses, cluster.nodeRanges);
      return { families, node: pod.node, nodeAddresses: addresses ?? [] };
    }
  }
}

function familiesOf(
  addresses: readonly { readonly family: Family }[] | undefined,
  ranges: readonly { readonly family: Family }[] | undefined,
): readonly Family[] {
  const known = addresses ?? ranges;
  return ([4, 6] as const).filter(
    (family) => known === undefined || known.some((each) => each.family === family),
  );
}

/** Whether two ends are on one node: by name, else by a shared address, else it is not known. */
export function isOwnNode(cluster: Cluster, source: End, destination: End): readonly boolean[] {
  for (const end of [source, destination]) {
    if (end.kind === "relation") return [end.relation === "own-node"];
  }
  if (source.kind === "outside" || destination.kind === "outside") return [false];
  const a = placeOf(cluster, source);
  const b = placeOf(cluster, destination);
  if (a.node !== undefined && b.node !== undefined) return [a.node === b.node];
  const shared = a.nodeAddresses.some((x) =>
    b.nodeAddresses.some((y) => x.family === y.family && x.value === y.value),
  );
  return shared ? [true] : [true, false];
}
