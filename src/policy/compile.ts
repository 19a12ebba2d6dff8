import type { CalicoObject, Cluster, Labels, Node } from "../model/index.ts";
import { type AddressIndex, createAddressIndex } from "./address-index.ts";
import { type PointKind, type Profile, type Switches, configured } from "./board.ts";
import { type InternClassSet, createClassSets } from "./class-set.ts";
import { type Classes, buildClasses } from "./classes.ts";
import {
  type CompiledRule,
  type Selected,
  compileRules,
  type Tests,
  createTests,
  gatherTests,
} from "./compiled-rule.ts";
import { compileAdminPolicy } from "./dialect/admin-policy.ts";
import { compileAntrea } from "./dialect/antrea/policies.ts";
import { compileCalico } from "./dialect/calico/policies.ts";
import { compileNetworkPolicy } from "./dialect/network-policy.ts";
import { type Group, buildGroups } from "./groups.ts";
import { buildKinds, namespacesOf } from "./kinds.ts";
import { matchSelf } from "./match.ts";
import type { Peer, Policy, Subject } from "./policy.ts";
import { buildSelectorIndex } from "./selector-index.ts";

/** All policies of a cluster under one profile, ready to be asked. Immutable but for caches of what was asked. */
export interface CompiledPolicies {
  readonly cluster: Cluster;
  readonly profile: Profile;
  readonly nodes: ReadonlyMap<string, Node>;
  /** Those that select something, built-in ones included. A policy's number is its index. */
  readonly policies: readonly Policy[];
  /** Every policy by id, also those that select nothing. */
  readonly byId: ReadonlyMap<string, Policy>;
  /** The classes that each policy selects, also those of pods to come; undefined: all. */
  readonly subjects: readonly (Selected | undefined)[];
  /** Rules of all policies. A rule's number is its index. */
  readonly rules: readonly CompiledRule[];
  readonly classes: Classes;
  readonly addresses: AddressIndex;
  readonly internClasses: InternClassSet;
  /** Endpoints that the same policies select at a point; a group's number is its index. */
  readonly groups: readonly Group[];
  /** The group of each class at a point; -1 where nothing is judged. */
  readonly groupOf: Readonly<Record<PointKind, Int32Array>>;
  /** The classes that some pod is in, not only one that may come. */
  readonly realClasses: ReadonlySet<number>;
  /** The ids of the policies that select a pod which exists. */
  readonly selecting: ReadonlySet<string>;
  readonly counters: Counters;
}

/** The work that compiling took: it must grow with classes and policies, never with their product. */
export interface Counters {
  readonly kinds: number;
  readonly classes: number;
  readonly selectors: number;
  /** Kinds whose labels were looked at for a selector. */
  readonly selectorEvaluations: number;
  readonly groups: number;
}

/** Compiles the policies of a cluster as a profile's engine enforces them; `replaced` stands for what the cluster's objects give. */
export function compilePolicies(
  cluster: Cluster,
  given: Profile,
  replaced?: readonly Policy[],
): CompiledPolicies {
  const profile = configured(given, cluster);
  const policies = replaced ?? readPolicies(cluster, profile);
  const { hiddenLabel, hostNetworkPods } = profile.switches;
  const kinds = buildKinds(cluster, { nodeNames: policies.some(namesNodes), hiddenLabel });
  const index = buildSelectorIndex(kinds.kinds, {
    namespaces: namespacesOf(cluster),
    serviceAccounts: serviceAccountsOf(cluster),
    hostPods: hostNetworkPods === "unclear",
  });
  const tests = createTests(kinds, index.select);
  const inForce = [...profile.builtins, ...policies].filter(
    ({ state, subject }) => state === "enforced" && selectsSomething(subject, tests),
  );
  const addresses = createAddressIndex();
  const portNames = gatherTests(inForce, tests, addresses);
  const classes = buildClasses(cluster, kinds, { matches: tests.matches(), portNames, addresses });
  const internClasses = createClassSets(classes.classes.length);
  const lookups = { tests, classes, addresses, internClasses };
  const { rules, subjects } = compileRules(inForce, lookups);
  const realClasses = new Set(classes.ofPod.values());
  const selfKey = createSelfKeys({ cluster, profile, classes, addresses });
  const groups = buildGroups({ profile, policies: inForce, rules, classes, subjects, selfKey });
  return {
    cluster,
    profile,
    nodes: new Map(cluster.nodes.map((node) => [node.name, node])),
    policies: inForce,
    byId: new Map([...policies, ...inForce].map((policy) => [policy.id, policy])),
    subjects,
    rules,
    classes,
    addresses,
    internClasses,
    ...groups,
    realClasses,
    selecting: new Set(
      inForce
        .filter((_, number) =>
          subjects[number]?.classes.members.some((each) => realClasses.has(each)),
        )
        .map(({ id }) => id),
    ),
    counters: {
      kinds: kinds.kinds.length,
      classes: classes.classes.length,
      selectors: tests.selectors(),
      selectorEvaluations: index.evaluations(),
      groups: groups.groups.length,
    },
  };
}

/** Whether a subject selects an endpoint or a pod to come. */
function selectsSomething(subject: Subject, tests: Tests): boolean {
  if (subject.kind === "everything") return true;
  return subject.kind === "nodes"
    ? tests.nodes(subject.nodes).may.length > 0
    : tests.select(subject).length > 0;
}

/** Whether the policy tells nodes apart by their names. */
function namesNodes({ subject, rules }: Policy): boolean {
  const peerNames = (peer: Peer): boolean => {
    if (peer.kind === "nodes") return peer.nodes.kind === "names";
    if (!("of" in peer)) return false;
    return "kind" in peer.of ? peerNames(peer.of) : peer.of.some(peerNames);
  };
  if (subject.kind === "nodes" && subject.nodes.kind === "names") return true;
  return rules.some(
    ({ peers, self }) => peers.some(peerNames) || (self !== undefined && peerNames(self)),
  );
}

function serviceAccountsOf({ serviceAccounts }: Cluster): ReadonlyMap<string, Labels> {
  return new Map(
    serviceAccounts.map(({ namespace, name, labels }) => [`${namespace}/${name}`, labels]),
  );
}

/** Tells classes apart by how they match what rules ask of the guarded endpoint (CAL-7). */
function createSelfKeys(
  known: Pick<CompiledPolicies, "cluster" | "profile" | "classes" | "addresses">,
): (rules: readonly CompiledRule[], number: number) => string {
  return (rules, guarded) =>
    rules
      .flatMap(({ self }) =>
        ([4, 6] as const).map((family) => {
          const scene = { compiled: known, family, facts: [], ports: [], guarded };
          const { strength, doubt = "" } = matchSelf(scene, self!);
          return `${strength}${doubt}`;
        }),
      )
      .join();
}

/** What the cluster's objects mean under a profile. What no board of it takes is inert: declared, and not enforced. */
export function readPolicies(cluster: Cluster, given: Profile): readonly Policy[] {
  const { switches, boards } = configured(given, cluster);
  const taken = new Set(
    Object.values(boards).flatMap(({ stages }) =>
      stages.flatMap(({ takes }) => takes.map(({ slot }) => slot)),
    ),
  );
  const all = [
    ...cluster.networkPolicies.map((object) => compileNetworkPolicy(object, switches)),
    ...cluster.adminPolicies.map((object) => compileAdminPolicy(object, switches)),
    ...compileCalico(cluster),
    ...compileAntrea(cluster),
    ...cluster.calico.flatMap((object) => stagedNetworkPolicy(object, switches)),
  ];
  return all.map((policy) => (taken.has(policy.slot) ? policy : { ...policy, state: "inert" }));
}

/** A NetworkPolicy that Calico stages (CAL-4). */
function stagedNetworkPolicy(object: CalicoObject, switches: Switches): readonly Policy[] {
  if (object.kind !== "StagedKubernetesNetworkPolicy" || object.staged === "Ignore") return [];
  const policy = compileNetworkPolicy(object.policy, switches);
  const { namespace, name } = object.policy;
  const id = `projectcalico.org/StagedKubernetesNetworkPolicy/${namespace}/${name}`;
  const staged = { ...policy, id, state: "pending", replaces: policy.id } as const;
  return [object.staged === "Delete" ? { ...staged, isolates: NOTHING, rules: [] } : staged];
}

const NOTHING = { ingress: "no", egress: "no" } as const;
