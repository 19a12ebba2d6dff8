import { type Cluster, type OtherObject, isRaw } from "../../../model/index.ts";
import { objectEvidence } from "./agents.ts";
import type { DeclaredKind, Evidence } from "./detection.ts";

/** The groups whose objects are policies of some engine, and which of their kinds decide traffic (policy-semantics.md section 6). */
const POLICY_KINDS: ReadonlyMap<string, RegExp> = new Map([
  [
    "projectcalico.org",
    /^(?:Staged\w*|Global)?(?:Kubernetes)?NetworkPolicy$|^StagedGlobalNetworkPolicy$|^HostEndpoint$/u,
  ],
  [
    "crd.projectcalico.org",
    /^(?:Staged\w*|Global)?(?:Kubernetes)?NetworkPolicy$|^StagedGlobalNetworkPolicy$|^HostEndpoint$/u,
  ],
  ["cilium.io", /^Cilium(?:Clusterwide)?NetworkPolicy$/u],
  ["crd.antrea.io", /^(?:Cluster)?NetworkPolicy$/u],
  ["security.antrea.tanzu.vmware.com", /^(?:Cluster)?NetworkPolicy$/u],
  ["policy.networking.k8s.io", /^(?:(?:Baseline)?AdminNetworkPolicy|ClusterNetworkPolicy)$/u],
  ["networking.k8s.aws", /^(?:Cluster|Application)NetworkPolicy$/u],
  ["k8s.ovn.org", /^EgressFirewall$/u],
  ["network.openshift.io", /^EgressNetworkPolicy$/u],
  ["k8s.cni.cncf.io", /^MultiNetworkPolicy$/u],
]);

/** Something by which a kind is declared. */
export interface Declaration {
  readonly group: string;
  readonly kind: string;
  /** Not so for a CustomResourceDefinition. */
  readonly isObject: boolean;
  readonly evidence: Evidence;
}

/** The kinds of policy that a cluster declares, sorted by group and kind. */
export function findDeclaredKinds(cluster: Cluster): readonly DeclaredKind[] {
  const kinds = new Map<string, DeclaredKind>();
  for (const { group, kind, isObject, evidence } of declarationsOf(cluster)) {
    const key = `${group}/${kind}`;
    const known = kinds.get(key);
    // An object says more than the definition of its kind.
    const kept =
      known !== undefined && (known.objects > 0 || !isObject) ? known.evidence : evidence;
    const objects = (known?.objects ?? 0) + (isObject ? 1 : 0);
    kinds.set(key, { group, kind, objects, evidence: kept });
  }
  return [...kinds].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind);
}

function declarationsOf(cluster: Cluster): readonly Declaration[] {
  const found: Declaration[] = [];
  for (const { kind, name, origin } of cluster.adminPolicies) {
    const evidence = { text: `is a ${kind}`, subject: `${kind}/${name}`, origin, path: [] };
    found.push({ group: "policy.networking.k8s.io", kind, isObject: true, evidence });
  }
  for (const [group, objects] of [
    ["projectcalico.org", cluster.calico],
    ["cilium.io", cluster.cilium],
    ["crd.antrea.io", cluster.antrea],
  ] as const) {
    for (const { kind, namespace, name, origin } of objects) {
      if (POLICY_KINDS.get(group)?.test(kind) !== true) continue;
      const subject = `${namespace === undefined ? "" : `${namespace}/`}${kind}/${name}`;
      const evidence = { text: `is a ${kind} of ${group}`, subject, origin, path: [] };
      found.push({ group, kind, isObject: true, evidence });
    }
  }
  for (const object of cluster.others) {
    if (object.kind === "CustomResourceDefinition") {
      const defined = definedBy(object);
      if (defined !== undefined) found.push(defined);
      continue;
    }
    const group = object.apiVersion.slice(0, Math.max(object.apiVersion.indexOf("/"), 0));
    if (POLICY_KINDS.get(group)?.test(object.kind) !== true) continue;
    const evidence = objectEvidence(object, [], `is a ${object.kind} of ${group}`);
    found.push({ group, kind: object.kind, isObject: true, evidence });
  }
  return found;
}

function definedBy(object: OtherObject): Declaration | undefined {
  const { spec } = object.object as { spec?: unknown };
  const { group, names } = isRaw(spec) ? spec : {};
  const kind = isRaw(names) ? names["kind"] : undefined;
  if (typeof group !== "string" || typeof kind !== "string") return undefined;
  if (POLICY_KINDS.get(group)?.test(kind) !== true) return undefined;
  const evidence = objectEvidence(object, ["spec", "names", "kind"], `defines ${kind} of ${group}`);
  return { group, kind, isObject: false, evidence };
}
