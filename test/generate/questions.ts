import {
  type Address,
  type Family,
  formatAddress,
  lastOf,
  parseAddress,
} from "../../src/base/index.ts";
import type { Cluster, Pod } from "../../src/model/index.ts";
import {
  type Connection,
  type End,
  type Fact,
  PROFILES,
  compilePolicies,
  directoryOf,
  parseTrafficPoint,
} from "../../src/policy/index.ts";
import { type Random, createRandom } from "./random.ts";

/** Traffic that is asked for whatever the policies say. */
const PORTS =
  "tcp/22 udp/4789 proto/4 tcp/80 tcp/8080 udp/53 sctp/80 icmp/0 icmp/8 icmp/255/255 icmpv6/128 icmpv6/135 proto/0 proto/112 proto/255";
/** Addresses outside that are asked for whatever the policies say. */
const OUTSIDE = "8.8.8.8 10.0.0.1 203.0.113.1 2001:db8::1 fe80::1";

const FACTS: readonly (readonly Fact[])[] = [
  [],
  [],
  [],
  [{ kind: "fqdn", name: "api.example.com" }],
  [{ kind: "fqdn", name: "example.com" }],
  [
    { kind: "fqdn", name: "other.test" },
    { kind: "fqdn", name: "a.b.example.com" },
  ],
];

/** Up to `most` connections of a cluster, chosen by the seed: mostly between pods that exist in the same family, at ports and addresses where the policies may change their mind. */
export function connectionsOf(cluster: Cluster, seed: number, most: number): readonly Connection[] {
  const random = createRandom(seed ^ 0x5eed);
  const inside = insideEnds(cluster);
  const outside = outsideEnds(cluster, random);
  const points = pointsOf(cluster);
  const pick = (): End => {
    const end = random.pick(random.chance(75) ? inside : outside);
    const own = random.chance(10) ? ownAddresses(end) : [];
    return own.length === 0 ? end : ({ ...end, address: random.pick(own) } as End);
  };
  const out: Connection[] = [];
  for (let tries = 0; out.length < most && tries < most * 4; tries++) {
    const [source, destination] = [pick(), pick()];
    if (!canMeet(source, destination) || !canMeet(destination, source)) continue;
    if (source.kind === "outside" && destination.kind === "outside") continue;
    const family: Family = random.chance(60) ? 4 : 6;
    const lacks = [source, destination].some((end) => lacksFamily(end, family));
    if (lacks && random.chance(95)) continue;
    const fixed = [source, destination].map(namedAddress).find((address) => address !== undefined);
    out.push({
      source,
      destination,
      traffic: random.pick(points),
      family: fixed?.family ?? family,
      facts: random.pick(FACTS),
    });
  }
  return out;
}

/** The addresses by which an end of the cluster can be asked for; those of a host-network pod mean its node. */
function ownAddresses(end: End): readonly Address[] {
  if (end.kind === "node") return end.addresses;
  return end.kind === "pod" && !end.pod.hostNetwork ? (end.pod.addresses ?? []) : [];
}

/** The address by which an end is asked for. */
function namedAddress(end: End): Address | undefined {
  return end.kind === "relation" ? undefined : end.address;
}

/** Pods, nodes, nodes that only the status of a pod tells of, and the relations. */
function insideEnds(cluster: Cluster): readonly End[] {
  const pods = cluster.workloads.flatMap((workload) =>
    workload.pods.map((pod): End => ({ kind: "pod", workload, pod })),
  );
  const nodes = cluster.nodes.map(({ name, labels, addresses }): End => ({
    kind: "node",
    name,
    labels,
    addresses,
  }));
  return [
    ...pods,
    ...nodes,
    ...toldNodes(cluster),
    { kind: "relation", relation: "own-node" },
    { kind: "relation", relation: "other-nodes" },
  ];
}

/** What the address of a pod's node stands for where no node has that address. */
function toldNodes(cluster: Cluster): readonly End[] {
  const listed = new Set(cluster.nodes.flatMap(({ addresses }) => addresses.map(formatAddress)));
  const told = cluster.workloads
    .flatMap(({ pods }) => pods.flatMap(hostAddressesOf))
    .map(formatAddress)
    .filter((text) => !listed.has(text));
  if (told.length === 0) return [];
  const directory = directoryOf(compilePolicies(cluster, PROFILES["kubernetes"]!));
  return [...new Set(told)].flatMap((text) => directory.find(text)!.ends);
}

function hostAddressesOf({ hostNetwork, addresses, hostAddresses }: Pod): readonly Address[] {
  return hostNetwork ? (addresses ?? hostAddresses) : hostAddresses;
}

/** A few addresses outside and some at and around the bounds of the ranges that policies use; those of pods and nodes are not outside. */
function outsideEnds(cluster: Cluster, random: Random): readonly End[] {
  const known = new Set<string>();
  const add = (addresses: readonly Address[]): void => {
    for (const address of addresses) known.add(formatAddress(address));
  };
  for (const { addresses } of cluster.nodes) add(addresses);
  for (const pod of cluster.workloads.flatMap(({ pods }) => pods)) {
    add([...(pod.addresses ?? []), ...pod.hostAddresses]);
  }
  const bounds = boundsOf(cluster);
  const near = bounds.length === 0 ? [] : random.many(8, 16, () => random.pick(bounds));
  const all = [...OUTSIDE.split(" ").map((text) => parseAddress(text)!), ...near];
  return all
    .filter((address) => !known.has(formatAddress(address)))
    .map((address): End => ({ kind: "outside", address }));
}

function boundsOf(cluster: Cluster): readonly Address[] {
  const blocks = cluster.networkPolicies
    .flatMap(({ ingress, egress }) => [...ingress, ...egress].flatMap(({ peers }) => peers))
    .flatMap((peer) => (peer.kind === "ipBlock" ? [peer.cidr, ...peer.except] : []));
  const networks = cluster.adminPolicies
    .flatMap(({ egress }) => egress.flatMap(({ peers }) => peers))
    .flatMap((peer) => (peer.kind === "networks" ? peer.cidrs : []));
  const calico = cluster.calico.flatMap((object) => {
    if ("nets" in object) return object.nets;
    const rules = "ingress" in object ? [...object.ingress, ...object.egress] : [];
    return rules
      .flatMap(({ source, destination }) => [source, destination])
      .flatMap(({ nets, notNets }) => [...(nets ?? []), ...(notNets ?? [])]);
  });
  return [...blocks, ...networks, ...calico].flatMap(({ family, first, last }) =>
    [first - 1n, first, last, last + 1n]
      .filter((value) => value >= 0n && value <= lastOf(family))
      .map((value) => ({ family, value })),
  );
}

/** Points of the traffic line at and around every port that policies and pods name; those of the numbers of `PORTS` thrice, so that they are asked for often. */
function pointsOf(cluster: Cluster): readonly number[] {
  const texts = PORTS.split(" ");
  const usual = [...texts, ...texts, ...texts].map(pointOf);
  const named = cluster.workloads
    .flatMap(({ pods }) => pods.flatMap(({ ports }) => ports))
    .map(({ protocol, port }) => [protocol, port, port] as const);
  const plain = cluster.networkPolicies
    .flatMap(({ ingress, egress }) => [...ingress, ...egress].flatMap(({ ports }) => ports))
    .flatMap(({ protocol, port, endPort }) =>
      typeof port === "number" ? [[protocol, port, endPort ?? port] as const] : [],
    );
  const admin = cluster.adminPolicies
    .flatMap(({ ingress, egress }) => [...ingress, ...egress])
    .flatMap(({ protocols }) => protocols ?? [])
    .flatMap((entry) =>
      entry.kind === "ports" ? [[entry.protocol, entry.first, entry.last] as const] : [],
    );
  const near = [...named, ...plain, ...admin].flatMap(([protocol, first, last]) =>
    [first - 1, first, last, last + 1]
      .filter((port) => port >= 1 && port <= 65_535)
      .map((port) => pointOf(`${protocol.toLowerCase()}/${port}`)),
  );
  return [...usual, ...new Set(near)];
}

function pointOf(text: string): number {
  const point = parseTrafficPoint(text);
  if (typeof point === "string") throw new Error(point);
  return point.point;
}

/** Whether an end is known to have no address of the family. */
function lacksFamily(end: End, family: Family): boolean {
  const addresses = addressesOf(end);
  return (
    addresses !== undefined &&
    addresses.length > 0 &&
    addresses.every((address) => address.family !== family)
  );
}

function addressesOf(end: End): readonly Address[] | undefined {
  const named = namedAddress(end);
  if (named !== undefined) return [named];
  if (end.kind === "pod") return end.pod.addresses;
  return end.kind === "node" ? end.addresses : undefined;
}

/** A relation is one of a pod. */
function canMeet(a: End, b: End): boolean {
  return a.kind !== "relation" || b.kind === "pod";
}
