/** What becomes of an object, by its group, version and kind. */
export type Reading =
  | { readonly kind: "read"; readonly as: ReadKind }
  /** Readable, but the API server no longer serves this version. */
  | {
      readonly kind: "read-old";
      readonly as: ReadKind;
      readonly text: string;
      /** The version that is served. */
      readonly current: string;
    }
  /** Does nothing in a cluster of today; kept. */
  | { readonly kind: "inert"; readonly text: string; readonly current: string }
  /** May decide traffic, and cannot be read. With `current` it is a kind that is known, of a version that is not. */
  | { readonly kind: "unread"; readonly text: string; readonly current?: string }
  | { readonly kind: "other" };

/** The kinds that are read into types. */
export type ReadKind =
  | WorkloadKind
  | "Namespace"
  | "Pod"
  | "Service"
  | "EndpointSlice"
  | "Ingress"
  | "Node"
  | "ServiceAccount"
  | "ConfigMap"
  | "NetworkPolicy"
  | "AdminNetworkPolicy"
  | "BaselineAdminNetworkPolicy"
  | "ClusterNetworkPolicy";

/** The kinds that own pods. */
export type WorkloadKind =
  | "Deployment"
  | "StatefulSet"
  | "DaemonSet"
  | "ReplicaSet"
  | "ReplicationController"
  | "Job"
  | "CronJob";

/** Tells how an object of this apiVersion and kind is read. The group counts as well as the kind (CNP-1: names collide). */
export function readingOf(apiVersion: string, kind: string): Reading {
  const served = SERVED[`${apiVersion}/${kind}`];
  if (served !== undefined) return served;
  const slash = apiVersion.indexOf("/");
  const group = slash === -1 ? "" : apiVersion.slice(0, slash);
  const what = `\`${kind}\` of \`${apiVersion}\``;
  if (isForeignPolicy(group, kind)) {
    const text = `${what} is a policy that is not read yet: what it decides is unknown`;
    return { kind: "unread", text };
  }
  const current = CURRENT.get(kind);
  // A group without a dot or below k8s.io is Kubernetes' own; others may use the same kind for what they like.
  const own = !group.includes(".") || group.endsWith(".k8s.io");
  if (current === undefined || !own) return { kind: "other" };
  const text = `${what} is not known: write \`apiVersion: ${current}\``;
  return { kind: "unread", text, current };
}

/** Kinds whose objects stand in no namespace. */
export function isClusterScoped(kind: ReadKind): boolean {
  return CLUSTER_SCOPED.has(kind);
}

/** Whether `kind` owns pods. */
export function isWorkloadKind(kind: ReadKind): kind is WorkloadKind {
  return WORKLOADS.has(kind);
}

const WORKLOADS: ReadonlySet<string> = new Set<WorkloadKind>([
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "ReplicationController",
  "Job",
  "CronJob",
]);

const CLUSTER_SCOPED: ReadonlySet<string> = new Set<ReadKind>([
  "Namespace",
  "Node",
  "AdminNetworkPolicy",
  "BaselineAdminNetworkPolicy",
  "ClusterNetworkPolicy",
]);

const KINDS: Readonly<Record<string, readonly ReadKind[]>> = {
  v1: [
    "Namespace",
    "Pod",
    "ReplicationController",
    "Service",
    "Node",
    "ServiceAccount",
    "ConfigMap",
  ],
  "apps/v1": ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"],
  "batch/v1": ["Job", "CronJob"],
  "discovery.k8s.io/v1": ["EndpointSlice"],
  "networking.k8s.io/v1": ["Ingress", "NetworkPolicy"],
  "policy.networking.k8s.io/v1alpha1": ["AdminNetworkPolicy", "BaselineAdminNetworkPolicy"],
  "policy.networking.k8s.io/v1alpha2": ["ClusterNetworkPolicy"],
};

/** Versions that were served once and whose fields that matter here are the same. */
const OLD_KINDS: Readonly<Record<string, readonly ReadKind[]>> = {
  "extensions/v1beta1": ["Deployment", "DaemonSet", "ReplicaSet"],
  "apps/v1beta1": ["Deployment", "StatefulSet"],
  "apps/v1beta2": ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"],
  "batch/v1beta1": ["CronJob"],
  "batch/v2alpha1": ["CronJob"],
  "discovery.k8s.io/v1beta1": ["EndpointSlice"],
};

/** Forms that do nothing any more (NP-13); the old Ingress has other fields. */
const INERT_KINDS: Readonly<Record<string, readonly ReadKind[]>> = {
  "extensions/v1beta1": ["NetworkPolicy", "Ingress"],
  "networking.k8s.io/v1beta1": ["Ingress"],
};

const CURRENT: ReadonlyMap<string, string> = new Map(
  Object.entries(KINDS).flatMap(([version, kinds]) =>
    kinds.map((kind): [string, string] => [kind, version]),
  ),
);

const SERVED: Readonly<Record<string, Reading | undefined>> = servedKinds();

function servedKinds(): Record<string, Reading | undefined> {
  const table: Record<string, Reading | undefined> = Object.create(null) as typeof table;
  for (const [version, kinds] of Object.entries(KINDS)) {
    for (const kind of kinds) table[`${version}/${kind}`] = { kind: "read", as: kind };
  }
  for (const [version, kinds] of Object.entries(OLD_KINDS)) {
    for (const kind of kinds) {
      const current = CURRENT.get(kind)!;
      const advice = `write \`apiVersion: ${current}\``;
      const text = `\`${kind}\` of \`${version}\` is not served any more: ${advice}`;
      table[`${version}/${kind}`] = { kind: "read-old", as: kind, text, current };
    }
  }
  for (const [version, kinds] of Object.entries(INERT_KINDS)) {
    for (const kind of kinds) {
      const current = CURRENT.get(kind)!;
      const advice = `it does nothing, write \`apiVersion: ${current}\``;
      const text = `\`${kind}\` of \`${version}\` is not served any more: ${advice}`;
      table[`${version}/${kind}`] = { kind: "inert", text, current };
    }
  }
  return table;
}

const CALICO =
  /^(?:Staged\w+|NetworkPolicy|GlobalNetworkPolicy|Tier|HostEndpoint|NetworkSet|GlobalNetworkSet|Profile)$/u;
const ANTREA = /^(?:NetworkPolicy|ClusterNetworkPolicy|Tier|Group|ClusterGroup)$/u;
const AWS =
  /^(?:ClusterNetworkPolicy|ApplicationNetworkPolicy|ClusterPolicyEndpoint|PolicyEndpoint)$/u;

/** Policies of engines that are not read: by group, the kinds that may decide traffic. */
const FOREIGN_POLICIES: ReadonlyMap<string, RegExp> = new Map([
  ["projectcalico.org", CALICO],
  ["crd.projectcalico.org", CALICO],
  ["cilium.io", /^Cilium(?:ClusterwideNetworkPolicy|NetworkPolicy|CIDRGroup)$/u],
  ["crd.antrea.io", ANTREA],
  ["security.antrea.tanzu.vmware.com", ANTREA],
  ["core.antrea.tanzu.vmware.com", ANTREA],
  ["k8s.ovn.org", /^EgressFirewall$/u],
  ["network.openshift.io", /^EgressNetworkPolicy$/u],
  ["networking.k8s.aws", AWS],
  ["k8s.cni.cncf.io", /^MultiNetworkPolicy$/u],
]);

function isForeignPolicy(group: string, kind: string): boolean {
  return FOREIGN_POLICIES.get(group)?.test(kind) ?? false;
}
