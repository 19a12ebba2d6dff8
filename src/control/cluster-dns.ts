import type { Labels } from "../model/index.ts";
import type { CompiledPolicies } from "../policy/index.ts";

/** The pods that answer the cluster's names, as far as they are among the objects. */
export interface ClusterDns {
  /** Their classes; empty if they are not known. */
  readonly classes: ReadonlySet<number>;
  /** The label by which a rule finds them, and their namespace; kubeadm's where they are not known. */
  readonly namespace: string;
  readonly labels: Labels;
  /** Where they listen, UDP and TCP. */
  readonly port: number;
}

/** Labels by which distributions mark the DNS server. */
const MARKS: readonly (readonly [string, readonly string[]])[] = [
  ["k8s-app", ["kube-dns", "coredns", "node-local-dns"]],
  ["dns.operator.openshift.io/daemonset-dns", ["default"]],
  ["app.kubernetes.io/name", ["coredns", "kube-dns"]],
];

/** Finds the DNS server of a cluster by its labels. */
export function findClusterDns({ cluster, classes }: CompiledPolicies): ClusterDns {
  const servers = cluster.workloads.flatMap(({ namespace, pods }) =>
    pods.flatMap((pod) => {
      const mark = MARKS.find(([key, values]) => values.includes(pod.labels[key] ?? ""));
      return mark === undefined || pod.hostNetwork ? [] : [{ namespace, pod, key: mark[0] }];
    }),
  );
  const [first] = servers;
  if (first === undefined) {
    const labels = { "k8s-app": "kube-dns" };
    return { classes: new Set(), namespace: "kube-system", labels, port: 53 };
  }
  const { namespace, pod, key } = first;
  const named = pod.ports.find(({ name, protocol }) => protocol === "UDP" && name === "dns");
  return {
    classes: new Set(servers.map((each) => classes.ofPod.get(each.pod)!)),
    namespace,
    labels: { [key]: pod.labels[key]! },
    port: named?.port ?? 53,
  };
}
