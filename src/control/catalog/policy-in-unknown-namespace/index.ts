import type { Edit } from "../../../model/index.ts";
import type { Control } from "../../control.ts";
import { isMisspelt } from "../../likely-typo.ts";

/** Namespaces that every cluster has. */
const ALWAYS: ReadonlySet<string> = new Set([
  "default",
  "kube-node-lease",
  "kube-public",
  "kube-system",
]);

/** NetworkPolicies in a namespace that no manifest declares and that holds no workload. */
export const control: Control = {
  id: "policy-in-unknown-namespace",
  family: "policy",
  title: "Every NetworkPolicy is in a namespace that exists",
  severity: "medium",
  rationale:
    "A NetworkPolicy acts only on pods of its own namespace. In one that does not exist it cannot be made, and in one that was made for it by mistake it protects nothing.",
  remediation:
    "Put the policy into the namespace of the pods that it is for, or declare the namespace.",
  references: ["NP-1"],
  check: ({ cluster }) => {
    const known = new Set(cluster.workloads.map(({ namespace }) => namespace));
    for (const { name, declarations } of cluster.namespaces.values()) {
      if (declarations.length > 0) known.add(name);
    }
    // policies alone, kept apart from what they are for
    if (known.size === 0) return [];
    return cluster.networkPolicies
      .filter(({ namespace }) => !known.has(namespace) && !ALWAYS.has(namespace))
      .map(({ namespace, name, origin }) => {
        const policy = `networking.k8s.io/NetworkPolicy/${namespace}/${name}`;
        const path = ["metadata", "namespace"];
        const near = [...known].filter((other) => isMisspelt(namespace, other));
        const meant = near.length === 1 ? near[0]! : undefined;
        const edit: Edit = { kind: "set", origin, path, value: meant };
        const base = `no manifest declares namespace \`${namespace}\`, and no workload is in it`;
        return {
          subject: policy,
          namespace,
          text: meant === undefined ? base : `${base}; there is \`${meant}\``,
          places: [{ policy, origin, path }],
          fix:
            meant === undefined
              ? `declare \`${namespace}\`, or put the policy into the namespace of its pods`
              : `write \`namespace: ${meant}\``,
          ...(meant === undefined ? {} : { edits: [edit], changes: "either" as const }),
        };
      });
  },
};
