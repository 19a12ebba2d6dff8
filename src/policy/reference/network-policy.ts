import {
  MATCH_ALL,
  type NetworkPolicy,
  type NetworkPolicyPeer,
  type NetworkPolicyPort,
  matchesSelector,
} from "../../model/index.ts";
import type { RuleRef } from "../decision.ts";
import { ALL_PORTS, portTraffic } from "../traffic.ts";
import {
  type Match,
  type Scene,
  type Step,
  anyOf,
  both,
  matchesPortName,
  matchesBlocks,
  selectsPod,
} from "./match.ts";

/** NetworkPolicy v1: policies add up, and what isolates and does not allow denies (NP-12). */
export function networkPolicyTier(scene: Scene): Step {
  const { cluster, switches, direction, guarded } = scene;
  const nothing: Step = { outcomes: new Set(["Pass"]), refs: [], ruleIds: [] };
  if (!switches.networkPolicies) return nothing; // declared, not enforced
  // NP-1: a policy selects pods of its own namespace
  const selecting = cluster.networkPolicies.filter(
    ({ namespace, podSelector }) =>
      namespace === guarded.namespace && matchesSelector(podSelector, guarded.pod.labels),
  );
  if (selecting.length === 0) return { outcomes: new Set(["Pass"]), refs: [], ruleIds: ["NP-1"] };
  // NP-2: a policy isolates the directions that it lists
  const isolating = selecting.filter((policy) => hasType(policy, direction));
  if (isolating.length === 0) return otherDirectionOnly(switches.baselineSkippedOtherWay);
  const matched = isolating.flatMap((policy) =>
    policy[direction].map((rule, index) => ({
      ref: { policy: idOf(policy), rule: `${direction}[${index}]` },
      ...matchNetworkPolicyRule(scene, policy, rule),
    })),
  );
  const hits = matched.filter(({ match }) => match !== "no");
  const ruleIds = ["NP-1", "NP-2", "NP-9", "NP-12", ...hits.flatMap((hit) => hit.ruleIds)];
  const refs: RuleRef[] = hits.map(({ ref }) => ref);
  if (hits.some(({ match }) => match === "yes")) {
    return { outcomes: new Set(["Allow"]), refs, ruleIds };
  }
  // NP-3: an isolated pod accepts nothing that no rule allows
  const deniers = isolating.map((policy) => ({ policy: idOf(policy), rule: undefined }));
  const misses = matched.flatMap((each) => each.ruleIds);
  return {
    outcomes: new Set(hits.length > 0 ? ["Allow", "Deny"] : ["Deny"]),
    refs: [...refs, ...deniers],
    ruleIds: [...ruleIds, "NP-3", ...misses],
  };
}

/** CNP-4: whether a NetworkPolicy for the other direction alone keeps the Baseline tier out is read in two ways. */
function otherDirectionOnly(answer: "yes" | "no" | "unclear"): Step {
  const outcomes = { yes: ["Allow"], no: ["Pass"], unclear: ["Allow", "Pass"] } as const;
  return { outcomes: new Set(outcomes[answer]), refs: [], ruleIds: ["NP-2", "CNP-4"] };
}

function hasType({ policyTypes }: NetworkPolicy, direction: "ingress" | "egress"): boolean {
  return policyTypes.includes(direction === "ingress" ? "Ingress" : "Egress");
}

function idOf({ namespace, name }: NetworkPolicy): string {
  return `networking.k8s.io/NetworkPolicy/${namespace}/${name}`;
}

/** How a rule matches, and the rules of the specification that say so. */
export interface RuleMatch {
  readonly match: Match;
  readonly ruleIds: readonly string[];
}

/** NP-3: without peers any peer, without ports all traffic. */
export function matchNetworkPolicyRule(
  scene: Scene,
  policy: NetworkPolicy,
  { peers, ports }: NetworkPolicy["ingress"][number],
): RuleMatch {
  const peer = peers.length === 0 ? "yes" : matchPeers(scene, policy, peers);
  const traffic = ports.length === 0 ? "yes" : matchPorts(scene, ports);
  const ruleIds = [
    ...(peers.length === 0 || ports.length === 0 ? ["NP-3"] : []),
    ...(peers.some(({ kind }) => kind === "ipBlock") ? ["NP-6"] : []),
    ...(ports.length > 0 && isPort(scene.traffic) ? ["NP-5"] : []),
    ...(isPort(scene.traffic) ? [] : ["NP-11"]),
  ];
  return { match: both(peer, traffic), ruleIds };
}

/** NP-1: items are alternatives. NP-6: an exception takes addresses out of its own block only, another block may have them. */
function matchPeers(
  scene: Scene,
  policy: NetworkPolicy,
  peers: readonly NetworkPolicyPeer[],
): Match {
  const { ipBlockPods: pods, ipBlockNodes: nodes } = scene.switches;
  const blocks = peers.filter((peer) => peer.kind === "ipBlock");
  const selectors = peers.filter((peer) => peer.kind === "pods");
  return anyOf([
    matchesBlocks(scene, blocks, { pods, nodes }),
    ...selectors.map((peer) => matchSelectors(scene, policy, peer)),
  ]);
}

function matchSelectors(
  { cluster, other }: Scene,
  policy: NetworkPolicy,
  { namespaceSelector, podSelector }: Extract<NetworkPolicyPeer, { readonly kind: "pods" }>,
): Match {
  if (other.kind !== "pod") return "no";
  // NP-1: without a namespace selector (nil, not empty) the policy's own namespace
  if (namespaceSelector === undefined && other.namespace !== policy.namespace) return "no";
  const namespaces = namespaceSelector ?? MATCH_ALL;
  return selectsPod(cluster, namespaces, podSelector ?? MATCH_ALL, other) ? "yes" : "no";
}

function isPort(traffic: number): boolean {
  return ALL_PORTS.some(
    (lo, index) => index % 2 === 0 && lo <= traffic && traffic <= ALL_PORTS[index + 1]!,
  );
}

/** NP-11: what has no port matches a rule with ports not, or perhaps. */
function matchPorts(scene: Scene, ports: readonly NetworkPolicyPort[]): Match {
  if (!isPort(scene.traffic)) return scene.switches.portsMatchIcmp === "no" ? "no" : "perhaps";
  return anyOf(ports.map((port) => matchPort(scene, port)));
}

/** NP-5: all ports of the protocol, one number, a range with both ends, or a name. */
function matchPort(scene: Scene, { protocol, port, endPort }: NetworkPolicyPort): Match {
  if (typeof port === "string") return matchesPortName(scene, port, protocol);
  const [first, last] = portTraffic(protocol, port, endPort ?? port) as readonly [number, number];
  return first <= scene.traffic && scene.traffic <= last ? "yes" : "no";
}
