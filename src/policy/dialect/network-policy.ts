import { type AddressSet, EMPTY, addressSet, subtractAddresses, union } from "../../base/index.ts";
import {
  type Direction,
  MATCH_ALL,
  type NetworkPolicy,
  type NetworkPolicyPeer,
  type NetworkPolicyPort,
  type NetworkPolicyRule,
} from "../../model/index.ts";
import type { Switches } from "../board.ts";
import type { Peer, Policy, PortName, Rule, TrafficMatch } from "../policy.ts";
import { ALL_TRAFFIC, type Traffic, WITHOUT_PORTS, portTraffic } from "../traffic.ts";

/** The slot of NetworkPolicies. */
export const NETWORK_POLICY_SLOT = "networking.k8s.io/NetworkPolicy";

/** What a NetworkPolicy means (networking.k8s.io/v1; NP-1 to NP-12). Rules of a type that it does not list are left out (NP-2). */
export function compileNetworkPolicy(object: NetworkPolicy, switches: Switches): Policy {
  const rulesOf = (direction: Direction): readonly Rule[] =>
    hasType(object, direction)
      ? object[direction].map((rule, index) =>
          compileRule(object, rule, { direction, index }, switches),
        )
      : [];
  return {
    id: `networking.k8s.io/NetworkPolicy/${object.namespace}/${object.name}`,
    origin: object.origin,
    slot: NETWORK_POLICY_SLOT,
    order: 0,
    tieName:
      switches.tieNames === "name"
        ? `${object.namespace}/${object.name}`
        : `${object.name}/${object.namespace}/KubernetesNetworkPolicy`,
    subject: {
      kind: "pods",
      namespaces: { kind: "name", name: object.namespace },
      pods: object.podSelector,
      hostNetwork: true,
    },
    isolates: {
      ingress: hasType(object, "ingress") ? "yes" : "no",
      egress: hasType(object, "egress") ? "yes" : "no",
    },
    state: switches.networkPolicies ? "enforced" : "inert",
    rules: [...rulesOf("ingress"), ...rulesOf("egress")],
  };
}

function hasType(object: NetworkPolicy, direction: Direction): boolean {
  return object.policyTypes.includes(direction === "ingress" ? "Ingress" : "Egress");
}

function compileRule(
  object: NetworkPolicy,
  rule: NetworkPolicyRule,
  place: Pick<Rule, "direction" | "index">,
  switches: Switches,
): Rule {
  return {
    ...place,
    action: "Allow",
    peers: compilePeers(object.namespace, rule.peers, switches),
    traffic: compilePorts(rule.ports, switches),
  };
}

/** An empty list is any peer (NP-3). Blocks are united into one set, each `except` taken from its own block only (NP-6). */
function compilePeers(
  namespace: string,
  peers: readonly NetworkPolicyPeer[],
  switches: Switches,
): readonly Peer[] {
  if (peers.length === 0) return [{ kind: "any" }];
  const blocks: AddressSet[] = [];
  const out: Peer[] = [];
  for (const peer of peers) {
    if (peer.kind === "ipBlock") {
      blocks.push(subtractAddresses([peer.cidr], addressSet(peer.except)));
    } else {
      out.push({
        kind: "pods",
        namespaces:
          peer.namespaceSelector === undefined
            ? { kind: "name", name: namespace }
            : { kind: "labels", selector: peer.namespaceSelector },
        pods: peer.podSelector ?? MATCH_ALL,
        hostNetwork: true,
      });
    }
  }
  if (blocks.length > 0) {
    out.push({
      kind: "addresses",
      addresses: addressSet(blocks.flat()),
      pods: switches.ipBlockPods,
      nodes: switches.ipBlockNodes,
    });
  }
  return out;
}

/** An empty list is all traffic; with ports, ICMP and other protocols match only perhaps or not at all (NP-11). */
function compilePorts(ports: readonly NetworkPolicyPort[], switches: Switches): TrafficMatch {
  if (ports.length === 0) return { must: ALL_TRAFFIC, may: ALL_TRAFFIC, named: [] };
  let must: Traffic = EMPTY;
  const named: PortName[] = [];
  for (const { protocol, port, endPort } of ports) {
    if (typeof port === "string") named.push({ name: port, protocol });
    else must = union(must, portTraffic(protocol, port, endPort ?? port));
  }
  if (switches.portsMatchIcmp === "no") return { must, may: must, named };
  return { must, may: union(must, WITHOUT_PORTS), doubt: "ports-and-icmp", named };
}
