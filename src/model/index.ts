export type { Locate, Origin, Path, Position } from "./origin.ts";
export type { Diagnostic } from "./diagnostic.ts";
export {
  type LabelSelector,
  type Labels,
  MATCH_ALL,
  type Requirement,
  allowsValue,
  impliesSelector,
  matchesRequirement,
  matchesSelector,
  possibleValues,
  selectorOfLabels,
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
  DuplicateObject,
  Node,
  OtherObject,
  Pod,
  Service,
  ServicePort,
  Workload,
} from "./cluster.ts";
export { createClusterBuilder } from "./cluster-builder.ts";
export { parseSelector } from "./parse-selector.ts";
export type { AgentContainer, NodeAgent } from "./node-agent.ts";
export type { Edit } from "./edit.ts";
export { OWN_DOMAIN, objectSubject } from "./own-annotations.ts";
export { openLists } from "./list.ts";
export { withoutSecrets } from "./secret.ts";
export { isRaw } from "./raw.ts";
export type * from "./calico/objects.ts";
export { transportOf } from "./calico/objects.ts";
export { type CalicoSelector, matchesCalicoSelector, matchesOperator } from "./calico/selector.ts";
export type * from "./antrea/objects.ts";
export type * from "./cilium/objects.ts";
