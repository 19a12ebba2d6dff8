import { type Address, type Family, parseAddress } from "../../src/base/index.ts";
import type { Cluster } from "../../src/model/index.ts";
import { type Connection, type End, type Fact, parseTrafficPoint } from "../../src/policy/index.ts";
import { createRandom } from "./random.ts";

/** Addresses outside, at and around the bounds of the ranges that hostile policies use. */
const OUTSIDE = [
  "8.8.8.8",
  "10.0.0.1",
  "10.1.0.7",
  "10.1.0.8",
  "10.200.0.1",
  "203.0.113.1",
  "203.0.113.127",
  "203.0.113.128",
  "203.0.114.0",
  "2001:db8::1",
  "2001:db9::1",
  "fd01::ffff",
  "fe80::1",
];

/** Traffic at and around the ports that hostile policies use. */
const PORTS = [
  "tcp/80",
  "tcp/8080",
  "tcp/53",
  "tcp/49",
  "tcp/50",
  "tcp/54",
  "udp/53",
  "udp/80",
  "sctp/80",
  "icmp/8",
  "icmpv6/128",
  "icmpv6/135",
  "proto/112",
];

const FACTS: readonly (readonly Fact[])[] = [
  [],
  [],
  [],
  [{ kind: "fqdn", name: "api.example.com" }],
  [{ kind: "fqdn", name: "example.com" }],
];

/** Every end of a cluster: pods, nodes, the relations where no node is known, and addresses outside. */
export function endsOf(cluster: Cluster): readonly End[] {
  const pods = cluster.workloads.flatMap((workload) =>
    workload.pods.map((pod): End => ({ kind: "pod", workload, pod })),
  );
  const nodes = cluster.nodes.map(({ name, labels, addresses }): End => ({
    kind: "node",
    name,
    labels,
    addresses,
  }));
  const relations: readonly End[] =
    nodes.length > 0
      ? []
      : [
          { kind: "relation", relation: "own-node" },
          { kind: "relation", relation: "other-nodes" },
        ];
  const outside = OUTSIDE.map((text): End => ({ kind: "outside", address: parseAddress(text)! }));
  return [...pods, ...nodes, ...relations, ...outside];
}

/** Every traffic point that is worth asking for. */
export const POINTS: readonly number[] = PORTS.map((text) => {
  const point = parseTrafficPoint(text);
  if (typeof point === "string") throw new Error(point);
  return point.point;
});

/** Up to `most` connections of a cluster, chosen by the seed: mostly between pods that exist in the same family. */
export function connectionsOf(cluster: Cluster, seed: number, most: number): readonly Connection[] {
  const random = createRandom(seed);
  const ends = endsOf(cluster);
  const inside = ends.filter(({ kind }) => kind !== "outside");
  const outside = ends.filter(({ kind }) => kind === "outside");
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
      traffic: random.pick(POINTS),
      family: fixed?.family ?? family,
      facts: random.pick(FACTS),
    });
  }
  return out;
}

/** The addresses by which an end of the cluster can be asked for. */
function ownAddresses(end: End): readonly Address[] {
  if (end.kind === "node") return end.addresses;
  return end.kind === "pod" && !end.pod.hostNetwork ? (end.pod.addresses ?? []) : [];
}

/** The address by which an end is asked for. */
function namedAddress(end: End): Address | undefined {
  return end.kind === "relation" ? undefined : end.address;
}

/** Whether an end is known to have no address of the family. */
function lacksFamily(end: End, family: Family): boolean {
  const addresses =
    end.kind === "outside" ? [end.address] : end.kind === "pod" ? end.pod.addresses : undefined;
  return addresses !== undefined && addresses.every((address) => address.family !== family);
}

/** A relation is one of a pod. */
function canMeet(a: End, b: End): boolean {
  return a.kind !== "relation" || b.kind === "pod";
}
