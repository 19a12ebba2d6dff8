import type { Pod } from "../../../model/index.ts";
import type { CompiledPolicies } from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import type { Evidence } from "../../evidence.ts";
import { listText } from "../../wording.ts";

/** Workloads with a pod that no policy isolates in any direction. */
export const control: Control = {
  id: "workload-outside-every-policy",
  family: "policy",
  title: "Every workload is isolated by a policy",
  severity: "medium",
  rationale:
    "A pod that no policy isolates accepts connections from everywhere and may send to everywhere, but for what admin policies deny one by one.",
  remediation: "Write a policy that selects the workload, or a default deny for its namespace.",
  references: ["NP-4", "NP-12"],
  check: (evidence) =>
    evidence.cluster.workloads.flatMap(({ id, namespace, pods, origin }) => {
      const own = pods.filter(({ hostNetwork }) => !hostNetwork);
      const outside = own.filter((pod) => !isIsolated(evidence, namespace, pod));
      const [first] = outside;
      if (first === undefined) return [];
      const isShare = outside.length < own.length;
      const who = isShare ? `${outside.length} of its ${own.length} pods` : "it";
      return [
        {
          subject: id,
          namespace,
          text: isSelected(evidence.compiled, first)
            ? `no NetworkPolicy selects ${who}: only what admin policies deny is denied`
            : `no policy selects ${who}: all ${isShare ? "their" : "its"} traffic is allowed`,
          places: [{ origin: origin ?? first.origin, path: [] }],
          fix: `write a NetworkPolicy in \`${namespace}\` that selects ${labelsText(own)}`,
        },
      ];
    }),
};

/** By a policy that selects it, or by one that closes its whole namespace. */
function isIsolated({ outlook }: Evidence, namespace: string, pod: Pod): boolean {
  return (["ingress", "egress"] as const).some(
    (direction) =>
      outlook().isIsolated(pod, direction) || outlook().isCovered(namespace, direction),
  );
}

function isSelected({ classes, groups, groupOf, policies, profile }: CompiledPolicies, pod: Pod) {
  const number = classes.ofPod.get(pod)!;
  return (["workload-ingress", "workload-egress"] as const).some((point) => {
    const group = groups[groupOf[point][number]!];
    return group?.policies.some((each) => !profile.builtins.includes(policies[each]!)) === true;
  });
}

/** Labels that all of its pods have and that people choose; those that controllers add would select one version only. */
function labelsText([first, ...others]: readonly Pod[]): string {
  const chosen = Object.entries(first?.labels ?? {})
    .filter(([key]) => !GENERATED.has(key))
    .filter(([key, value]) => others.every(({ labels }) => labels[key] === value))
    .map(([key, value]) => `\`${key}: ${value}\``);
  return chosen.length === 0 ? "it" : listText(chosen, 2);
}

const GENERATED: ReadonlySet<string> = new Set([
  "controller-revision-hash",
  "pod-template-generation",
  "pod-template-hash",
  "statefulset.kubernetes.io/pod-name",
]);
