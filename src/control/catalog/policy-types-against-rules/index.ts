import type { Edit, Direction, NetworkPolicy } from "../../../model/index.ts";
import type { Control } from "../../control.ts";
import type { Found } from "../../finding.ts";

/** NetworkPolicies whose `policyTypes` are missing, or leave out a type for which there are rules. */
export const control: Control = {
  id: "policy-types-against-rules",
  family: "policy",
  title: "Every NetworkPolicy says which types it has, and has them for all of its rules",
  severity: "high",
  rationale:
    "Rules of a type that `policyTypes` does not list are ignored, so the policy leaves that direction open. Where the field is missing, the API server fills in Ingress, and Egress only if there are egress rules, and tools that read files disagree about it.",
  remediation: "Write `policyTypes` with every type for which the policy has rules or is to deny.",
  references: ["NP-2"],
  check: ({ cluster }) =>
    cluster.networkPolicies.flatMap((policy) =>
      policy.written.policyTypes ? ignoredRules(policy) : missingTypes(policy),
    ),
};

function ignoredRules(policy: NetworkPolicy): readonly Found[] {
  const ways = [
    ["ingress", "Ingress"],
    ["egress", "Egress"],
  ] as const;
  return ways.flatMap(([direction, type]) => {
    const rules = policy[direction];
    if (rules.length === 0 || policy.policyTypes.includes(type)) return [];
    const { origin } = policy;
    const path = ["spec", "policyTypes"];
    const edit: Edit = { kind: "append", origin, path, value: type };
    return [
      {
        ...subjectOf(policy),
        key: direction,
        text: `\`policyTypes\` does not list \`${type}\`: its ${rulesText(rules.length, direction)} ${rules.length === 1 ? "is" : "are"} ignored`,
        places: [
          { policy: subjectOf(policy).subject, origin, path: ["spec", direction] },
          { policy: subjectOf(policy).subject, origin, path },
        ],
        fix: `add \`${type}\` to \`policyTypes\`, or remove the ${direction} rules`,
        edits: [edit],
        changes: "closes",
      },
    ];
  });
}

/** A policy with `egress: []` is another check's. */
function missingTypes(policy: NetworkPolicy): readonly Found[] {
  const { origin, ingress, policyTypes, written } = policy;
  if (written.emptyEgress) return [];
  const means = `[${policyTypes.join(", ")}]`;
  const surprises = ingress.length === 0;
  const { subject } = subjectOf(policy);
  return [
    {
      ...subjectOf(policy),
      text: textOf(policy),
      places: [{ policy: subject, origin, path: ["spec"] }],
      fix: surprises
        ? `write \`policyTypes: ${means}\` if that is meant, else add or leave out a type`
        : `write \`policyTypes: ${means}\``,
      edits: [{ kind: "set", origin, path: ["spec", "policyTypes"], value: policyTypes }],
      changes: "none",
      severity: surprises ? "medium" : "info",
    },
  ];
}

/** `egress rule`, `3 egress rules`. */
function rulesText(count: number, direction: Direction): string {
  return count === 1 ? `${direction} rule` : `${count} ${direction} rules`;
}

function textOf({ ingress, egress, policyTypes }: NetworkPolicy): string {
  const missing = "`policyTypes` is missing";
  if (ingress.length > 0)
    return `${missing}: it means \`[${policyTypes.join(", ")}]\` by its rules`;
  if (egress.length === 0) return `${missing}: it denies all ingress, and no egress`;
  return `${missing}: besides its ${rulesText(egress.length, "egress")} it denies all ingress`;
}

function subjectOf({ namespace, name }: NetworkPolicy): { subject: string; namespace: string } {
  return { subject: `networking.k8s.io/NetworkPolicy/${namespace}/${name}`, namespace };
}
