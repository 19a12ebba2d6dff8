import { EMPTY, addressSet, union } from "../../base/index.ts";
import {
  type AdminPeer,
  type AdminPolicy,
  type AdminProtocol,
  type AdminRule,
  type Direction,
  MATCH_ALL,
  type PodsPeer,
} from "../../model/index.ts";
import type { Switches } from "../board.ts";
import { adminDomain } from "../domain.ts";
import type { EndpointSelector, Peer, Policy, PortName, Rule, TrafficMatch } from "../policy.ts";
import { ALL_TRAFFIC, type Traffic, portTraffic } from "../traffic.ts";

/** The slots of admin policies, by tier. */
export const ADMIN_SLOT = "policy.networking.k8s.io/Admin";
export const BASELINE_SLOT = "policy.networking.k8s.io/Baseline";

/** What a ClusterNetworkPolicy v1alpha2, AdminNetworkPolicy or BaselineAdminNetworkPolicy v1alpha1 means (CNP-1 to CNP-13). It isolates nothing by itself (CNP-3). */
export function compileAdminPolicy(object: AdminPolicy, switches: Switches): Policy {
  const rulesOf = (direction: Direction): readonly Rule[] =>
    object[direction].map((rule, index) => compileRule(rule, { direction, index }, switches));
  return {
    id: `policy.networking.k8s.io/${object.kind}/${object.name}`,
    origin: object.origin,
    slot: object.tier === "Admin" ? ADMIN_SLOT : BASELINE_SLOT,
    order: object.priority,
    tieName:
      switches.tieNames === "name" ? object.name : `${object.name}//KubernetesClusterNetworkPolicy`,
    subject: podsOf(object.subject),
    isolates: { ingress: "no", egress: "no" },
    state: isImplemented(object, switches) ? "enforced" : "inert",
    rules: [...rulesOf("ingress"), ...rulesOf("egress")],
  };
}

function isImplemented({ kind }: AdminPolicy, { adminKinds }: Switches): boolean {
  if (adminKinds === "v1alpha2") return kind === "ClusterNetworkPolicy";
  return adminKinds === "all" || (adminKinds === "v1alpha1" && kind !== "ClusterNetworkPolicy");
}

function compileRule(
  rule: AdminRule,
  place: Pick<Rule, "direction" | "index">,
  switches: Switches,
): Rule {
  const unknown =
    rule.peers.some((peer) => isUnknown(peer, switches)) ||
    (rule.protocols ?? []).some(({ kind }) => kind === "unknown");
  if (unknown && switches.unknownPeer === "fail-closed") return failClosed(rule, place);
  // one engine lets only a Deny fail closed, with the protocols that it lists
  const isDenied =
    unknown && switches.unknownPeer === "deny-fails-closed" && rule.action === "Deny";
  if (isDenied) {
    const traffic = compileProtocols(rule.protocols);
    return { ...place, action: "Deny", peers: [{ kind: "any" }], traffic };
  }
  return {
    ...place,
    action: rule.action,
    peers: [...rule.peers.flatMap(compilePeer), ...compileNetworks(rule.peers)],
    traffic: compileProtocols(rule.protocols),
  };
}

/** A peer without a field that the engine knows (CNP-8). */
function isUnknown({ kind }: AdminPeer, { adminNodesAndDomains }: Switches): boolean {
  if (kind === "nodes" || kind === "domainNames") return !adminNodesAndDomains;
  return kind === "unknown";
}

/** An Allow that cannot be understood matches nothing; a Deny or a Pass denies everything (CNP-8). */
function failClosed(rule: AdminRule, place: Pick<Rule, "direction" | "index">): Rule {
  const isAllow = rule.action === "Allow";
  return {
    ...place,
    action: isAllow ? "Allow" : "Deny",
    peers: isAllow ? [] : [{ kind: "any" }],
    traffic: compileProtocols(undefined),
  };
}

function compilePeer(peer: AdminPeer): readonly Peer[] {
  switch (peer.kind) {
    case "pods":
      return [podsOf(peer)];
    case "nodes":
      return [{ kind: "nodes", nodes: { kind: "labels", selector: peer.selector } }];
    case "domainNames":
      return [{ kind: "domains", names: peer.names.map(adminDomain) }];
    case "networks":
    case "unknown":
      return [];
  }
}

/** All ranges of a rule are one set: traffic inside the cluster is checked against them as well (CNP-7). */
function compileNetworks(peers: readonly AdminPeer[]): readonly Peer[] {
  const cidrs = peers.flatMap((peer) => (peer.kind === "networks" ? peer.cidrs : []));
  if (cidrs.length === 0) return [];
  return [{ kind: "addresses", addresses: addressSet(cidrs), pods: "yes", nodes: "yes" }];
}

function podsOf({ namespaceSelector, podSelector }: PodsPeer): EndpointSelector {
  return {
    kind: "pods",
    namespaces: { kind: "labels", selector: namespaceSelector },
    pods: podSelector.requirements.length === 0 ? MATCH_ALL : podSelector,
    hostNetwork: false,
  };
}

/** Without protocols all traffic, ICMP included; with them only what they list (CNP-11). */
function compileProtocols(protocols: readonly AdminProtocol[] | undefined): TrafficMatch {
  if (protocols === undefined) return { must: ALL_TRAFFIC, may: ALL_TRAFFIC, named: [] };
  let must: Traffic = EMPTY;
  const named: PortName[] = [];
  for (const entry of protocols) {
    if (entry.kind === "named") named.push({ name: entry.name, protocol: undefined });
    else if (entry.kind === "ports") {
      must = union(must, portTraffic(entry.protocol, entry.first, entry.last));
    }
  }
  return { must, may: must, named };
}
