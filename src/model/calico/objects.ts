import type { AddressRange } from "../../base/index.ts";
import type { Origin } from "../origin.ts";
import type { Direction, NetworkPolicy, TransportProtocol } from "../policy-objects.ts";
import type { Labels } from "../selector.ts";
import type { CalicoSelector } from "./selector.ts";

/** An object of projectcalico.org/v3 or crd.projectcalico.org/v1. */
export type CalicoObject =
  | CalicoTier
  | CalicoPolicy
  | StagedKubernetesPolicy
  | CalicoNetworkSet
  | CalicoHostEndpoint
  | CalicoProfile;

interface CalicoBase {
  readonly namespace: string | undefined;
  readonly name: string;
  readonly origin: Origin;
}

/** A Tier (CAL-1). */
export interface CalicoTier extends CalicoBase {
  readonly kind: "Tier";
  /** `undefined` comes last. */
  readonly order: number | undefined;
  readonly defaultAction: "Deny" | "Pass";
}

/** What a staged policy would do when it is committed; `undefined` for one that is enforced. */
export type StagedAction = "Set" | "Delete" | "Learn" | "Ignore";

/** A NetworkPolicy or GlobalNetworkPolicy, enforced or staged, with defaults filled in (CAL-6). */
export interface CalicoPolicy extends CalicoBase {
  readonly kind:
    | "NetworkPolicy"
    | "GlobalNetworkPolicy"
    | "StagedNetworkPolicy"
    | "StagedGlobalNetworkPolicy";
  readonly staged: StagedAction | undefined;
  readonly tier: string;
  /** `undefined` comes last. */
  readonly order: number | undefined;
  readonly selector: CalicoSelector;
  /** Of a global policy; `undefined`: also what is in no namespace. */
  readonly namespaceSelector: CalicoSelector | undefined;
  readonly serviceAccountSelector: CalicoSelector | undefined;
  readonly types: readonly Direction[];
  readonly doNotTrack: boolean;
  readonly preDNAT: boolean;
  readonly applyOnForward: boolean;
  readonly ingress: readonly CalicoRule[];
  readonly egress: readonly CalicoRule[];
}

/** A NetworkPolicy of Kubernetes that is staged (CAL-4). */
export interface StagedKubernetesPolicy extends CalicoBase {
  readonly kind: "StagedKubernetesNetworkPolicy";
  readonly staged: StagedAction;
  readonly policy: NetworkPolicy;
}

/** One rule (CAL-5, CAL-7). */
export interface CalicoRule {
  readonly action: "Allow" | "Deny" | "Pass" | "Log";
  readonly ipVersion: 4 | 6 | undefined;
  /** A protocol number. */
  readonly protocol: number | undefined;
  readonly notProtocol: number | undefined;
  readonly icmp: CalicoIcmp | undefined;
  readonly notIcmp: CalicoIcmp | undefined;
  readonly source: CalicoEntity;
  readonly destination: CalicoEntity;
  readonly http: CalicoHttp | undefined;
}

/** A type of ICMP, or one code of it; without a type every one. */
export interface CalicoIcmp {
  readonly type: number | undefined;
  readonly code: number | undefined;
}

/** One end of a rule; every field that is given must match (CAL-7, CAL-8). */
export interface CalicoEntity {
  readonly nets: readonly AddressRange[] | undefined;
  readonly notNets: readonly AddressRange[] | undefined;
  readonly selector: CalicoSelector | undefined;
  readonly notSelector: CalicoSelector | undefined;
  readonly namespaceSelector: CalicoSelector | undefined;
  readonly serviceAccounts:
    | { readonly names: readonly string[]; readonly selector: CalicoSelector | undefined }
    | undefined;
  readonly services: { readonly name: string; readonly namespace: string } | undefined;
  readonly ports: readonly CalicoPort[] | undefined;
  readonly notPorts: readonly CalicoPort[] | undefined;
}

/** A port range with both ends, or a port name (CAL-12). */
export type CalicoPort =
  | { readonly kind: "range"; readonly first: number; readonly last: number }
  | { readonly kind: "name"; readonly name: string };

/** What a request must be like (CAL-16); an empty list is anything. */
export interface CalicoHttp {
  readonly methods: readonly string[];
  readonly paths: readonly { readonly kind: "exact" | "prefix"; readonly text: string }[];
}

/** A NetworkSet or GlobalNetworkSet (CAL-10). */
export interface CalicoNetworkSet extends CalicoBase {
  readonly kind: "NetworkSet" | "GlobalNetworkSet";
  readonly labels: Labels;
  readonly nets: readonly AddressRange[];
}

/** A HostEndpoint (CAL-14). */
export interface CalicoHostEndpoint extends CalicoBase {
  readonly kind: "HostEndpoint";
  readonly labels: Labels;
  readonly node: string | undefined;
  /** `*` is every interface. */
  readonly interfaceName: string | undefined;
  readonly expectedIPs: readonly AddressRange[];
  readonly profiles: readonly string[];
  /** Names that rules can use for its ports. */
  readonly ports: readonly {
    readonly name: string;
    readonly protocol: TransportProtocol;
    readonly port: number;
  }[];
}

/** A Profile (CAL-3, CAL-5). */
export interface CalicoProfile extends CalicoBase {
  readonly kind: "Profile";
  readonly ingress: readonly CalicoRule[];
  readonly egress: readonly CalicoRule[];
}

/** The number of a protocol by its name in Calico. */
export const CALICO_PROTOCOLS: Readonly<Record<string, number>> = {
  TCP: 6,
  UDP: 17,
  SCTP: 132,
  ICMP: 1,
  ICMPv6: 58,
  UDPLite: 136,
};

/** The transport protocol of a number, `undefined` for what has no ports here. */
export function transportOf(protocol: number | undefined): TransportProtocol | undefined {
  if (protocol === 6) return "TCP";
  if (protocol === 17) return "UDP";
  return protocol === 132 ? "SCTP" : undefined;
}
