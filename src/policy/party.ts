import { type Address, type Family, familiesOf } from "../base/index.ts";
import type { Pod } from "../model/index.ts";
import type { Profile } from "./board.ts";
import { hostAddressesOf, knownAddresses } from "./classes.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { End } from "./connection.ts";
import type { PointRef } from "./judge.ts";
import type { Column } from "./match.ts";

/** One end of a connection as the compiled policies know it. */
export interface Party {
  readonly type: "pod" | "host-pod" | "node" | "own-node" | "other-nodes" | "outside";
  /** Its class; -1 outside and for a node that only a pod's status tells of. */
  readonly number: number;
  /** 1 IPv4, 2 IPv6, 3 both. */
  readonly families: number;
  /** Outside: the address. A node that only a pod's status tells of: its addresses. */
  readonly addresses: readonly Address[];
  /** The one of its addresses that the question names. */
  readonly address: Address | undefined;
  /** The node that it is or runs on, as far as it is known. */
  readonly node: string | undefined;
  readonly nodeAddresses: readonly Address[];
}

/** What the compiled policies know of an end. */
export function partyOf(compiled: CompiledPolicies, end: End): Party {
  const { classes } = compiled;
  const nowhere = { addresses: [], address: undefined, node: undefined, nodeAddresses: [] };
  switch (end.kind) {
    case "pod": {
      const number = classes.ofPod.get(end.pod)!;
      const { type, families: all } = classes.classes[number]!;
      const { address } = end;
      const families = address === undefined ? all : familiesOf([address]);
      return { ...nowhere, type, number, families, address, ...nodeOf(compiled, end.pod) };
    }
    case "node": {
      const listed = compiled.nodes.get(end.name);
      const nodeAddresses = end.addresses;
      const { address } = end;
      const addresses = address === undefined ? end.addresses : [address];
      const number = listed === undefined ? -1 : classes.ofNode.get(listed)!;
      const families =
        number < 0 || address !== undefined
          ? familiesOf(addresses)
          : classes.classes[number]!.families;
      return {
        type: "node",
        number,
        families,
        addresses,
        address,
        node: end.name === "" ? undefined : end.name,
        nodeAddresses,
      };
    }
    case "relation": {
      const number = end.relation === "own-node" ? classes.ownNode : classes.otherNodes;
      const { families } = classes.classes[number]!;
      return { ...nowhere, type: end.relation, number, families };
    }
    case "outside":
      return {
        ...nowhere,
        type: "outside",
        number: -1,
        families: familiesOf([end.address]),
        addresses: [end.address],
        address: end.address,
      };
  }
}

function nodeOf({ nodes }: CompiledPolicies, pod: Pod): Pick<Party, "node" | "nodeAddresses"> {
  const { node } = pod;
  const listed = node === undefined ? undefined : nodes.get(node);
  const nodeAddresses = pod.hostNetwork
    ? (hostAddressesOf(pod, listed) ?? [])
    : ((listed === undefined ? undefined : knownAddresses(listed)) ?? pod.hostAddresses);
  return { node, nodeAddresses };
}

/** A party of a class, on a node of the given name if it is known. */
export function partyOfClassAt(
  { classes }: CompiledPolicies,
  number: number,
  node: string | undefined,
): Party {
  const { type, families } = classes.classes[number]!;
  const none = { addresses: [], address: undefined, nodeAddresses: [] };
  return { ...none, type, number, families, node };
}

/** Whether it is the own node or the other nodes of the pod at the other end. */
export function isRelation(type: Party["type"]): boolean {
  return type === "own-node" || type === "other-nodes";
}

/** Whether it is a pod, on the host network or not. */
export function isPod(type: Party["type"]): boolean {
  return type === "pod" || type === "host-pod";
}

/** Relations are those of a pod; two of them, or one and a node, have nothing to say to each other. */
export function canMeet(a: Party["type"], b: Party["type"]): boolean {
  return (!isRelation(a) || isPod(b)) && (!isRelation(b) || isPod(a));
}

/** Whether the profile judges nodes too. */
export function judgesHosts({ boards }: Profile): boolean {
  return Object.keys(boards).some((kind) => kind.startsWith("host-"));
}

/** One way in which a connection may be seen: open questions answered (NP-7, NP-8). */
export interface Situation {
  /** Shown to people where there are several readings. */
  readonly reading: "host-network pods are their node" | "host-network pods are pods" | undefined;
  /** Where it is not known whether both ends are on one node: which of the two this is. */
  readonly place: "between a pod and its own node" | "between different nodes" | undefined;
  readonly points: readonly PointRef[];
}

/** Every situation of a connection of two parties. More than one only where the profile or the input leaves something open. */
export function situationsOf(
  compiled: CompiledPolicies,
  source: Party,
  destination: Party,
): readonly Situation[] {
  const { switches } = compiled.profile;
  const isHostPod = source.type === "host-pod" || destination.type === "host-pod";
  const readings = isHostPod && switches.hostNetworkPods === "unclear" ? [false, true] : [false];
  return readings.flatMap((hostsArePods) => {
    const guarded = (party: Party): boolean =>
      party.type === "pod" || (hostsArePods && party.type === "host-pod");
    const reading = readings.length === 1 ? undefined : READINGS[Number(hostsArePods)];
    const tells =
      (switches.ownNode !== "no" && guarded(destination) && !guarded(source)) ||
      (switches.ownNode === "both" && guarded(source) && !guarded(destination)) ||
      (guarded(source) && guarded(destination) && forwards(compiled.profile)) ||
      (!guarded(source) && !guarded(destination) && judgesHosts(compiled.profile));
    const ways = tells ? ownNodeWays(source, destination) : [false];
    return ways.map((own) => ({
      reading,
      place: ways.length === 1 ? undefined : PLACES[Number(own)],
      points: pointsOf(compiled, { source, destination, guarded, own }),
    }));
  });
}

const PLACES = ["between different nodes", "between a pod and its own node"] as const;
const READINGS = ["host-network pods are their node", "host-network pods are pods"] as const;

/** Whether the profile judges what pods send and get at their nodes too. */
function forwards({ boards }: Profile): boolean {
  return FORWARD_POINTS.some((kind) => boards[kind] !== undefined);
}

const FORWARD_POINTS = [
  "host-forward-egress",
  "host-forward-ingress",
  "host-untracked-egress",
  "host-untracked-ingress",
  "host-pre-dnat",
] as const;

/** Whether both ends are on one node: yes, no, or both where it is not known. */
function ownNodeWays(source: Party, destination: Party): readonly boolean[] {
  const types = [source.type, destination.type];
  if (types.includes("own-node")) return [true];
  if (types.includes("other-nodes") || types.includes("outside")) return [false];
  return sameNode(source, destination) ?? [true, false];
}

/** `[true]` or `[false]` where it is known whether two parties are on one node. */
export function sameNode(
  a: Pick<Party, "node" | "nodeAddresses">,
  b: Pick<Party, "node" | "nodeAddresses">,
): readonly boolean[] | undefined {
  if (a.node !== undefined && b.node !== undefined) return [a.node === b.node];
  const shared = a.nodeAddresses.some((x) =>
    b.nodeAddresses.some((y) => x.family === y.family && x.value === y.value),
  );
  return shared ? [true] : undefined;
}

interface Way {
  readonly source: Party;
  readonly destination: Party;
  readonly guarded: (party: Party) => boolean;
  readonly own: boolean;
}

/** The enforcement points of a connection, in the order in which its packets meet them. */
function pointsOf(
  compiled: CompiledPolicies,
  { source, destination, guarded, own }: Way,
): readonly PointRef[] {
  const { groupOf, profile } = compiled;
  const points: PointRef[] = [];
  // what a host sends to itself does not leave it
  if (own && !guarded(source) && !guarded(destination)) return points;
  // what a node judges of a pod's traffic is about the pod's own address and ports
  const add = (kind: PointRef["kind"], number: number, column: Column, end: Party): void => {
    const when = profile.boards[kind]?.when;
    if (when !== undefined && own !== (when === "own-node")) return;
    const group = number < 0 ? -1 : groupOf[kind][number]!;
    if (group >= 0)
      points.push({
        kind,
        guarded: end.number < 0 ? number : end.number,
        group,
        address: end.address,
        column,
      });
  };
  const seen = (party: Party): Column => columnOf(party, guarded(party), own && !guarded(party));
  const [from, to] = [seen(source), seen(destination)];
  const isForwarded = !own && forwards(profile);
  if (guarded(source)) {
    add("workload-egress", source.number, to, source);
    if (!guarded(destination)) add("workload-to-host", source.number, to, source);
    if (isForwarded) {
      const host = hostOf(compiled, source);
      add("host-untracked-egress", host, to, source);
      add("host-forward-egress", host, to, source);
    }
  } else {
    const host = hostClassOf(compiled, source);
    add("host-untracked-egress", host, to, source);
    add("host-egress", host, to, source);
  }
  if (guarded(destination)) {
    if (isForwarded) {
      const host = hostOf(compiled, destination);
      add("host-untracked-ingress", host, from, destination);
      add("host-pre-dnat", host, from, destination);
      add("host-forward-ingress", host, from, destination);
    }
    add("workload-ingress", destination.number, from, destination);
  } else {
    const host = hostClassOf(compiled, destination);
    add("host-untracked-ingress", host, from, destination);
    add("host-pre-dnat", host, from, destination);
    add("host-ingress", host, from, destination);
  }
  return points;
}

/** The class of a host; a node that only a pod's status tells of is one of which nothing is known. */
function hostClassOf({ classes }: CompiledPolicies, { type, number }: Party): number {
  return type === "node" && number < 0 ? classes.otherNodes : number;
}

/** The class of the node that a pod runs on; where it is not known, that of a node of which nothing is. */
function hostOf({ classes, nodes }: CompiledPolicies, { node }: Party): number {
  const listed = node === undefined ? undefined : nodes.get(node);
  return listed === undefined ? classes.otherNodes : classes.ofNode.get(listed)!;
}

/** How a party looks to the point at the other end. */
function columnOf(party: Party, asPod: boolean, own: boolean): Column {
  if (party.type === "outside") return { kind: "outside", address: party.addresses[0]! };
  if (party.number < 0) return { kind: "node", addresses: party.addresses, own };
  return { kind: "class", number: party.number, asPod, own, address: party.address };
}

/** Whether both parties have or may have an address of the family. */
export function haveFamily(a: Party, b: Party, family: Family): boolean {
  return (a.families & b.families & (family === 4 ? 1 : 2)) !== 0;
}
