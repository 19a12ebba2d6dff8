import type { AdminPolicy, AntreaAppliedTo, AntreaPolicy, Cluster } from "../../../model/index.ts";
import type { RuleRef } from "../../decision.ts";
import { matchAdminRule } from "../admin-policy.ts";
import { type Match, type Scene, selectsPod } from "../match.ts";
import { findGroup, fitsL7, matchAntreaRule, selectsPods } from "./match.ts";

/** A rule that applies to the guarded pod, wherever it stands (ANT-2, ANT-3). */
export interface Placed {
  readonly tier: number;
  readonly priority: number;
  readonly index: number;
  readonly action: "Allow" | "Deny" | "Pass";
  readonly match: Match;
  /** Of an L7 rule: whether the request fits; `undefined` where it is not told, true without one. */
  readonly fits: boolean | undefined;
  readonly ref: RuleRef;
  readonly ids: readonly string[];
}

const STATIC: Readonly<Record<string, number>> = {
  emergency: 50,
  securityops: 100,
  networkops: 150,
  platform: 200,
  application: 250,
  baseline: 253,
};

/** ANT-1: the priority of a tier; one that is missing has none, and its policies do nothing. */
function tierPriority({ antrea }: Cluster, name: string): number | undefined {
  const known = STATIC[name.toLowerCase()];
  if (known !== undefined) return known;
  const tier = antrea.find(
    (object) => object.kind === "Tier" && object.name.toLowerCase() === name.toLowerCase(),
  );
  return tier?.kind === "Tier" ? tier.priority : undefined;
}

/** Every rule that applies to the pod in the direction of the scene, the first ones first. */
export function rulesFor(scene: Scene): readonly Placed[] {
  const { cluster } = scene;
  const own = cluster.antrea.flatMap((object): readonly Placed[] => {
    if (object.kind !== "NetworkPolicy" && object.kind !== "ClusterNetworkPolicy") return [];
    const tier = tierPriority(cluster, object.tier);
    return tier === undefined ? [] : ofPolicy(scene, object, tier);
  });
  const admin = cluster.adminPolicies.flatMap((policy) => ofAdmin(scene, policy));
  return [...own, ...admin].toSorted(
    (a, b) => a.tier - b.tier || a.priority - b.priority || a.index - b.index,
  );
}

function ofPolicy(scene: Scene, policy: AntreaPolicy, tier: number): readonly Placed[] {
  const { kind, namespace, name, priority } = policy;
  const id = `crd.antrea.io/${kind}/${namespace === undefined ? "" : `${namespace}/`}${name}`;
  return policy[scene.direction].flatMap((rule, index): readonly Placed[] => {
    const applied = policy.appliedTo ?? rule.appliedTo ?? [];
    if (!isApplied(scene, applied, namespace)) return [];
    const action = rule.action === "Drop" || rule.action === "Reject" ? "Deny" : rule.action;
    return [
      {
        tier,
        priority,
        index,
        action,
        match: matchAntreaRule(scene, rule, namespace),
        fits: rule.l7 === undefined ? true : fitsL7(rule, scene.facts),
        ref: { policy: id, rule: `${scene.direction}[${index}]` },
        ids: idsOf(rule),
      },
    ];
  });
}

/** The rules of the specification that a rule is written by. */
function idsOf(rule: AntreaPolicy["ingress"][number]): readonly string[] {
  const by: Readonly<Record<string, string>> = {
    pods: "ANT-10",
    self: "ANT-13",
    sameLabels: "ANT-14",
    ipBlock: "ANT-15",
    group: "ANT-11",
    serviceAccount: "ANT-12",
    nodes: "ANT-16",
    fqdn: "ANT-18",
  };
  return [
    "ANT-1",
    "ANT-2",
    "ANT-4",
    "ANT-9",
    ...rule.peers.flatMap(({ kind }) => by[kind] ?? []),
    ...(rule.peers.length === 0 ? ["ANT-10"] : []),
    ...(rule.toServices.length > 0 ? ["ANT-17"] : []),
    ...(rule.traffic ?? []).map(({ kind }) => (kind === "port" ? "ANT-21" : "ANT-22")),
    ...(rule.l7 === undefined ? [] : ["ANT-23"]),
  ];
}

/** ANT-9: entries are alternatives; ANT-19: no host-network pod. */
function isApplied(
  { cluster, guarded }: Scene,
  applied: readonly AntreaAppliedTo[],
  namespace: string | undefined,
): boolean {
  return applied.some((entry) => {
    switch (entry.kind) {
      case "pods":
        return selectsPods(cluster, guarded, { ...entry, namespace });
      case "group":
        return isMember({ cluster, guarded }, entry.name, namespace, 0);
      case "serviceAccount":
        return guarded.namespace === entry.namespace && guarded.pod.serviceAccount === entry.name;
      default:
        return false;
    }
  });
}

/** ANT-11: ranges in appliedTo apply to nothing. */
function isMember(
  { cluster, guarded }: Pick<Scene, "cluster" | "guarded">,
  name: string,
  namespace: string | undefined,
  depth: number,
): boolean {
  const group = findGroup(cluster, name, namespace);
  if (group === undefined) return false;
  const { members } = group;
  switch (members.kind) {
    case "groups":
      return (
        depth === 0 &&
        members.names.some((child) => isMember({ cluster, guarded }, child, namespace, 1))
      );
    case "pods":
      return selectsPods(cluster, guarded, { ...members, namespace: group.namespace });
    case "service": {
      const service = cluster.services.find(
        (one) => one.namespace === members.namespace && one.name === members.name,
      );
      return (
        service?.selector !== undefined &&
        guarded.namespace === members.namespace &&
        Object.entries(service.selector).every(([key, value]) => guarded.pod.labels[key] === value)
      );
    }
    default:
      return false;
  }
}

/** ANT-1: admin policies have fixed places between the tiers. */
function ofAdmin(scene: Scene, policy: AdminPolicy): readonly Placed[] {
  const { cluster, guarded, direction } = scene;
  const { subject } = policy;
  if (!selectsPod(cluster, subject.namespaceSelector, subject.podSelector, guarded)) return [];
  return policy[direction].map((rule, index): Placed => {
    const { action, match, ids } = matchAdminRule(scene, rule);
    return {
      tier: policy.tier === "Admin" ? 220 : 254,
      priority: policy.priority,
      index,
      action,
      match,
      fits: true,
      ref: {
        policy: `policy.networking.k8s.io/${policy.kind}/${policy.name}`,
        rule: `${direction}[${index}]`,
      },
      ids: [...ids, "ANT-1"],
    };
  });
}
