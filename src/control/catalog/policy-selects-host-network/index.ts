import { type Pod, matchesSelector } from "../../../model/index.ts";
import type { EndpointSelector } from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import type { Evidence } from "../../evidence.ts";
import { namespaceOfPolicy } from "../../finding.ts";
import { namesText } from "../../words.ts";

/** Policies whose selector fits pods on the host network, which policies do not guard. */
export const control: Control = {
  id: "policy-selects-host-network",
  family: "policy",
  title: "No policy means to guard pods on the host network",
  severity: "low",
  rationale:
    "A pod on the host network has the address of its node. NetworkPolicies have no sure effect on it, and ClusterNetworkPolicies none at all, whatever their selectors say.",
  remediation:
    "Take the pods off the host network, or guard the nodes, and select in the policy only pods that it can guard.",
  references: ["NP-8", "CNP-6", "CAL-15"],
  check: ({ cluster, compiled }) => {
    const hosts = cluster.workloads.filter(({ pods }) => pods.some((pod) => pod.hostNetwork));
    if (hosts.length === 0) return [];
    const guards = guarding(compiled);
    const inNamespace = Map.groupBy(hosts, ({ namespace }) => namespace);
    return [...compiled.byId.values()].flatMap(({ id, origin, subject }) => {
      if (subject.kind !== "pods") return [];
      const near =
        subject.namespaces.kind === "name"
          ? (inNamespace.get(subject.namespaces.name) ?? [])
          : hosts.filter(({ namespace }) => fitsNamespace(subject, cluster.namespaces, namespace));
      const fits = (pod: Pod): boolean => matchesSelector(subject.pods, pod.labels);
      const found = near.filter(({ pods }) => pods.some((pod) => pod.hostNetwork && fits(pod)));
      if (found.length === 0) return [];
      const isAll = !guards.has(id);
      const names = namesText(found.map((workload) => workload.id));
      const are = found.length === 1 ? "is" : "are";
      return [
        {
          subject: id,
          namespace: namespaceOfPolicy(id),
          text: `it does not guard ${names}, which it selects and which ${are} on the host network`,
          places: [{ policy: id, origin, path: ["spec"] }],
          fix: `take ${names} off the host network, or guard the nodes`,
          ...(isAll ? { severity: "high" as const } : {}),
        },
      ];
    });
  },
};

type Namespaces = Evidence["cluster"]["namespaces"];

function fitsNamespace({ namespaces }: EndpointSelector, all: Namespaces, name: string): boolean {
  if (namespaces.kind === "name") return namespaces.name === name;
  return matchesSelector(namespaces.selector, all.get(name)?.labels ?? {});
}

/** Policies that select a pod which they can guard. */
function guarding({
  policies,
  subjects,
  classes,
  realClasses,
}: Evidence["compiled"]): ReadonlySet<string> {
  const found = policies.filter((_, number) =>
    subjects[number]?.classes.members.some(
      (each) => realClasses.has(each) && classes.classes[each]!.type === "pod",
    ),
  );
  return new Set(found.map(({ id }) => id));
}
