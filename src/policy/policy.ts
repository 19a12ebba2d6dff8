import type { AddressSet } from "../base/index.ts";
import type { Direction, LabelSelector, Origin, TransportProtocol } from "../model/index.ts";
import type { Traffic } from "./traffic.ts";

/** What a dialect makes of one object: the form in which the engine knows every policy of every API. */
export interface Policy {
  /** `GROUP/KIND/[NAMESPACE/]NAME`. */
  readonly id: string;
  readonly origin: Origin;
  /** The slot that it goes to; a board's stages say which slots they take. */
  readonly slot: string;
  /** Lower comes first. */
  readonly order: number;
  /** Decides between equal orders in a stage whose ties go by name. */
  readonly tieName: string;
  readonly subject: Subject;
  /** Whether selecting an endpoint by itself changes what happens to traffic that no rule matches. */
  readonly isolates: Readonly<Record<Direction, Answer>>;
  /** `pending` and `inert` policies are shown, never enforced. */
  readonly state: "enforced" | "pending" | "inert";
  readonly rules: readonly Rule[];
}

/** A fact that an engine may leave open. */
export type Answer = "yes" | "no" | "unclear";

/** The endpoints that a policy selects. */
export type Subject =
  | EndpointSelector
  /** Every pod; for what an engine builds in. */
  | { readonly kind: "everything" };

/** Pods by the labels of their namespace and their own. */
export interface EndpointSelector {
  readonly kind: "pods";
  readonly namespaces: NamespaceTest;
  readonly pods: LabelSelector;
  /** Whether host-network pods are meant as pods when the reading is that policies treat them like pods (NP-8; CNP-6: never). */
  readonly hostNetwork: boolean;
}

/** Which namespaces: one by name, or those with labels. */
export type NamespaceTest =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "labels"; readonly selector: LabelSelector };

/** One rule of a policy, for one direction. Rules of a policy are in their written order. */
export interface Rule {
  readonly direction: Direction;
  /** The index in its own list: `ingress[INDEX]`. */
  readonly index: number;
  /** `Log` decides nothing. */
  readonly action: "Allow" | "Deny" | "Pass" | "Log";
  /** Any of them; without one the rule matches no peer. */
  readonly peers: readonly Peer[];
  readonly traffic: TrafficMatch;
  /** The rule holds only for some requests (L7). */
  readonly condition?: Condition;
}

/** The other end of a rule. */
export type Peer =
  | { readonly kind: "any" }
  | EndpointSelector
  /** Addresses; `pods` and `nodes` say whether they match the addresses of pods and nodes of the cluster, with the reason where that is unclear. */
  | {
      readonly kind: "addresses";
      readonly addresses: AddressSet;
      readonly pods: Answer;
      readonly nodes: Answer;
    }
  | { readonly kind: "nodes"; readonly selector: LabelSelector }
  /** Addresses outside that were learned for one of these names: `*.x` is any depth below x, never x itself (CNP-7). */
  | { readonly kind: "domains"; readonly names: readonly string[] }
  /** The endpoint's own node; only what an engine builds in uses it. */
  | { readonly kind: "own-node" };

/** The traffic of a rule: `must` surely matches, `may` perhaps does (`must ⊆ may`), and port names are looked up on the destination pod. */
export interface TrafficMatch {
  readonly must: Traffic;
  readonly may: Traffic;
  /** Why `may` exceeds `must`. */
  readonly doubt?: ReasonCode;
  readonly named: readonly PortName[];
}

/** A container port by name; without a protocol whatever its protocol is. */
export interface PortName {
  readonly name: string;
  readonly protocol: TransportProtocol | undefined;
}

/** A condition on the request. `otherwise: deny` means that traffic which fits the rule but not the condition is denied and no later rule is asked (ANT-23). */
export interface Condition {
  readonly kind: "http";
  /** As shown to people: `http GET /public`. */
  readonly text: string;
  readonly method: string | undefined;
  /** A path, or a prefix where it ends in `*`. */
  readonly path: string | undefined;
  readonly otherwise: "continue" | "deny";
}

/** What is said about a connection besides its ends and port (`--given`). */
export type Fact =
  | {
      readonly kind: "http";
      readonly method: string;
      readonly host: string | undefined;
      readonly path: string;
    }
  | { readonly kind: "fqdn"; readonly name: string }
  | { readonly kind: "dns"; readonly name: string }
  | { readonly kind: "via"; readonly resource: string };

/** Why a verdict depends. */
export type ReasonCode =
  | "cidr-and-pods"
  | "cidr-and-nodes"
  | "pod-address-unknown"
  | "node-address-unknown"
  | "node-addresses-differ"
  | "priority-tie"
  | "ports-and-icmp"
  | "baseline-and-other-direction"
  | "host-network"
  | "node-unknown"
  | "domain-name"
  | "request"
  | "port-name-of-sidecar"
  | "port-name-twice"
  | "own-node"
  | "pods-differ";
