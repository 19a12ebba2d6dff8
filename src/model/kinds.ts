import { nearest } from "../base/index.ts";
import type { DialectKind } from "./dialect.ts";
import { DIALECT_KINDS, isDialectClusterScoped, isDialectKind } from "./dialect-kinds.ts";
import { shown } from "./raw.ts";

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
  | DialectKind
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
  const dialect = DIALECT_KINDS.get(`${apiVersion}/${kind}`);
  if (dialect !== undefined) return { kind: "read", as: dialect };
  const group = groupOf(apiVersion);
  const what = `${shown(kind)} of ${shown(apiVersion)}`;
  if (isForeignPolicy(group, kind)) {
    const text = `${what} is a policy that is not read yet: what it decides is unknown`;
    return { kind: "unread", text };
  }
  // A group without a dot or below k8s.io is Kubernetes' own; others may use the same kind for what they like.
  const own = !group.includes(".") || group.endsWith(".k8s.io");
  if (!own) return { kind: "other" };
  const current = CURRENT.get(kind);
  if (current === undefined) return misspelt(what, group, kind);
  const known = apiVersion === "" ? `\`${kind}\` has no \`apiVersion\`` : `${what} is not known`;
  return { kind: "unread", text: `${known}: write \`apiVersion: ${current}\``, current };
}

/** A kind that no API server knows, but so near to one that decides that the author must have meant it. */
function misspelt(what: string, group: string, kind: string): Reading {
  const kinds = [...CURRENT].filter(([, version]) => groupOf(version) === group);
  const names = kinds.map(([name]) => name);
  const singular = kind.replace(/ies$/u, "y"); // `networkpolicies` is the resource
  const [near] = nearest(singular, names, Math.max(1, Math.min(2, Math.floor(kind.length / 4))));
  const unread = near !== undefined || group === "policy.networking.k8s.io";
  if (!unread) return { kind: "other" };
  const advice = near ?? names.join("`, `");
  return { kind: "unread", text: `${what} is not known: write \`kind: ${advice}\`` };
}

/** The group of an apiVersion; empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.indexOf("/"), 0));
}

/** Kinds whose objects stand in no namespace. */
export function isClusterScoped(kind: ReadKind): boolean {
  return isDialectKind(kind) ? isDialectClusterScoped(kind) : CLUSTER_SCOPED.has(kind);
}

/** Whether an object of a kind that is not read stands in no namespace: the API server drops one that is written there. */
export function isOtherClusterScoped(kind: string): boolean {
  return OTHER_CLUSTER_SCOPED.test(kind);
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

const OTHER_CLUSTER_SCOPED =
  /^(?:Cluster(?:Role|RoleBinding|Issuer)|CustomResourceDefinition|APIService|PersistentVolume|(?:Storage|Priority|Ingress|Runtime|Gateway)Class|(?:Validating|Mutating)(?:WebhookConfiguration|AdmissionPolicy|AdmissionPolicyBinding)|CSIDriver|CSINode|VolumeAttachment|CertificateSigningRequest)$/u;

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
