import type { AddressRange } from "../base/index.ts";
import type { Origin } from "./origin.ts";
import type { LabelSelector } from "./selector.ts";

/** The transport protocols that policies name. */
export type TransportProtocol = "TCP" | "UDP" | "SCTP";

/** The direction of a rule as seen from the pods that the policy selects. */
export type Direction = "ingress" | "egress";

/** networking.k8s.io/v1 NetworkPolicy with the API server's defaults filled in (NP-1, NP-2). */
export interface NetworkPolicy {
  readonly kind: "NetworkPolicy";
  readonly namespace: string;
  readonly name: string;
  readonly podSelector: LabelSelector;
  /** Never empty: the default of an absent list is filled in. */
  readonly policyTypes: readonly ("Ingress" | "Egress")[];
  readonly ingress: readonly NetworkPolicyRule[];
  readonly egress: readonly NetworkPolicyRule[];
  readonly written: WrittenPolicy;
  readonly origin: Origin;
}

/** What a manifest really said before the API server's defaults: it tells what its author believed. */
export interface WrittenPolicy {
  /** `policyTypes` lists something. */
  readonly policyTypes: boolean;
  /** `egress` is there as a list without a rule. */
  readonly emptyEgress: boolean;
}

/** One rule. Without peers it is any peer, without ports all traffic (NP-3). */
export interface NetworkPolicyRule {
  /** `from` or `to`. */
  readonly peers: readonly NetworkPolicyPeer[];
  readonly ports: readonly NetworkPolicyPort[];
}

/** One peer. A pod selector without a namespace selector stays in the policy's own namespace (NP-1). */
export type NetworkPolicyPeer =
  | {
      readonly kind: "pods";
      /** `undefined` is nil, which is not the same as the empty selector. */
      readonly namespaceSelector: LabelSelector | undefined;
      readonly podSelector: LabelSelector | undefined;
    }
  | {
      readonly kind: "ipBlock";
      readonly cidr: AddressRange;
      readonly except: readonly AddressRange[];
    };

/** One port entry: all ports of the protocol, a number, a range with both ends, or a name (NP-5). */
export interface NetworkPolicyPort {
  readonly protocol: TransportProtocol;
  readonly port: number | string | undefined;
  readonly endPort: number | undefined;
}

/**
 * A policy of policy.networking.k8s.io: ClusterNetworkPolicy v1alpha2, or AdminNetworkPolicy and BaselineAdminNetworkPolicy v1alpha1 (CNP-1).
 * `Accept` is read as `Allow`; a BaselineAdminNetworkPolicy has tier Baseline and priority 0.
 */
export interface AdminPolicy {
  readonly kind: "ClusterNetworkPolicy" | "AdminNetworkPolicy" | "BaselineAdminNetworkPolicy";
  readonly name: string;
  readonly tier: "Admin" | "Baseline";
  /** 0 to 1000; the lower number comes first (CNP-2). */
  readonly priority: number;
  readonly subject: PodsPeer;
  readonly ingress: readonly AdminRule[];
  readonly egress: readonly AdminRule[];
  readonly origin: Origin;
}

/** Pods by labels of their namespace and their own; both must match. Host-network pods are never meant (CNP-6). */
export interface PodsPeer {
  readonly kind: "pods";
  /** The field in which it stands. */
  readonly written: "namespaces" | "pods";
  readonly namespaceSelector: LabelSelector;
  readonly podSelector: LabelSelector;
}

/** One rule of an admin policy: any peer and any protocol of it (CNP-3). `protocols` undefined is all traffic. */
export interface AdminRule {
  readonly name: string | undefined;
  readonly action: "Allow" | "Deny" | "Pass";
  readonly peers: readonly AdminPeer[];
  readonly protocols: readonly AdminProtocol[] | undefined;
}

/** One peer of an admin rule. `unknown` has no field that we know: the rule fails closed (CNP-8). */
export type AdminPeer =
  | PodsPeer
  | { readonly kind: "nodes"; readonly selector: LabelSelector }
  | { readonly kind: "networks"; readonly cidrs: readonly AddressRange[] }
  | { readonly kind: "domainNames"; readonly names: readonly string[] }
  | { readonly kind: "unknown" };

/** One protocol entry: ports `first` to `last` of a protocol, or a port name of the destination pod whatever its protocol. `unknown` has no field that we know: the rule fails closed as with an unknown peer. */
export type AdminProtocol =
  | {
      readonly kind: "ports";
      readonly protocol: TransportProtocol;
      readonly first: number;
      readonly last: number;
    }
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "unknown" };
