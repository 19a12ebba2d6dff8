import type { DialectKinds } from "../dialect.ts";

const KINDS = {
  Tier: "cluster",
  NetworkPolicy: "namespaced",
  GlobalNetworkPolicy: "cluster",
  StagedNetworkPolicy: "namespaced",
  StagedGlobalNetworkPolicy: "cluster",
  StagedKubernetesNetworkPolicy: "namespaced",
  NetworkSet: "namespaced",
  GlobalNetworkSet: "cluster",
  HostEndpoint: "cluster",
  Profile: "cluster",
} as const;

/** The kinds of Calico that are read, by apiVersion. */
export const CALICO_KINDS: DialectKinds = {
  "projectcalico.org/v3": KINDS,
  "crd.projectcalico.org/v1": KINDS,
};
