import type { Address, AddressSet } from "../base/index.ts";
import type { AntreaObject } from "./antrea/objects.ts";
import type { CalicoObject } from "./calico/objects.ts";
import type { CiliumObject } from "./cilium/objects.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Fault } from "./fault.ts";
import type { NodeAgent } from "./node-agent.ts";
import type { Origin } from "./origin.ts";
import type { OwnAnnotations } from "./own-annotations.ts";
import type { AdminPolicy, NetworkPolicy, TransportProtocol } from "./policy-objects.ts";
import type { Labels } from "./selector.ts";

/** Everything that was read, with the API server's defaults filled in and owners followed. Immutable; lists are sorted by id or name. */
export interface Cluster {
  /** Every namespace that is declared or used, by name. */
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly workloads: readonly Workload[];
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly ingresses: readonly Ingress[];
  readonly configMaps: readonly ConfigMap[];
  readonly serviceAccounts: readonly ServiceAccount[];
  readonly networkPolicies: readonly NetworkPolicy[];
  readonly adminPolicies: readonly AdminPolicy[];
  /** Objects of engines' own policy APIs. */
  readonly calico: readonly CalicoObject[];
  readonly cilium: readonly CiliumObject[];
  readonly antrea: readonly AntreaObject[];
  /** Every other object, kept as it is. Includes policies of forms that are no longer served (NP-13). */
  readonly others: readonly OtherObject[];
  /** Objects of a version that the API server does not serve, in the order in which they were read. */
  readonly unserved: readonly UnservedObject[];
  /** Objects that were declared more than once, in the order in which they were read. */
  readonly duplicates: readonly DuplicateObject[];
  /** Annotations of our own domain, on whatever object. */
  readonly ownAnnotations: readonly OwnAnnotations[];
  /** Of objects that were not read: what is wrong with them, where it has a code. In the order of reading. */
  readonly faults: readonly Fault[];
  /** Where pods and nodes may have their addresses if they are not known; `undefined`: anywhere. */
  readonly podRanges: AddressSet | undefined;
  readonly nodeRanges: AddressSet | undefined;
  /** Sorted by file and line. */
  readonly diagnostics: readonly Diagnostic[];
  /** An object that may decide traffic could not be read. */
  readonly incomplete: boolean;
  /** Objects read, after Lists are opened. */
  readonly objects: number;
}

/** A namespace. One that manifests only use has its name label only. */
export interface Namespace {
  readonly kind: "Namespace";
  readonly name: string;
  /** With `kubernetes.io/metadata.name`, which the API server adds (NP-9). */
  readonly labels: Labels;
  /** The objects that declare it, in path order; none if manifests only use it. */
  readonly declarations: readonly NamespaceDeclaration[];
}

/** One object that declares a namespace. */
export interface NamespaceDeclaration {
  readonly annotations: Labels;
  readonly origin: Origin;
}

/** Pods under one owner. `id` is `NAMESPACE/KIND/NAME`, of the owner that following ownerReferences reaches, or of the bare pod. */
export interface Workload {
  readonly id: string;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  /** The pods that are endpoints: those of the dump, else one from the template without a name. Never empty; finished pods are left out (NP-10). */
  readonly pods: readonly Pod[];
  readonly origin: Origin | undefined;
  /** What a DaemonSet runs on nodes; `undefined` for other kinds. */
  readonly agent: NodeAgent | undefined;
}

/** One pod, or a template's pod that may exist many times (then it has no `name`). */
export interface Pod {
  readonly name: string | undefined;
  readonly labels: Labels;
  readonly serviceAccount: string;
  readonly ports: readonly ContainerPort[];
  readonly hostNetwork: boolean;
  /** The node it is bound to, where known. */
  readonly node: string | undefined;
  /** Its addresses, at most one of a family (a host-network pod: its node's); `undefined` where not known. */
  readonly addresses: readonly Address[] | undefined;
  /** The addresses of its node as its status tells them (`hostIPs`); empty where not known. */
  readonly hostAddresses: readonly Address[];
  readonly origin: Origin;
}

/** A named container port. `container` tells an ordinary container from a restartable init container (a sidecar) and from one that ends before the pod serves, whose ports only some engines see (NP-5). Ports without a name are left out. */
export interface ContainerPort {
  readonly name: string;
  readonly protocol: TransportProtocol;
  readonly port: number;
  readonly container: "ordinary" | "sidecar" | "init";
}

/** A node with all addresses of its status. */
export interface Node {
  readonly kind: "Node";
  readonly name: string;
  readonly labels: Labels;
  readonly addresses: readonly Address[];
  readonly system: NodeSystem;
  readonly origin: Origin;
}

/** What tells which software a node runs: no verdict comes of it by itself. */
export interface NodeSystem {
  readonly annotations: Labels;
  /** As the kubelet reports it, `v1.33.4+k3s1`. */
  readonly kubeletVersion: string | undefined;
}

/** A Service; only what the engine and paths need. */
export interface Service {
  readonly kind: "Service";
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly selector: Labels | undefined;
  readonly clusterIPs: readonly string[];
  readonly externalIPs: readonly string[];
  readonly externalName: string | undefined;
  readonly ports: readonly ServicePort[];
  readonly origin: Origin;
}

/** One port of a Service. `targetPort` is a number or a container port's name. */
export interface ServicePort {
  readonly name: string | undefined;
  readonly protocol: TransportProtocol;
  readonly port: number;
  readonly targetPort: number | string;
  readonly nodePort: number | undefined;
}

/** An EndpointSlice. */
export interface EndpointSlice {
  readonly kind: "EndpointSlice";
  readonly namespace: string;
  readonly name: string;
  readonly service: string | undefined;
  readonly addresses: readonly string[];
  /** Without those that have no number. */
  readonly ports: readonly { readonly protocol: TransportProtocol; readonly port: number }[];
  readonly origin: Origin;
}

/** An Ingress with the Services that it names. */
export interface Ingress {
  readonly kind: "Ingress";
  readonly namespace: string;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly backends: readonly string[];
  readonly origin: Origin;
}

/** A ConfigMap. */
export interface ConfigMap {
  readonly kind: "ConfigMap";
  readonly namespace: string;
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
  readonly origin: Origin;
}

/** A ServiceAccount. */
export interface ServiceAccount {
  readonly kind: "ServiceAccount";
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly origin: Origin;
}

/** An object of a kind that nothing here interprets yet. */
export interface OtherObject {
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly object: Readonly<Record<string, unknown>>;
  readonly origin: Origin;
}

/** An object whose kind is known, of a version that the API server does not serve (NP-13). */
export interface UnservedObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for a cluster-scoped kind. */
  readonly namespace: string;
  readonly name: string;
  /** The version that is served. */
  readonly current: string;
  readonly origin: Origin;
}

/** A second object of the same kind and name. */
export interface DuplicateObject {
  readonly group: string;
  readonly kind: string;
  /** Empty for a cluster-scoped kind. */
  readonly namespace: string;
  readonly name: string;
  readonly firstOrigin: Origin;
  /** Of the second. */
  readonly origin: Origin;
  /** `same`: they say the same, as far as they are read; `merged`: what both say was put together; `different`: only the first counts. */
  readonly content: "same" | "merged" | "different";
}
