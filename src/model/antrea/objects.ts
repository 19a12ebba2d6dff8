import type { AddressRange } from "../../base/index.ts";
import type { Origin } from "../origin.ts";
import type { TransportProtocol } from "../policy-objects.ts";
import type { LabelSelector } from "../selector.ts";

/** An object of crd.antrea.io. */
export type AntreaObject = AntreaPolicy | AntreaTier | AntreaGroup;

/** A Tier; the static ones are in every cluster without an object (ANT-1). */
export interface AntreaTier {
  readonly kind: "Tier";
  readonly namespace: undefined;
  readonly name: string;
  readonly priority: number;
  readonly origin: Origin;
}

/** A NetworkPolicy or ClusterNetworkPolicy of crd.antrea.io, with defaults filled in. */
export interface AntreaPolicy {
  readonly kind: "NetworkPolicy" | "ClusterNetworkPolicy";
  /** `undefined` for a ClusterNetworkPolicy. */
  readonly namespace: string | undefined;
  readonly name: string;
  /** `application` where none is given (ANT-1). */
  readonly tier: string;
  /** 1 to 10000, with fractions (ANT-2). */
  readonly priority: number;
  /** Of the whole policy; `undefined` where every rule has its own (ANT-9). */
  readonly appliedTo: readonly AntreaAppliedTo[] | undefined;
  readonly ingress: readonly AntreaRule[];
  readonly egress: readonly AntreaRule[];
  readonly origin: Origin;
}

/** One entry of appliedTo; selectors of one entry must all match, entries are alternatives (ANT-9). */
export type AntreaAppliedTo =
  | {
      readonly kind: "pods";
      readonly namespaceSelector: LabelSelector | undefined;
      readonly podSelector: LabelSelector | undefined;
    }
  | { readonly kind: "group"; readonly name: string }
  | { readonly kind: "serviceAccount"; readonly namespace: string; readonly name: string }
  | { readonly kind: "nodes"; readonly selector: LabelSelector }
  /** A NodePort Service. */
  | { readonly kind: "service"; readonly namespace: string; readonly name: string }
  /** ExternalEntities: no pods. */
  | { readonly kind: "external" };

/** One rule (ANT-3, ANT-4). Without peers it is any peer, without traffic all traffic. */
export interface AntreaRule {
  readonly name: string | undefined;
  readonly action: "Allow" | "Drop" | "Reject" | "Pass";
  readonly appliedTo: readonly AntreaAppliedTo[] | undefined;
  /** `from` or `to`; empty or absent is everything (ANT-10). */
  readonly peers: readonly AntreaPeer[];
  /** `toServices`: then there are no peers and no traffic (ANT-17). */
  readonly toServices: readonly { readonly namespace: string; readonly name: string }[];
  /** Entries of `ports` and `protocols` together, alternatives; `undefined` is all traffic (ANT-21, ANT-22). */
  readonly traffic: readonly AntreaTraffic[] | undefined;
  /** `l7Protocols`, alternatives; `undefined` where there is none (ANT-23). */
  readonly l7: readonly AntreaL7[] | undefined;
}

/** One peer (ANT-10 to ANT-18). */
export type AntreaPeer =
  | {
      readonly kind: "pods";
      readonly namespaceSelector: LabelSelector | undefined;
      readonly podSelector: LabelSelector | undefined;
    }
  /** The pods of the selected pod's own namespace (ANT-13). */
  | { readonly kind: "self"; readonly podSelector: LabelSelector | undefined }
  /** Pods of namespaces with the same values of these labels (ANT-14). */
  | {
      readonly kind: "sameLabels";
      readonly labels: readonly string[];
      readonly podSelector: LabelSelector | undefined;
    }
  | {
      readonly kind: "ipBlock";
      readonly cidr: AddressRange;
      readonly except: readonly AddressRange[];
    }
  | { readonly kind: "group"; readonly name: string }
  | { readonly kind: "serviceAccount"; readonly namespace: string; readonly name: string }
  | { readonly kind: "nodes"; readonly selector: LabelSelector }
  | { readonly kind: "fqdn"; readonly name: string }
  | { readonly kind: "external" };

/** One entry of `ports` or `protocols`. */
export type AntreaTraffic =
  | {
      readonly kind: "port";
      readonly protocol: TransportProtocol;
      /** A number, a name, or all. */
      readonly port: number | string | undefined;
      readonly endPort: number | undefined;
      /** It also asks for source ports. */
      readonly sourcePort: boolean;
    }
  | {
      readonly kind: "icmp";
      readonly type: number | undefined;
      readonly code: number | undefined;
    }
  | { readonly kind: "igmp" };

/** One L7 protocol: every field that is given must match. */
export type AntreaL7 =
  | {
      readonly kind: "http";
      readonly host: string | undefined;
      readonly method: string | undefined;
      /** May hold `*`. */
      readonly path: string | undefined;
    }
  | { readonly kind: "tls"; readonly sni: string | undefined };

/** A ClusterGroup, or a Group of a namespace (ANT-11). */
export interface AntreaGroup {
  readonly kind: "ClusterGroup" | "Group";
  readonly namespace: string | undefined;
  readonly name: string;
  readonly members: AntreaGroupMembers;
  readonly origin: Origin;
}

/** What a group is made of. */
export type AntreaGroupMembers =
  | {
      readonly kind: "pods";
      readonly namespaceSelector: LabelSelector | undefined;
      readonly podSelector: LabelSelector | undefined;
    }
  | { readonly kind: "nodes"; readonly selector: LabelSelector }
  | { readonly kind: "service"; readonly namespace: string; readonly name: string }
  | {
      readonly kind: "ipBlocks";
      readonly blocks: readonly {
        readonly cidr: AddressRange;
        readonly except: readonly AddressRange[];
      }[];
    }
  | { readonly kind: "groups"; readonly names: readonly string[] }
  | { readonly kind: "external" };
