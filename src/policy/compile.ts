import type { Cluster, Node } from "../model/index.ts";
import { type AddressIndex, createAddressIndex } from "./address-index.ts";
import type { PointKind, Profile } from "./board.ts";
import { type ClassSet, type InternClassSet, createClassSets } from "./class-set.ts";
import { type Classes, buildClasses } from "./classes.ts";
import { type CompiledRule, compileRules, createTests, gatherTests } from "./compiled-rule.ts";
import { compileAdminPolicy } from "./dialect/admin-policy.ts";
import { compileNetworkPolicy } from "./dialect/network-policy.ts";
import { type Group, buildGroups } from "./groups.ts";
import { buildKinds, namespacesOf } from "./kinds.ts";
import type { Policy } from "./policy.ts";
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
  /** The classes that each policy selects, also those of pods to come; undefined: all pods. */
  readonly subjects: readonly (ClassSet | undefined)[];
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

/** Compiles the policies of a cluster as a profile's engine enforces them; `policies` replaces what the cluster's objects give. */
export function compilePolicies(
  cluster: Cluster,
  profile: Profile,
  policies: readonly Policy[] = readPolicies(cluster, profile),
): CompiledPolicies {
  const kinds = buildKinds(cluster);
  const hostPods = profile.switches.hostNetworkPods === "unclear";
  const index = buildSelectorIndex(kinds.kinds, namespacesOf(cluster), hostPods);
  const tests = createTests(kinds, index.select);
  const inForce = [...profile.builtins, ...policies].filter(
    ({ state, subject }) =>
      state === "enforced" && (subject.kind === "everything" || tests.select(subject).length > 0),
  );
  const addresses = createAddressIndex();
  const portNames = gatherTests(inForce, tests, addresses);
  const classes = buildClasses(cluster, kinds, { matches: tests.matches(), portNames, addresses });
  const internClasses = createClassSets(classes.classes.length);
  const lookups = { tests, classes, addresses, internClasses };
  const { rules, subjects } = compileRules(inForce, lookups);
  const realClasses = new Set(classes.ofPod.values());
  const groups = buildGroups({ profile, policies: inForce, rules, classes, subjects });
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
        .filter((_, number) => subjects[number]?.members.some((each) => realClasses.has(each)))
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

/** What the cluster's objects mean under a profile. */
export function readPolicies(cluster: Cluster, { switches }: Profile): readonly Policy[] {
  return [
    ...cluster.networkPolicies.map((object) => compileNetworkPolicy(object, switches)),
    ...cluster.adminPolicies.map((object) => compileAdminPolicy(object, switches)),
  ];
}
