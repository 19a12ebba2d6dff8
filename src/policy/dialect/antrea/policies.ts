import {
  type AntreaAppliedTo,
  type AntreaPolicy,
  type AntreaRule,
  type Cluster,
  type Direction,
  matchesSelector,
} from "../../../model/index.ts";
import { UNNAMED } from "../../kinds.ts";
import type { EndpointSelector, Policy, Rule, Subject } from "../../policy.ts";
import { type AntreaContext, podsOf, podsOfAccount, podsOfGroup } from "./members.ts";
import { type OwnNamespace, compileAntreaRule, isRelative } from "./rules.ts";

/** The slot of the policies of a tier; those for nodes have one of their own. */
export function antreaSlot(tier: string): string {
  return `crd.antrea.io/tier/${tier.toLowerCase()}`;
}

/** The slot of policies that are applied to nodes (ANT-9). */
export function antreaNodeSlot(tier: string): string {
  return `crd.antrea.io/node/${tier.toLowerCase()}`;
}

/** What the policies of Antrea mean (ANT-1 to ANT-23). They isolate nothing by themselves (ANT-7). */
export function compileAntrea(cluster: Cluster): readonly Policy[] {
  return cluster.antrea.flatMap((object) =>
    object.kind === "NetworkPolicy" || object.kind === "ClusterNetworkPolicy"
      ? compilePolicy(cluster, object)
      : [],
  );
}

interface NumberedRule {
  readonly rule: AntreaRule;
  readonly direction: Direction;
  readonly index: number;
}

/** One policy for each entry of appliedTo, and one more for each namespace whose pods have peers of their own (ANT-13, ANT-14): only equal indexes of rules are tied (ANT-3), so that the parts are as the whole. */
function compilePolicy(cluster: Cluster, object: AntreaPolicy): readonly Policy[] {
  const { kind, namespace, name, tier, priority, origin, appliedTo } = object;
  const context: AntreaContext = { cluster, namespace };
  const base = {
    id: `crd.antrea.io/${kind}/${namespace === undefined ? "" : `${namespace}/`}${name}`,
    origin,
    order: priority,
    tieName: name,
    isolates: { ingress: "no", egress: "no" },
    state: "enforced",
  } as const;
  const numbered = (["ingress", "egress"] as const).flatMap((direction) =>
    object[direction].map((rule, index): NumberedRule => ({ rule, direction, index })),
  );
  const parts =
    appliedTo === undefined
      ? numbered.map((each) => ({ applied: each.rule.appliedTo ?? [], rules: [each] }))
      : [{ applied: appliedTo, rules: numbered }];
  return parts.flatMap(({ applied, rules }) =>
    subjectsOf(context, applied).flatMap((subject): readonly Policy[] => {
      const slot = subject.kind === "nodes" ? antreaNodeSlot(tier) : antreaSlot(tier);
      const fixed = rules.filter(({ rule }) => !isRelative(rule));
      const own = { ...base, slot, subject, rules: compileRules(context, fixed, undefined) };
      const relative = rules.filter(({ rule }) => isRelative(rule));
      if (relative.length === 0 || subject.kind !== "pods") return [own];
      const each = namespacesOf(cluster, subject).map((of): Policy => {
        const inNamespace = { ...subject, namespaces: { kind: "name", name: of.name } } as const;
        return { ...base, slot, subject: inNamespace, rules: compileRules(context, relative, of) };
      });
      return fixed.length === 0 ? each : [own, ...each];
    }),
  );
}

function compileRules(
  context: AntreaContext,
  rules: readonly NumberedRule[],
  own: OwnNamespace | undefined,
): readonly Rule[] {
  return rules.flatMap(({ rule, direction, index }) =>
    compileAntreaRule(context, rule, { direction, index, own }),
  );
}

/** Entries are alternatives (ANT-9). */
function subjectsOf(
  context: AntreaContext,
  applied: readonly AntreaAppliedTo[],
): readonly Subject[] {
  const { namespace } = context;
  return applied.flatMap((entry): readonly Subject[] => {
    switch (entry.kind) {
      case "pods":
        return [podsOf(namespace, entry.podSelector, entry.namespaceSelector)];
      case "group":
        return podsOfGroup(context, entry.name);
      case "serviceAccount":
        return [podsOfAccount(entry.namespace, entry.name)];
      case "nodes":
        return [{ kind: "nodes", nodes: { kind: "labels", selector: entry.selector } }];
      case "service":
      case "external":
        return [];
    }
  });
}

/** The namespaces whose pods a selector may mean, with the one that does not exist. */
function namespacesOf(
  { namespaces }: Cluster,
  { namespaces: test }: EndpointSelector,
): readonly OwnNamespace[] {
  const all: readonly OwnNamespace[] = [
    ...namespaces.values(),
    { name: UNNAMED, labels: { "kubernetes.io/metadata.name": UNNAMED } },
  ];
  if (test.kind === "name") {
    const known = namespaces.get(test.name)?.labels ?? { "kubernetes.io/metadata.name": test.name };
    return [{ name: test.name, labels: known }];
  }
  return all.filter(({ labels }) => matchesSelector(test.selector, labels));
}
