import type { Control } from "../../control.ts";
import { namespaceOfPolicy } from "../../finding.ts";

/** Policies that select no pod that exists. */
export const control: Control = {
  id: "policy-selects-nothing",
  family: "policy",
  title: "Every policy selects a pod",
  severity: "medium",
  rationale:
    "A policy that selects no pod protects nothing. Mostly its selector has a typo, or the workload has gone.",
  remediation: "Correct the selector, or remove the policy.",
  references: ["NP-1", "CNP-9"],
  check: ({ compiled }) =>
    [...compiled.byId.values()]
      .filter(
        (policy) =>
          !compiled.selecting.has(policy.id) && !compiled.profile.builtins.includes(policy),
      )
      .map(({ id, origin }) => ({
        subject: id,
        namespace: namespaceOfPolicy(id),
        text: "it selects no pod",
        places: [{ policy: id, origin, path: ["spec", selectorOf(id)] }],
        fix: "correct its selector, or remove it",
      })),
};

function selectorOf(id: string): string {
  return id.startsWith("networking.k8s.io/") ? "podSelector" : "subject";
}
