/** What an object's apiVersion and kind make of it. */
export type Known =
  | { readonly kind: "resource"; readonly resource: ResourceKind }
  | { readonly kind: "controller"; readonly template: readonly string[] }
  | { readonly kind: "network-policy" }
  | { readonly kind: "admin-policy" }
  /** A policy form that the API server no longer knows: it does nothing (NP-13). */
  | { readonly kind: "retired-policy" }
  /** A policy of a version or an engine that is not read: the result is incomplete. */
  | { readonly kind: "unread-policy"; readonly what: string }
  /** A workload of an old API group: read all the same, with a warning. */
  | { readonly kind: "retired-controller"; readonly template: readonly string[] }
  | { readonly kind: "other" };

/** Kinds with a reader of their own. */
export type ResourceKind =
  | "Namespace"
  | "Node"
  | "Pod"
  | "Service"
  | "EndpointSlice"
  | "Ingress"
  | "ConfigMap"
  | "ServiceAccount";

const RESOURCES: Readonly<Record<string, ResourceKind>> = {
  "v1/Namespace": "Namespace",
  "v1/Node": "Node",
  "v1/Pod": "Pod",
  "v1/Service": "Service",
  "v1/ConfigMap": "ConfigMap",
  "v1/ServiceAccount": "ServiceAccount",
  "discovery.k8s.io/v1/EndpointSlice": "EndpointSlice",
  "networking.k8s.io/v1/Ingress": "Ingress",
};

const TEMPLATE = ["spec", "template"];
const CONTROLLERS: Readonly<Record<string, readonly string[]>> = {
  "apps/v1/Deployment": TEMPLATE,
  "apps/v1/StatefulSet": TEMPLATE,
  "apps/v1/DaemonSet": TEMPLATE,
  "apps/v1/ReplicaSet": TEMPLATE,
  "v1/ReplicationController": TEMPLATE,
  "batch/v1/Job": TEMPLATE,
  "batch/v1/CronJob": ["spec", "jobTemplate", "spec", "template"],
};
const CONTROLLER_KINDS = new Map(
  Object.entries(CONTROLLERS).map(([key, path]) => [key.slice(key.lastIndexOf("/") + 1), path]),
);
const CONTROLLER_GROUPS = ["apps", "batch", "extensions"];

const ADMIN_KINDS: Readonly<Record<string, string>> = {
  ClusterNetworkPolicy: "v1alpha2",
  AdminNetworkPolicy: "v1alpha1",
  BaselineAdminNetworkPolicy: "v1alpha1",
};

/** Policy kinds of engines that are not read, by API group. */
const UNREAD: Readonly<Record<string, readonly string[]>> = {
  "projectcalico.org": calicoKinds(),
  "crd.projectcalico.org": calicoKinds(),
  "cilium.io": ["CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "CiliumCIDRGroup"],
  "crd.antrea.io": ["NetworkPolicy", "ClusterNetworkPolicy", "Tier", "Group", "ClusterGroup"],
  "k8s.ovn.org": ["EgressFirewall"],
  "networking.k8s.aws": ["ApplicationNetworkPolicy", "ClusterNetworkPolicy"],
  "k8s.cni.cncf.io": ["MultiNetworkPolicy"],
};

function calicoKinds(): readonly string[] {
  return [
    "NetworkPolicy",
    "GlobalNetworkPolicy",
    "StagedNetworkPolicy",
    "StagedGlobalNetworkPolicy",
    "StagedKubernetesNetworkPolicy",
    "Tier",
    "NetworkSet",
    "GlobalNetworkSet",
    "HostEndpoint",
    "Profile",
  ];
}

/** Looks an apiVersion and a kind up. */
export function lookUpKind(apiVersion: string, kind: string): Known {
  const key = `${apiVersion}/${kind}`;
  const resource = RESOURCES[key];
  if (resource !== undefined) return { kind: "resource", resource };
  const template = CONTROLLERS[key];
  if (template !== undefined) return { kind: "controller", template };
  const slash = apiVersion.indexOf("/");
  const [group, version] =
    slash < 0 ? ["", apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
  return (
    lookUpPolicy(group, version, kind) ?? lookUpOldController(group, kind) ?? { kind: "other" }
  );
}

function lookUpPolicy(group: string, version: string, kind: string): Known | undefined {
  if (group === "extensions" && kind === "NetworkPolicy") return { kind: "retired-policy" };
  if (group === "networking.k8s.io" && kind === "NetworkPolicy") {
    if (version === "v1") return { kind: "network-policy" };
    return { kind: "unread-policy", what: `version \`${version}\`: only v1 is read` };
  }
  const known = group === "policy.networking.k8s.io" ? ADMIN_KINDS[kind] : undefined;
  if (known !== undefined) {
    if (version === known) return { kind: "admin-policy" };
    return { kind: "unread-policy", what: `version \`${version}\`: only ${known} is read` };
  }
  if (UNREAD[group]?.includes(kind) === true) {
    return { kind: "unread-policy", what: `\`${group}\`: this engine's policies are not read yet` };
  }
  return undefined;
}

function lookUpOldController(group: string, kind: string): Known | undefined {
  const template = CONTROLLER_GROUPS.includes(group) ? CONTROLLER_KINDS.get(kind) : undefined;
  return template === undefined ? undefined : { kind: "retired-controller", template };
}

/** Whether objects of this kind belong to no namespace. Kinds that are not known belong to one only if they say so. */
export function isClusterScoped(apiVersion: string, kind: string): boolean {
  if (kind in ADMIN_KINDS && apiVersion.startsWith("policy.networking.k8s.io/")) return true;
  return apiVersion === "v1" && (kind === "Namespace" || kind === "Node");
}
