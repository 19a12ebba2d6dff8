import type { Control } from "../../control.ts";

/** NetworkPolicies with `egress: []` and no `policyTypes`, which deny no egress. */
export const control: Control = {
  id: "empty-egress-without-types",
  family: "policy",
  title: "No NetworkPolicy has an empty list of egress rules that isolates nothing",
  severity: "high",
  rationale:
    "Without `policyTypes` a NetworkPolicy has the type Egress only if it has an egress rule. An empty list looks like a deny of all egress and leaves it open.",
  remediation: "List `Egress` in `policyTypes`.",
  references: ["NP-2"],
  check: ({ cluster }) =>
    cluster.networkPolicies
      .filter(({ written }) => written.emptyEgress && !written.policyTypes)
      .map(({ namespace, name, origin }) => {
        const subject = `networking.k8s.io/NetworkPolicy/${namespace}/${name}`;
        const value = ["Ingress", "Egress"];
        return {
          subject,
          namespace,
          text: "`egress: []` without `policyTypes` denies no egress",
          places: [{ policy: subject, origin, path: ["spec", "egress"] }],
          fix: "write `policyTypes: [Ingress, Egress]`, so that it denies egress too",
          edits: [{ kind: "set", origin, path: ["spec", "policyTypes"], value }],
          changes: "closes",
        };
      }),
};
