import type { Cluster } from "../model/index.ts";
import type { Answer, Policy } from "./policy.ts";
import type { ReasonCode } from "./reason.ts";

/** A place where a packet is judged. */
export type PointKind =
  | "workload-egress"
  | "workload-ingress"
  /** Traffic of a pod to its own node, behind the pod's egress (CAL-14). */
  | "workload-to-host"
  | "host-egress"
  | "host-ingress"
  /** Traffic of pods that leaves or enters their node. */
  | "host-forward-egress"
  | "host-forward-ingress"
  /** Before connection tracking. */
  | "host-untracked-egress"
  | "host-untracked-ingress"
  /** Before the destination is translated. */
  | "host-pre-dnat";

/** What a stage does with traffic that no rule of it decided. More than one: the engine leaves it open, each may happen. */
export type Outcomes = readonly ("Allow" | "Deny" | "Pass")[];

/** What a stage takes from one slot. */
export interface Take {
  readonly slot: string;
  /** Comes before the order: all of a lower rank first, as Antrea's tiers in one stage (ANT-1). 0 by default. */
  readonly rank?: number;
  /** Overrides the order of the slot's policies, as Calico puts every NetworkPolicy at order 1000 (CAL-2). */
  readonly order?: number;
}

/** One step of a board. */
export interface Stage {
  readonly name: string;
  /** `ordered`: the first matching rule wins. `union`: any deny wins, else any allow. */
  readonly mode: "ordered" | "union";
  readonly takes: readonly Take[];
  /** What equal orders mean: the name decides, nobody knows, or the rule's index decides and equal indexes are open (ANT-2, ANT-3). */
  readonly ties: "name" | "undefined" | "rule-index";
  /** When no rule decided: an isolating policy of the stage selects the endpoint in this direction. */
  readonly selected: Outcomes;
  /** One selects it in the other direction only. */
  readonly selectedOtherWay: Outcomes;
  readonly unselected: Outcomes;
  /** Shown with a verdict that depends on how the stage ends. */
  readonly doubt?: ReasonCode;
  /** An Allow of a rule here skips no later point, whatever the board says (failsafe ports, CAL-14). */
  readonly skipsNothing?: boolean;
}

/** The stages of one enforcement point, in order; `Pass` goes to the next, `final` is what happens behind the last. */
export interface Board {
  readonly stages: readonly Stage[];
  readonly final: "Allow" | "Deny";
  /** Only for traffic between a pod and its own node, or only for other traffic; by default for all. */
  readonly when?: "own-node" | "other-node";
  /** Later points that an Allow of a rule here skips (Calico's untracked and pre-DNAT policies, CAL-14). */
  readonly allowSkips?: readonly PointKind[];
}

/** The behaviours in which engines differ; values handed to dialects and to the matcher. The rule ids are those of each field's rule. */
export interface Switches {
  /** An ipBlock of a NetworkPolicy matches the addresses of pods, of nodes (NP-6). */
  readonly ipBlockPods: Answer;
  readonly ipBlockNodes: Answer;
  /** What a host-network pod is: its node, or unclear: its node or a pod like others (NP-8). */
  readonly hostNetworkPods: "node" | "unclear";
  /** The engine enforces NetworkPolicy; else its objects are inert. */
  readonly networkPolicies: boolean;
  /** The admin policies that it implements: those of every version, AdminNetworkPolicy and BaselineAdminNetworkPolicy of v1alpha1 only, or none; the others are inert. */
  readonly adminKinds: "all" | "v1alpha1" | "v1alpha2" | "none";
  /** Where it matters that a host is the pod's own node: nowhere, in what comes from it (it is let in before every policy, NP-7, or perhaps), or both ways (CIL-6, CIL-7, CAL-14). */
  readonly ownNode: "no" | "ingress" | "perhaps" | "both";
  /** A NetworkPolicy rule with ports matches ICMP and other protocols without ports (NP-11). */
  readonly portsMatchIcmp: "no" | "unclear";
  /** IPv6 neighbour discovery passes before every policy. It is part of the link and no connection between endpoints: reachability, coverage and openness leave it out. */
  readonly neighbourDiscoveryAllowed: boolean;
  /** A NetworkPolicy that selects a pod in one direction only keeps the Baseline tier from deciding the other (CNP-4). */
  readonly baselineSkippedOtherWay: Answer;
  /** Equal priorities of admin policies (CNP-2). */
  readonly adminTies: "name" | "undefined";
  /** An admin rule with a peer or protocol without a known field (CNP-8). */
  readonly unknownPeer: "fail-closed" | "matches-nothing" | "deny-fails-closed";
  /** Egress peers `nodes` and `domainNames` of admin policies are implemented; else they are unknown peers (CNP-8). */
  readonly adminNodesAndDomains: boolean;
  /** Rules of a NetworkPolicy for a type that it does not list: ignored, or they isolate and apply (NP-2). */
  readonly unlistedTypes: "ignored" | "applied";
  /** Named ports of restartable init containers are found (NP-5). */
  readonly sidecarPorts: Answer;
  /** Named ports of other init containers, which have ended when the pod serves, are found too (section 8.2). */
  readonly initPorts: Answer;
  /** A second container port of the same name and protocol, with another number, is found too (NP-5 does not say; the first always is). */
  readonly repeatedPortNames: Answer;
  /** Port names are compared without regard to case (CIL-10). */
  readonly portNames: "exact" | "ignore-case";
  /** What decides between policies of equal order: Calico compares the text `NAME/NAMESPACE/KIND` (CAL-2). */
  readonly tieNames: "name" | "name/namespace/kind";
  /** Pod label keys that the engine does not see: selecting by them is as if they were absent (section 8.1, Cilium's identity labels). */
  readonly hiddenLabel?: (key: string) => boolean;
}

/** What a CNI enforces and how: its boards and its switches. */
export interface Profile {
  readonly name: string;
  /** Whose rules the specification in `reference/` applies. */
  readonly engine: "upstream" | "calico" | "cilium" | "antrea";
  /** One sentence for people. */
  readonly about: string;
  readonly switches: Switches;
  /** A point without a board judges nothing. */
  readonly boards: Readonly<Partial<Record<PointKind, Board>>>;
  /** Policies that the engine builds in. */
  readonly builtins: readonly Policy[];
  /** What the cluster's own configuration makes of the profile: its tiers, its engine's settings. Compiling asks it. */
  readonly configure?: (cluster: Cluster) => Profile;
}

/** The profile as a cluster has it; it is not configured again. */
export function configured(profile: Profile, cluster: Cluster): Profile {
  const { configure, ...own } = profile;
  if (configure === undefined) return profile;
  const { configure: _, ...made } = { ...own, ...configure(cluster) };
  return made;
}
