import type { Control } from "../../control.ts";

/** Workloads on the host network of namespaces that have NetworkPolicies. */
export const control: Control = {
  id: "host-network-unguarded",
  family: "policy",
  title: "No workload is beside the policies of its namespace on the host network",
  severity: "medium",
  rationale:
    "Whoever wrote policies for a namespace believes that its workloads are guarded. One on the host network is reached, and reaches others, with the addresses of its nodes, past every policy.",
  remediation:
    "Take the workload off the host network, or guard its nodes with a host firewall, and keep it in a namespace of its own.",
  references: ["NP-8", "PATH-15"],
  check: ({ cluster }) => {
    const guarded = new Set(cluster.networkPolicies.map(({ namespace }) => namespace));
    return cluster.workloads.flatMap(({ id, namespace, pods, origin }) => {
      const host = pods.find((pod) => pod.hostNetwork);
      if (host === undefined || !guarded.has(namespace)) return [];
      const some = pods.every((pod) => pod.hostNetwork) ? "it is" : "some of its pods are";
      return [
        {
          subject: id,
          namespace,
          text: `${some} on the host network, and no policy of \`${namespace}\` surely guards it`,
          places: [{ origin: origin ?? host.origin, path: ["spec"] }],
          fix: "take it off the host network, or guard its nodes with a host firewall",
        },
      ];
    });
  },
};
