import type {
  AdminPolicy,
  CalicoPolicy,
  CalicoTier,
  Cluster,
  NetworkPolicy,
} from "../../../model/index.ts";
import { matchesCalicoSelector, matchesSelector } from "../../../model/index.ts";
import type { RuleRef } from "../../decision.ts";
import { walkAdminPolicy } from "../admin-policy.ts";
import { type Guarded, type Match, type Scene, both, selectsPod } from "../match.ts";
import { matchNetworkPolicyRule } from "../network-policy.ts";
import { type CalicoScene, labelsOfPod, matchCalicoRule, matchHttp } from "./match.ts";

/** A rule that matches, surely or perhaps. */
export interface Hit {
  readonly action: "Allow" | "Deny" | "Pass";
  readonly match: Match;
  readonly ref: RuleRef;
  readonly ids: readonly string[];
}

/** A policy of a tier, whatever its API. */
export interface Member {
  readonly id: string;
  readonly order: number;
  readonly tie: string;
  /** Whether it makes the tier act in the direction of the scene (CAL-3). */
  readonly acts: boolean;
  /** What of it matches, in order. */
  readonly hits: () => readonly Hit[];
}

/** A tier with its policies in order. */
export interface TierOf {
  readonly name: string;
  readonly end: "Deny" | "Pass";
  readonly members: readonly Member[];
}

/** CAL-1: by order, then by name; a tier without an object is last and denies. */
export function tiersOf(cluster: Cluster): readonly Omit<TierOf, "members">[] {
  const tiers = new Map<string, { order: number; end: "Deny" | "Pass"; isThere: boolean }>([
    ["kube-admin", { order: 1000, end: "Pass", isThere: true }],
    ["default", { order: 1_000_000, end: "Deny", isThere: true }],
    ["kube-baseline", { order: 10_000_000, end: "Pass", isThere: true }],
  ]);
  const builtIn = new Set(tiers.keys());
  for (const object of cluster.calico) {
    if (object.kind !== "Tier") continue;
    const { name, order, defaultAction }: CalicoTier = object;
    if (!builtIn.has(name)) {
      tiers.set(name, { order: order ?? Infinity, end: defaultAction, isThere: true });
    } else if (order !== undefined) tiers.set(name, { ...tiers.get(name)!, order });
  }
  for (const object of cluster.calico) {
    if (!("tier" in object) || tiers.has(object.tier)) continue;
    tiers.set(object.tier, { order: Infinity, end: "Deny", isThere: false });
  }
  return [...tiers]
    .toSorted(([a, x], [b, y]) => {
      if (x.isThere !== y.isThere) return x.isThere ? -1 : 1;
      if (x.order !== y.order) return x.order < y.order ? -1 : 1;
      return a < b ? -1 : 1;
    })
    .map(([name, { end }]) => ({ name, end }));
}

/** CAL-2: in order, then by the text NAME/NAMESPACE/KIND. */
export function sortMembers(members: readonly Member[]): readonly Member[] {
  return members.toSorted((a, b) => {
    if (a.order !== b.order) return a.order < b.order ? -1 : 1;
    return a.tie < b.tie ? -1 : a.tie > b.tie ? 1 : 0;
  });
}

/** The policies of Calico that are enforced (CAL-4). */
export function enforcedPolicies({ calico }: Cluster): readonly CalicoPolicy[] {
  return calico.filter(
    (object): object is CalicoPolicy =>
      object.kind === "NetworkPolicy" || object.kind === "GlobalNetworkPolicy",
  );
}

/** A policy of Calico as a member of its tier. */
export function calicoMember(scene: CalicoScene, policy: CalicoPolicy): Member {
  const { kind, namespace, name, order } = policy;
  const id = `projectcalico.org/${kind}/${namespace === undefined ? "" : `${namespace}/`}${name}`;
  const acts = policy.types.includes(scene.direction);
  return {
    id,
    order: order ?? Infinity,
    tie: `${name}/${namespace ?? ""}/${kind}`,
    acts,
    hits: () =>
      !acts
        ? []
        : policy[scene.direction].flatMap((rule, index): readonly Hit[] => {
            const { action } = rule;
            if (action === "Log") return []; // CAL-5
            const match = both(
              matchCalicoRule(scene, rule, namespace),
              matchHttp(rule, scene.facts),
            );
            const ref = { policy: id, rule: `${scene.direction}[${index}]` };
            return [{ action, match, ref, ids: idsOf(rule) }];
          }),
  };
}

/** The rules of the specification that a rule is written by. */
function idsOf(rule: CalicoPolicy["ingress"][number]): readonly string[] {
  const { source, destination, http, protocol, notProtocol, icmp, notIcmp, ipVersion } = rule;
  const ends = [source, destination];
  const has = (test: (end: (typeof ends)[number]) => unknown): boolean =>
    ends.some((end) => test(end) !== undefined);
  return [
    "CAL-5",
    "CAL-7",
    ...(has((end) => end.selector ?? end.notSelector ?? end.namespaceSelector)
      ? ["CAL-8", "CAL-10", "CAL-11"]
      : []),
    ...(has((end) => end.nets ?? end.notNets) ? ["CAL-9"] : []),
    ...(has((end) => end.ports ?? end.notPorts ?? end.services) ? ["CAL-12"] : []),
    ...(has((end) => end.serviceAccounts) ||
    [protocol, notProtocol, icmp, notIcmp, ipVersion].some((each) => each !== undefined)
      ? ["CAL-13"]
      : []),
    ...(http === undefined ? [] : ["CAL-16"]),
  ];
}

/** Whether a policy of Calico selects a pod (CAL-15: no host-network pod). */
export function selectsByCalico(cluster: Cluster, policy: CalicoPolicy, guarded: Guarded): boolean {
  const { namespace, selector, namespaceSelector, serviceAccountSelector } = policy;
  if (policy.doNotTrack || policy.preDNAT) return false; // CAL-14: for host endpoints only
  if (namespace !== undefined && namespace !== guarded.namespace) return false;
  const labels = labelsOfPod(cluster, guarded.namespace, guarded.pod);
  const ofNamespace = cluster.namespaces.get(guarded.namespace)?.labels ?? {};
  const account = cluster.serviceAccounts.find(
    (each) => each.namespace === guarded.namespace && each.name === guarded.pod.serviceAccount,
  );
  const named = { ...ofNamespace, "projectcalico.org/name": guarded.namespace };
  const asAccount = { ...account?.labels, "projectcalico.org/name": guarded.pod.serviceAccount };
  return (
    matchesCalicoSelector(selector, labels) &&
    (namespaceSelector === undefined || matchesCalicoSelector(namespaceSelector, named)) &&
    (serviceAccountSelector === undefined ||
      matchesCalicoSelector(serviceAccountSelector, asAccount))
  );
}

/** CAL-2: a NetworkPolicy that selects the pod, at order 1000 of tier `default`. */
export function networkPolicyMembers(scene: Scene): readonly Member[] {
  const { cluster, guarded, direction } = scene;
  const type = direction === "ingress" ? "Ingress" : "Egress";
  return cluster.networkPolicies
    .filter(
      ({ namespace, podSelector }) =>
        namespace === guarded.namespace && matchesSelector(podSelector, guarded.pod.labels),
    )
    .map((policy: NetworkPolicy): Member => {
      const { namespace, name } = policy;
      const id = `networking.k8s.io/NetworkPolicy/${namespace}/${name}`;
      const acts = policy.policyTypes.includes(type);
      const hits = (): readonly Hit[] =>
        policy[direction].map((rule, index) => {
          const { match, ruleIds } = matchNetworkPolicyRule(scene, policy, rule);
          const ref = { policy: id, rule: `${direction}[${index}]` };
          return { action: "Allow", match, ref, ids: [...ruleIds, "CAL-2"] };
        });
      return {
        id,
        order: 1000,
        tie: `${name}/${namespace}/KubernetesNetworkPolicy`,
        acts,
        hits: () => (acts ? hits() : []),
      };
    });
}

/** CAL-2: a ClusterNetworkPolicy of a tier, by its priority. */
export function adminMembers(scene: Scene, tier: AdminPolicy["tier"]): readonly Member[] {
  const { cluster, guarded, direction } = scene;
  return cluster.adminPolicies
    .filter(
      ({ kind, tier: own, subject }) =>
        kind === "ClusterNetworkPolicy" &&
        own === tier &&
        selectsPod(cluster, subject.namespaceSelector, subject.podSelector, guarded),
    )
    .map((policy): Member => ({
      id: `policy.networking.k8s.io/${policy.kind}/${policy.name}`,
      order: policy.priority,
      tie: `${policy.name}//KubernetesClusterNetworkPolicy`,
      acts: policy[direction].length > 0,
      hits: () => {
        const { taken, decided } = walkAdminPolicy(scene, policy);
        return taken.map(({ action, ref, ids }, index): Hit => ({
          action,
          match: decided && index === taken.length - 1 ? "yes" : "perhaps",
          ref,
          ids: [...ids, "CAL-2"],
        }));
      },
    }));
}
