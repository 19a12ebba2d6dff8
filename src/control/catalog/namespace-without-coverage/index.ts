import type { Direction, Path } from "../../../model/index.ts";
import { type RuleRef, placeOf, ruleName } from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import type { Evidence } from "../../evidence.ts";
import type { Found, Place } from "../../finding.ts";
import { countText, listText } from "../../wording.ts";

/** Namespaces in which a new pod does not start denied. */
export const control: Control = {
  id: "namespace-without-coverage",
  family: "policy",
  title: "A new pod of every namespace starts denied",
  severity: "medium",
  rationale:
    "Policies that select the workloads of today say nothing about the pod of tomorrow. Only a default deny for the whole namespace keeps it closed until somebody writes what it needs.",
  remediation:
    "Add a NetworkPolicy with an empty `podSelector` and both policy types and no rules, and open what is needed in policies of their own.",
  references: ["NP-2", "NP-3", "NP-12", "CNP-4"],
  check: (evidence) => {
    const perNamespace = Map.groupBy(evidence.cluster.workloads, ({ namespace }) => namespace);
    return [...evidence.cluster.namespaces.values()].flatMap(({ name, declarations }) => {
      const workloads = perNamespace.get(name) ?? [];
      const origin = declarations[0]?.origin ?? workloads.find((one) => one.origin)?.origin;
      // a namespace that only other objects name may not exist
      if (origin === undefined) return [];
      return (["ingress", "egress"] as const).flatMap((direction): readonly Found[] => {
        if (evidence.outlook().isCovered(name, direction)) return [];
        const own = workloads.filter(({ pods }) => !pods.every(({ hostNetwork }) => hostNetwork));
        const isolated = own.filter(({ pods }) =>
          pods.every((pod) => evidence.outlook().isIsolated(pod, direction)),
        );
        const { why, refs } = reasonOf(evidence, name, direction);
        const path: Path = [];
        const places = refs.flatMap((ref): Place[] => {
          const place = placeOf(evidence.compiled, ref);
          return place === undefined ? [] : [{ ...ref, ...place }];
        });
        const today = `isolated today: ${isolated.length} of ${countText(own.length, "workload")}`;
        return [
          {
            subject: `Namespace/${name}`,
            namespace: name,
            key: direction,
            text: `${direction} of a new pod starts open: ${why}${own.length === 0 ? "" : `; ${today}`}`,
            places: [...places, { origin, path }],
            fix: fixOf(name, direction, refs),
            ...(own.length === 0 ? { severity: "info" } : {}),
          },
        ];
      });
    });
  },
};

/** Why a pod that has no labels, or any labels, is not shut. */
function reasonOf(
  { compiled }: Evidence,
  namespace: string,
  direction: Direction,
): { readonly why: string; readonly refs: readonly RuleRef[] } {
  const { classes, groups, groupOf, policies, rules, profile } = compiled;
  const future = classes.future.get(namespace)!;
  const group = groups[groupOf[`workload-${direction}`][future]!];
  const isIsolated = group?.policies.some(
    (number) => policies[number]!.isolates[direction] === "yes",
  );
  if (group === undefined || isIsolated !== true) {
    return { why: "no NetworkPolicy selects every pod", refs: [] };
  }
  const opening = group.rules
    .map((number) => rules[number]!)
    .filter(({ rule, policy }) => {
      return rule.action === "Allow" && !profile.builtins.includes(policies[policy]!);
    })
    .filter(({ peers }) =>
      peers.some((peer) => peer.kind !== "pods" || peer.classes.has(classes.unnamed)),
    )
    .map(({ rule, policy }): RuleRef => ({
      policy: policies[policy]!.id,
      rule: ruleName(rule),
    }));
  if (opening.length === 0) return { why: "its labels can keep it out of every policy", refs: [] };
  const names = opening.map(({ policy, rule }) => `${rule} of \`${policy.split("/").at(-1)}\``);
  const verb = names.length === 1 ? "opens" : "open";
  return { why: `${listText(names)} ${verb} it`, refs: opening };
}

function fixOf(namespace: string, direction: Direction, refs: readonly RuleRef[]): string {
  const type = direction === "ingress" ? "Ingress" : "Egress";
  if (refs.length > 0) {
    return "let the rule name its peers, or select only the workloads that need it";
  }
  return `add a NetworkPolicy to \`${namespace}\` with \`podSelector: {}\` and \`policyTypes: [${type}]\` and no rules`;
}
