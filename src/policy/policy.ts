import type { AddressSet, Family } from "../base/index.ts";
import type { Direction, LabelSelector, Origin, TransportProtocol } from "../model/index.ts";
import type { Condition } from "./condition.ts";
import type { DomainPattern } from "./domain.ts";
import type { EndpointTest } from "./endpoint-test.ts";
import type { ReasonCode } from "./reason.ts";
import type { Traffic } from "./traffic.ts";

/** What a dialect makes of one object, or of one part of it: the form in which the engine knows every policy of every API. */
export interface Policy {
  /** `GROUP/KIND/[NAMESPACE/]NAME` of the object; the policies that one object gives share it. */
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
  /** Of a pending policy: the id of the enforced one whose place it would take; without rules and isolation it would only remove it. */
  readonly replaces?: string;
  readonly rules: readonly Rule[];
}

/** A fact that an engine may leave open. */
export type Answer = "yes" | "no" | "unclear";

/** The endpoints that a policy selects. */
export type Subject =
  | EndpointSelector
  /** Nodes as hosts: only points of hosts ask such a policy. */
  | { readonly kind: "nodes"; readonly nodes: NodeTest }
  /** Every endpoint; for what an engine builds in. */
  | { readonly kind: "everything" };

/** Pods by the labels of their namespace and their own. */
export interface EndpointSelector {
  readonly kind: "pods";
  readonly namespaces: NamespaceTest;
  readonly pods: LabelSelector;
  /** What must hold besides. */
  readonly where?: EndpointTest;
  /** Whether host-network pods are meant as pods when the reading is that policies treat them like pods (NP-8; CNP-6: never). */
  readonly hostNetwork: boolean;
}

/** Which namespaces: one by name, or those with labels. */
export type NamespaceTest =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "labels"; readonly selector: LabelSelector };

/** Which nodes: by their labels, or by name. `surely` names nodes that are meant, `perhaps` those of which it is not known. */
export type NodeTest =
  | { readonly kind: "labels"; readonly selector: LabelSelector }
  | {
      readonly kind: "names";
      readonly surely: readonly string[];
      readonly perhaps: readonly string[];
    };

/** One rule of a policy, for one direction. Rules of a policy are in their written order. */
export interface Rule {
  readonly direction: Direction;
  /** The index in its own list: `ingress[INDEX]`. */
  readonly index: number;
  /** How it is referred to where that is not `DIRECTION[INDEX]`: its path below `spec`, or below the object if it begins with `specs`. */
  readonly name?: string;
  /** `Log` decides nothing. */
  readonly action: "Allow" | "Deny" | "Pass" | "Log";
  /** What the guarded endpoint itself must match besides being selected (CAL-7). */
  readonly self?: Peer;
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
  /** Nodes, and host-network pods as their node. */
  | { readonly kind: "nodes"; readonly nodes: NodeTest }
  /** Addresses outside that were learned for one of these names. */
  | { readonly kind: "domains"; readonly names: readonly DomainPattern[] }
  /** The endpoint's own node with what is on its host network. */
  | { readonly kind: "own-node" }
  /** Connections of one address family. */
  | { readonly kind: "family"; readonly family: Family }
  /** All of them at once; without one it is any peer. */
  | { readonly kind: "all"; readonly of: readonly Peer[] }
  /** One of them; without one it is no peer. */
  | { readonly kind: "either"; readonly of: readonly Peer[] }
  | { readonly kind: "not"; readonly of: Peer }
  /** What matches does so only perhaps, for this reason. */
  | { readonly kind: "perhaps"; readonly of: Peer; readonly doubt: ReasonCode };

/** The traffic of a rule: `must` surely matches, `may` perhaps does (`must ⊆ may`), and port names are looked up on the destination pod. */
export interface TrafficMatch {
  readonly must: Traffic;
  readonly may: Traffic;
  /** Why `may` exceeds `must`. */
  readonly doubt?: ReasonCode;
  readonly named: readonly PortName[];
  /** Port names whose traffic is taken out of all that (CAL-7: `notPorts`). */
  readonly unless?: readonly PortName[];
  /** Traffic that is taken out of all that, also where a port name means it. */
  readonly except?: Traffic;
}

/** A container port by name; without a protocol whatever its protocol is. */
export interface PortName {
  readonly name: string;
  readonly protocol: TransportProtocol | undefined;
  /** The last port of a range that begins with the named one, where the engine may read it so (CIL-10). */
  readonly perhapsTo?: number;
}
