export type { Locate, Origin, Path, Position } from "./origin.ts";
export type { Diagnostic } from "./diagnostic.ts";
export {
  type LabelSelector,
  type Labels,
  MATCH_ALL,
  type Requirement,
  matchesRequirement,
  matchesSelector,
} from "./selector.ts";
export type {
  AdminPeer,
  AdminPolicy,
  AdminProtocol,
  AdminRule,
  Direction,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
  PodsPeer,
  TransportProtocol,
} from "./policy-objects.ts";
export type {
  Cluster,
  ConfigMap,
  ContainerPort,
  EndpointSlice,
  Ingress,
  Namespace,
  NamespaceDeclaration,
  Node,
  OtherObject,
  Pod,
  Service,
  ServiceAccount,
  ServicePort,
  Workload,
} from "./cluster.ts";
export type { ClusterOptions } from "./assemble-cluster.ts";
export { type ClusterBuilder, createClusterBuilder } from "./cluster-builder.ts";
export { type Found, openLists } from "./list.ts";
export { type Raw, isRaw } from "./raw.ts";
