import {
  type Address,
  EMPTY,
  type Family,
  containsAddress,
  subtract,
  union,
} from "../base/index.ts";
import { type Cluster, type ContainerPort, type Labels, matchesSelector } from "../model/index.ts";
import { type AddressIndex, NO_ADDRESS, UNKNOWN_ADDRESS } from "./address-index.ts";
import type { Profile } from "./board.ts";
import type { Classes, EndpointClass } from "./classes.ts";
import type { CompiledPeer, CompiledRule, LeafPeer } from "./compiled-rule.ts";
import { UNNAMED } from "./kinds.ts";
import { type DomainPattern, matchesDomain } from "./domain.ts";
import { passesTest } from "./endpoint-test.ts";
import type { Answer, EndpointSelector } from "./policy.ts";
import type { Fact } from "./fact.ts";
import type { ReasonCode } from "./reason.ts";
import { namedTraffic } from "./named-traffic.ts";
import type { MatchDoubt, RuleMatch } from "./program.ts";

/** The other end of a connection as one enforcement point sees it. */
export type Column =
  /** `asPod`: a pod, or a host-network pod in the reading that policies treat it like one. `own`: it is the guarded pod's own node. */
  | {
      readonly kind: "class";
      readonly number: number;
      readonly asPod: boolean;
      readonly own: boolean;
      /** The one of its addresses that counts, where the question names one. */
      readonly address?: Address | undefined;
    }
  /** A node that only the status of a pod tells of. */
  | { readonly kind: "node"; readonly addresses: readonly Address[]; readonly own: boolean }
  | { readonly kind: "outside"; readonly address: Address }
  /** A pod that does not exist. */
  | { readonly kind: "imagined"; readonly pod: ImaginedPod };

/** A pod that may come: its address and its ports are not known. */
export interface ImaginedPod {
  /** The namespace that it is in, `undefined` for one that does not exist either. */
  readonly namespace: string | undefined;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
  readonly serviceAccount: string;
  readonly serviceAccountLabels: Labels;
}

/** What a match looks up. */
export interface MatchContext {
  readonly cluster: Cluster;
  readonly profile: Profile;
  readonly classes: Classes;
  readonly addresses: AddressIndex;
}

/** What a match needs besides rule and column. */
export interface Scene {
  readonly compiled: MatchContext;
  readonly column: Column;
  readonly family: Family;
  readonly facts: readonly Fact[];
  /** The container ports of the destination; none where it is no pod. */
  readonly ports: readonly ContainerPort[];
  /** The class that is guarded, for rules that test it too. */
  readonly guarded: number;
  /** The one of its addresses that counts, where the question names one. */
  readonly address?: Address | undefined;
}

/** How surely something matches: 2 surely, 1 perhaps (then `doubt` says why), 0 not. */
export interface Match {
  readonly strength: 0 | 1 | 2;
  readonly doubt: ReasonCode | undefined;
}

const YES: Match = { strength: 2, doubt: undefined };
const NO: Match = { strength: 0, doubt: undefined };

/** The traffic that a rule matches at the column. */
export function matchRule(scene: Scene, { rule, peers, self }: CompiledRule): RuleMatch {
  const peer = matchBoth(scene, peers, self);
  if (peer.strength === 0) return { must: EMPTY, may: EMPTY, doubts: [] };
  const { traffic } = rule;
  let { must, may } = traffic;
  const doubts: MatchDoubt[] = [];
  if (traffic.doubt !== undefined) doubts.push({ code: traffic.doubt, traffic: may });
  const { switches } = scene.compiled.profile;
  if (traffic.named.length > 0) {
    const named = namedTraffic(traffic.named, scene.ports, switches);
    must = union(must, named.must);
    may = union(may, named.may);
    doubts.push(...named.doubts);
  }
  if (traffic.unless !== undefined) {
    const out = namedTraffic(traffic.unless, scene.ports, switches);
    must = subtract(must, out.may);
    may = subtract(may, out.must);
    doubts.push(...out.doubts);
  }
  if (traffic.except !== undefined) {
    must = subtract(must, traffic.except);
    may = subtract(may, traffic.except);
  }
  if (peer.strength === 2) return { must, may, doubts };
  const ofPeer = peer.doubt === undefined ? [] : [{ code: peer.doubt, traffic: may }];
  return { must: EMPTY, may, doubts: ofPeer };
}

/** The other end must match a peer, and the guarded endpoint itself what the rule asks of it (CAL-7). */
function matchBoth(
  scene: Scene,
  peers: readonly CompiledPeer[],
  self: CompiledPeer | undefined,
): Match {
  const peer = matchPeers(scene, peers);
  return self === undefined || peer.strength === 0 ? peer : weaker(peer, matchSelf(scene, self));
}

/** How the guarded endpoint matches what a rule asks of it. */
export function matchSelf(scene: Omit<Scene, "column">, self: CompiledPeer): Match {
  const { compiled, guarded, address } = scene;
  const asPod = compiled.classes.classes[guarded]!.type === "pod";
  return matchPeer(
    { ...scene, column: { kind: "class", number: guarded, asPod, own: false, address } },
    self,
  );
}

function weaker(a: Match, b: Match): Match {
  return b.strength < a.strength ? b : a;
}

/** The best match of several peers. */
export function matchPeers(scene: Scene, peers: readonly CompiledPeer[]): Match {
  let best = NO;
  for (const peer of peers) {
    const match = matchPeer(scene, peer);
    if (match.strength === 2) return match;
    if (match.strength > best.strength) best = match;
  }
  return best;
}

/** How one peer matches the column. */
function matchPeer(scene: Scene, peer: CompiledPeer): Match {
  switch (peer.kind) {
    case "all":
      return peer.of.reduce<Match>((all, each) => weaker(all, matchPeer(scene, each)), YES);
    case "either":
      return matchPeers(scene, peer.of);
    case "not": {
      const { strength, doubt } = matchPeer(scene, peer.of);
      return strength === 1 ? { strength, doubt } : strength === 2 ? NO : YES;
    }
    case "perhaps": {
      const match = matchPeer(scene, peer.of);
      return match.strength === 2 ? { strength: 1, doubt: peer.doubt } : match;
    }
    default:
      return matchLeaf(scene, peer);
  }
}

function matchLeaf(scene: Scene, peer: LeafPeer): Match {
  const { column } = scene;
  switch (peer.kind) {
    case "any":
      return YES;
    case "own-node":
      return "own" in column && column.own ? YES : NO;
    case "pods":
      return matchPods(column, peer) ? YES : NO;
    case "nodes":
      return matchNode(scene, peer);
    case "domains":
      return matchDomains(scene, peer.names);
    case "addresses":
      return matchAddresses(scene, peer);
    case "family":
      return peer.family === scene.family ? YES : NO;
  }
}

function matchPods(
  column: Column,
  { classes, selector }: Extract<CompiledPeer, { readonly kind: "pods" }>,
): boolean {
  if (column.kind === "class") return column.asPod && classes.has(column.number);
  return column.kind === "imagined" && selectsImagined(selector, column.pod);
}

/** Whether a selector means a pod that does not exist. */
export function selectsImagined(
  { namespaces, pods, where }: EndpointSelector,
  { namespace, namespaceLabels, labels, serviceAccount, serviceAccountLabels }: ImaginedPod,
): boolean {
  const isThere =
    namespaces.kind === "name"
      ? namespaces.name === namespace
      : matchesSelector(namespaces.selector, namespaceLabels);
  if (!isThere || !matchesSelector(pods, labels)) return false;
  if (where === undefined) return true;
  const place = { namespace: namespace ?? UNNAMED, namespaceLabels };
  return passesTest(where, { ...place, labels, serviceAccount, serviceAccountLabels });
}

/** A node's labels may be unknown; what only a pod's status tells of is like any other node without labels. */
function matchNode(
  { compiled, column }: Scene,
  { must, may }: Extract<CompiledPeer, { readonly kind: "nodes" }>,
): Match {
  if (column.kind === "outside" || column.kind === "imagined") return NO;
  const number = column.kind === "class" ? column.number : compiled.classes.otherNodes;
  if (must.has(number)) return YES;
  return may.has(number) ? { strength: 1, doubt: "node-unknown" } : NO;
}

/** Names match addresses outside only; which names an address was learned for is a fact, or not known (CNP-7). */
function matchDomains({ column, facts }: Scene, names: readonly DomainPattern[]): Match {
  if (column.kind !== "outside") return NO;
  const known = facts.filter((fact) => fact.kind === "fqdn");
  if (known.length === 0) return { strength: 1, doubt: "domain-name" };
  return known.some(({ name }) => names.some((each) => matchesDomain(each, name))) ? YES : NO;
}

function matchAddresses(
  scene: Scene,
  peer: Extract<CompiledPeer, { readonly kind: "addresses" }>,
): Match {
  const { compiled, column, family } = scene;
  const set = compiled.addresses.set(peer.set);
  if (column.kind === "outside") return containsAddress(set, column.address) ? YES : NO;
  if (column.kind === "imagined") return matchUnknown(scene, peer);
  if (column.kind === "node") {
    const inside = column.addresses.some(
      (address) => address.family === family && containsAddress(set, address),
    );
    return inside ? answered(peer.nodes, "cidr-and-nodes") : NO;
  }
  const endpoint = compiled.classes.classes[column.number]!;
  const isPod = endpoint.type === "pod";
  const answer = isPod ? peer.pods : peer.nodes;
  const within =
    column.address === undefined
      ? isWithinSet(compiled, endpoint, peer.set, family)
      : containsAddress(set, column.address)
        ? 2
        : 0;
  if (within === 0) return NO;
  const match = answered(answer, isPod ? "cidr-and-pods" : "cidr-and-nodes");
  if (within === 2 || match.strength < 2) return match;
  const isKnown = endpoint.cells[family] !== UNKNOWN_ADDRESS;
  if (isKnown) return { strength: 1, doubt: "node-addresses-differ" };
  return { strength: 1, doubt: isPod ? "pod-address-unknown" : "node-address-unknown" };
}

/** The address of a pod that does not exist is somewhere in the pod ranges. */
function matchUnknown(
  { compiled: { addresses, cluster }, family }: Scene,
  { set, pods }: Extract<CompiledPeer, { readonly kind: "addresses" }>,
): Match {
  const within = addresses.unknown(set, cluster.podRanges, family);
  if (within === 0) return NO;
  const match = answered(pods, "cidr-and-pods");
  if (within === 2 || match.strength < 2) return match;
  return { strength: 1, doubt: "pod-address-unknown" };
}

/** Whether an endpoint's address of the family is in a set: 2 surely, 1 perhaps, 0 not. */
function isWithinSet(
  { addresses, cluster }: MatchContext,
  endpoint: EndpointClass,
  set: number,
  family: Family,
): 0 | 1 | 2 {
  const cell = endpoint.cells[family];
  if (cell === NO_ADDRESS) return 0;
  if (cell !== UNKNOWN_ADDRESS) return addresses.has(cell, set);
  const ranges = endpoint.type === "pod" ? cluster.podRanges : cluster.nodeRanges;
  return addresses.unknown(set, ranges, family);
}

function answered(answer: Answer, doubt: ReasonCode): Match {
  if (answer === "unclear") return { strength: 1, doubt };
  return answer === "yes" ? YES : NO;
}
