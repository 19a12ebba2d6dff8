import type { Switches } from "../board.ts";

/** What a switch asks, and the rule that leaves it open. */
export interface SwitchWords {
  readonly rule: string;
  /** A question for people, whose answer is the value. */
  readonly question: string;
}

/** Every switch, in the order in which people read them. */
export const SWITCH_WORDS: Readonly<Record<keyof Switches, SwitchWords>> = {
  ipBlockPods: { rule: "NP-6", question: "does an ipBlock match the addresses of pods" },
  ipBlockNodes: { rule: "NP-6", question: "does an ipBlock match the addresses of nodes" },
  networkPolicies: { rule: "NP-3", question: "is NetworkPolicy enforced" },
  adminKinds: {
    rule: "CNP-1",
    question: "which admin policies are enforced: all, those of v1alpha1 or of v1alpha2, none",
  },
  hostNetworkPods: { rule: "NP-8", question: "what is a host-network pod" },
  ownNode: {
    rule: "NP-7",
    question: "where does it matter that a host is the pod's own node: in what it sends, both ways",
  },
  portsMatchIcmp: { rule: "NP-11", question: "does a rule with ports match ICMP" },
  neighbourDiscoveryAllowed: {
    rule: "NP-11",
    question: "does IPv6 neighbour discovery pass before every policy",
  },
  baselineSkippedOtherWay: {
    rule: "CNP-4",
    question: "does isolation in one direction keep the Baseline tier from the other",
  },
  adminTies: { rule: "CNP-2", question: "what decides between equal priorities" },
  unknownPeer: { rule: "CNP-8", question: "what is a peer without a known field" },
  adminNodesAndDomains: {
    rule: "CNP-8",
    question: "are the egress peers `nodes` and `domainNames` implemented",
  },
  unlistedTypes: { rule: "NP-2", question: "what are rules for a type that is not listed" },
  sidecarPorts: { rule: "NP-5", question: "are named ports of sidecars found" },
  initPorts: { rule: "NP-5", question: "are named ports of other init containers found" },
  portNames: { rule: "NP-5", question: "how are port names compared" },
  tieNames: { rule: "CAL-2", question: "which names decide between equal orders" },
  hiddenLabel: { rule: "CIL-3", question: "which labels of pods does the engine not see" },
  repeatedPortNames: { rule: "NP-5", question: "is a second port of the same name found" },
};

/** A value as people read it. */
export function showValue(value: Switches[keyof Switches]): string {
  if (typeof value === "function") return "some";
  if (value === undefined) return "none";
  if (value === true) return "yes";
  return value === false ? "no" : value;
}
