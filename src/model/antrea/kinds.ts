import type { DialectKinds } from "../dialect.ts";

/** The kinds of Antrea that are read, by apiVersion. */
export const ANTREA_KINDS: DialectKinds = {
  "crd.antrea.io/v1beta1": {
    Tier: "cluster",
    NetworkPolicy: "namespaced",
    ClusterNetworkPolicy: "cluster",
    ClusterGroup: "cluster",
    Group: "namespaced",
  },
};
