import type { AddressRange } from "../../base/index.ts";
import type { Origin } from "../origin.ts";
import type { Direction, TransportProtocol } from "../policy-objects.ts";
import type { LabelSelector, Labels } from "../selector.ts";

/** An object of cilium.io. */
export type CiliumObject = CiliumPolicy | CiliumCidrGroup;

/** A CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy: `spec` and each item of `specs` is one specification. */
export interface CiliumPolicy {
  readonly kind: "CiliumNetworkPolicy" | "CiliumClusterwideNetworkPolicy";
  /** `undefined` for a CiliumClusterwideNetworkPolicy. */
  readonly namespace: string | undefined;
  readonly name: string;
  readonly specs: readonly CiliumSpec[];
  readonly origin: Origin;
}

/** One specification. */
export interface CiliumSpec {
  /** `spec` is undefined, `specs[2]` is 2. */
  readonly item: number | undefined;
  readonly subject:
    | { readonly kind: "endpoints"; readonly selector: CiliumSelector }
    | { readonly kind: "nodes"; readonly selector: CiliumSelector };
  /** As written; `undefined`: by what the rules say (CIL-4). */
  readonly enableDefaultDeny: Readonly<Record<Direction, boolean | undefined>>;
  /** Rules of all four sections in their written order. */
  readonly rules: readonly CiliumRule[];
}

/** A label selector whose keys carry prefixes such as `k8s:`, `any:` and `reserved:`, as they are written. */
export type CiliumSelector = LabelSelector;

/** One item of `ingress`, `ingressDeny`, `egress` or `egressDeny`. */
export interface CiliumRule {
  readonly section: "ingress" | "ingressDeny" | "egress" | "egressDeny";
  readonly index: number;
  /** What the item says of the other end, one kind only (CIL-9); `undefined`: nothing. Then with ports or ICMP any peer, alone no peer (CIL-1, CIL-2). */
  readonly peer: CiliumPeer | undefined;
  /** `undefined`: not given. */
  readonly toPorts: readonly CiliumPorts[] | undefined;
  /** `undefined`: not given. */
  readonly icmps: readonly CiliumIcmp[] | undefined;
  /** `authentication.mode: required`. */
  readonly authenticated: boolean;
}

/** The other end of a rule; an empty list selects nothing (CIL-2). */
export type CiliumPeer =
  | { readonly kind: "endpoints"; readonly selectors: readonly CiliumSelector[] }
  | { readonly kind: "entities"; readonly names: readonly string[] }
  | { readonly kind: "nodes"; readonly selectors: readonly CiliumSelector[] }
  /** fromCIDR, toCIDR, fromCIDRSet, toCIDRSet. */
  | { readonly kind: "cidrs"; readonly sets: readonly CiliumCidrSet[] }
  | { readonly kind: "services"; readonly services: readonly CiliumService[] }
  | { readonly kind: "fqdns"; readonly names: readonly CiliumFqdn[] }
  /** fromGroups, toGroups: addresses that a cloud provider tells. */
  | { readonly kind: "groups" };

/** Addresses less exceptions, or those of CiliumCIDRGroups. */
export type CiliumCidrSet =
  | {
      readonly kind: "cidr";
      readonly cidr: AddressRange;
      readonly except: readonly AddressRange[];
    }
  | { readonly kind: "group"; readonly name: string; readonly except: readonly AddressRange[] }
  | {
      readonly kind: "groups";
      readonly selector: LabelSelector;
      readonly except: readonly AddressRange[];
    };

/** Services by name, or by labels in one namespace or in all (CIL-11). */
export type CiliumService =
  | { readonly kind: "name"; readonly namespace: string; readonly name: string }
  | {
      readonly kind: "labels";
      readonly selector: LabelSelector;
      readonly namespace: string | undefined;
    };

/** A name, or a pattern (CIL-12). */
export interface CiliumFqdn {
  readonly kind: "name" | "pattern";
  readonly text: string;
}

/** One item of `toPorts`. */
export interface CiliumPorts {
  /** Empty: all ports. */
  readonly ports: readonly CiliumPort[];
  /** L7 rules; `undefined`: none (CIL-13). */
  readonly rules: CiliumL7 | undefined;
  /** serverNames (SNI): it holds only for some connections. */
  readonly serverNames: readonly string[];
  /** A listener takes the traffic: what it does with it is not known. */
  readonly listener: boolean;
}

/** A port number or name; ANY is TCP, UDP and SCTP; 0 is all ports (CIL-10). */
export interface CiliumPort {
  readonly port: number | string;
  readonly endPort: number | undefined;
  readonly protocol: TransportProtocol | "ANY" | "ICMP" | "ICMPV6";
}

/** L7 rules of one kind, alternatives; `other` are those of which nothing is known here. */
export type CiliumL7 =
  | { readonly kind: "http"; readonly rules: readonly CiliumHttp[] }
  | { readonly kind: "dns"; readonly rules: readonly CiliumFqdn[] }
  | { readonly kind: "other"; readonly text: string };

/** One HTTP rule: every field that is given must match as an extended regular expression. `headers`: it also asks for headers. */
export interface CiliumHttp {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly host: string | undefined;
  readonly headers: boolean;
}

/** One ICMP type of a family. */
export interface CiliumIcmp {
  readonly family: 4 | 6;
  readonly type: number;
}

/** A CiliumCIDRGroup. */
export interface CiliumCidrGroup {
  readonly kind: "CiliumCIDRGroup";
  readonly namespace: undefined;
  readonly name: string;
  readonly labels: Labels;
  readonly cidrs: readonly AddressRange[];
  readonly origin: Origin;
}
