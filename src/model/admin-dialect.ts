import type { AdminPolicy } from "./policy-objects.ts";

/** What sets the three kinds of policy.networking.k8s.io apart (CNP-1). */
export interface AdminDialect {
  readonly kind: AdminPolicy["kind"];
  readonly version: "v1alpha1" | "v1alpha2";
  /** The most rules, peers and protocols of one list. */
  readonly most: number;
  readonly actions: readonly ("Accept" | "Allow" | "Deny" | "Pass")[];
}

/** The three kinds by name. */
export const ADMIN_DIALECTS: Readonly<Record<AdminPolicy["kind"], AdminDialect>> = {
  ClusterNetworkPolicy: {
    kind: "ClusterNetworkPolicy",
    version: "v1alpha2",
    most: 25,
    actions: ["Accept", "Deny", "Pass"],
  },
  AdminNetworkPolicy: {
    kind: "AdminNetworkPolicy",
    version: "v1alpha1",
    most: 100,
    actions: ["Allow", "Deny", "Pass"],
  },
  BaselineAdminNetworkPolicy: {
    kind: "BaselineAdminNetworkPolicy",
    version: "v1alpha1",
    most: 100,
    actions: ["Allow", "Deny"],
  },
};
