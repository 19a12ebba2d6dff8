import {
  type AdminPeer,
  type AdminPolicy,
  type AdminProtocol,
  type AdminRule,
  matchesSelector,
} from "../../model/index.ts";
import type { RuleRef } from "../decision.ts";
import { portTraffic } from "../traffic.ts";
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

/** One tier of ClusterNetworkPolicy, AdminNetworkPolicy and BaselineAdminNetworkPolicy: by priority, the first matching rule decides (CNP-2, CNP-3). */
export function adminTier(scene: Scene, tier: "Admin" | "Baseline"): Step {
  const { cluster, guarded, switches } = scene;
  // CNP-6: host-network pods are never in the subject
  const selecting = cluster.adminPolicies.filter(
    ({ kind, tier: own, subject }) =>
      own === tier &&
      isImplemented(kind, switches) &&
      !guarded.pod.hostNetwork &&
      selectsPod(cluster, subject.namespaceSelector, subject.podSelector, guarded),
  );
  const outcomes = new Set<"Allow" | "Deny" | "Pass">();
  const refs: RuleRef[] = [];
  const ruleIds = new Set<string>(selecting.length > 0 ? ["CNP-9"] : []);
  for (const group of groupsOf(selecting, switches.adminTies)) {
    if (group.length > 1) ruleIds.add("CNP-2");
    const walks = group.map((policy) => walkAdminPolicy(scene, policy));
    for (const each of walks) {
      for (const { action, ref, ids } of each.taken) {
        outcomes.add(action);
        if (action !== "Pass") refs.push(ref);
        for (const id of ids) ruleIds.add(id);
      }
    }
    if (walks.some(({ decided }) => decided)) {
      return { outcomes, refs, ruleIds: [...ruleIds, "CNP-1", "CNP-3", "CNP-4"] };
    }
  }
  outcomes.add("Pass"); // CNP-3: a policy means what it lists and nothing more
  return { outcomes, refs, ruleIds: [...ruleIds] };
}

/** What the engine does not implement is declared, not enforced. */
function isImplemented(kind: AdminPolicy["kind"], { adminKinds }: Scene["switches"]): boolean {
  return adminKinds === "all" || (adminKinds === "v1alpha1" && kind !== "ClusterNetworkPolicy");
}

/** CNP-2: the lower number first; whether the name decides between equal ones is the engine's. */
function groupsOf(
  policies: readonly AdminPolicy[],
  ties: "name" | "undefined",
): readonly (readonly AdminPolicy[])[] {
  const key = ({ priority, name }: AdminPolicy): string =>
    ties === "name" ? `${priority} ${name}` : `${priority}`;
  const groups = [...Map.groupBy(policies, key).values()];
  return groups.toSorted(([a], [b]) => a!.priority - b!.priority || (a!.name < b!.name ? -1 : 1));
}

/** A rule that matches, surely or perhaps. */
export interface Taken {
  readonly action: "Allow" | "Deny" | "Pass";
  readonly ref: RuleRef;
  readonly ids: readonly string[];
}

/** CNP-3: rules in order; what surely matches ends the search, what perhaps matches may. */
export function walkAdminPolicy(
  scene: Scene,
  policy: AdminPolicy,
): { readonly taken: readonly Taken[]; readonly decided: boolean } {
  const taken: Taken[] = [];
  for (const [index, rule] of policy[scene.direction].entries()) {
    const { action, match, ids } = matchAdminRule(scene, rule);
    if (match === "no") continue;
    const ref = {
      policy: `policy.networking.k8s.io/${policy.kind}/${policy.name}`,
      rule: `${scene.direction}[${index}]`,
    };
    taken.push({ action, ref, ids });
    if (match === "yes") return { taken, decided: true };
  }
  return { taken, decided: false };
}

/** A match with what the rule does. */
export interface RuleMatch {
  readonly action: AdminRule["action"];
  readonly match: Match;
  readonly ids: readonly string[];
}

/** How a rule matches, and what it then does. */
export function matchAdminRule(scene: Scene, { action, peers, protocols }: AdminRule): RuleMatch {
  const isUnknown =
    peers.some(({ kind }) => kind === "unknown" || isLeftOut(kind, scene)) ||
    (protocols ?? []).some(({ kind }) => kind === "unknown");
  // CNP-8: an Allow that is not understood matches nothing, a Deny or Pass denies everything
  if (isUnknown && scene.switches.unknownPeer === "fail-closed") {
    return action === "Allow"
      ? { action, match: "no", ids: ["CNP-8"] }
      : { action: "Deny", match: "yes", ids: ["CNP-8"] };
  }
  if (isUnknown && scene.switches.unknownPeer === "deny-fails-closed" && action === "Deny") {
    const listed = protocols?.map((each) => matchProtocol(scene, each));
    return { action, match: listed === undefined ? "yes" : anyOf(listed), ids: ["CNP-8"] };
  }
  const peer = anyOf([matchNetworks(scene, peers), ...peers.map((each) => matchPeer(scene, each))]);
  // CNP-11: without protocols all traffic, with them only what they list
  const traffic =
    protocols === undefined ? "yes" : anyOf(protocols.map((each) => matchProtocol(scene, each)));
  const kinds = peers.map(({ kind }) => kind);
  return {
    action,
    match: both(peer, traffic),
    ids: [
      scene.direction === "ingress" ? "CNP-6" : "CNP-7",
      ...(protocols === undefined ? [] : ["CNP-11", "CNP-13"]),
      ...(kinds.includes("domainNames") ? ["CNP-7"] : []),
    ],
  };
}

/** CNP-8: `nodes` and `domainNames` are unknown to an engine that does not implement them. */
function isLeftOut(kind: AdminPeer["kind"], { switches }: Scene): boolean {
  return (kind === "nodes" || kind === "domainNames") && !switches.adminNodesAndDomains;
}

function matchPeer(scene: Scene, peer: AdminPeer): Match {
  const { cluster, other } = scene;
  switch (peer.kind) {
    case "pods": {
      // CNP-6: host-network pods are no peers
      const isPod = other.kind === "pod" && !other.pod.hostNetwork;
      if (!isPod) return "no";
      return selectsPod(cluster, peer.namespaceSelector, peer.podSelector, other) ? "yes" : "no";
    }
    case "nodes":
      return matchNode(scene, peer);
    case "networks":
      return "no"; // all of a rule's networks are looked at together
    case "domainNames":
      return matchDomains(scene, peer.names);
    case "unknown":
      return "no";
  }
}

/** CNP-7: traffic inside the cluster is checked against the ranges as well. */
function matchNetworks(scene: Scene, peers: readonly AdminPeer[]): Match {
  const cidrs = peers.flatMap((peer) => (peer.kind === "networks" ? peer.cidrs : []));
  const blocks = cidrs.map((cidr) => ({ cidr, except: [] }));
  return matchesBlocks(scene, blocks, { pods: "yes", nodes: "yes" });
}

/** CNP-7: the addresses of the nodes with these labels; a host-network pod has its node's. */
function matchNode(
  { other }: Scene,
  { selector }: Extract<AdminPeer, { readonly kind: "nodes" }>,
): Match {
  const host = other.kind === "outside" ? undefined : other.host;
  if (host === undefined) return "no";
  if (selector.requirements.length === 0) return "yes";
  if (host.labels === undefined) return "perhaps";
  return matchesSelector(selector, host.labels) ? "yes" : "no";
}

/** CNP-7: `*.x` is any depth below x, but not x itself; which names an address was learned for is told, or not known. */
function matchDomains({ other, facts }: Scene, patterns: readonly string[]): Match {
  if (other.kind !== "outside") return "no";
  const told = facts.flatMap((fact) => (fact.kind === "fqdn" ? [fact.name.toLowerCase()] : []));
  if (told.length === 0) return "perhaps";
  const wanted = patterns.map((pattern) => pattern.toLowerCase().replace(/\.$/u, ""));
  return told.some((name) => wanted.some((pattern) => fitsDomain(pattern, name))) ? "yes" : "no";
}

function fitsDomain(pattern: string, name: string): boolean {
  if (!pattern.startsWith("*.")) return name === pattern;
  const suffix = pattern.slice(1);
  return name.endsWith(suffix) && name !== suffix;
}

function matchProtocol(scene: Scene, protocol: AdminProtocol): Match {
  switch (protocol.kind) {
    case "ports": {
      const { first, last } = protocol;
      const [lo, hi] = portTraffic(protocol.protocol, first, last) as readonly [number, number];
      return lo <= scene.traffic && scene.traffic <= hi ? "yes" : "no";
    }
    case "named":
      return matchesPortName(scene, protocol.name, undefined);
    case "unknown":
      return "no";
  }
}
