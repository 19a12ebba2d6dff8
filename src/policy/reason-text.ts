import type { ReasonCode } from "./reason.ts";

const TEXTS: Readonly<Record<ReasonCode, string>> = {
  "cidr-and-pods": "whether an address range matches pods is left to the engine (NP-6)",
  "cidr-and-nodes": "whether an address range matches nodes is left to the engine (NP-6)",
  "pod-address-unknown": "the pod's address is not known: give the pod ranges with --pod-cidr",
  "node-address-unknown": "the node's address is not known: give the node ranges with --node-cidr",
  "node-addresses-differ":
    "the node has several addresses, and only some are in the rule's ranges: ask for one of them",
  "priority-tie": "policies of equal priority contradict each other, and any may win (CNP-2)",
  "ports-and-icmp":
    "whether a rule with ports matches ICMP and other protocols is left to the engine (NP-11)",
  "baseline-and-other-direction":
    "whether the Baseline tier decides for a pod that a NetworkPolicy selects only in the other direction is read in two ways (CNP-4)",
  "host-network": "whether policies treat host-network pods like pods is left to the engine (NP-8)",
  "node-unknown": "the node that a pod runs on, or the labels of a node, are not known",
  "domain-name": "the rule names a domain, and it is not known whether the address belongs to it",
  request: "the rule holds only for some requests: say which with --given",
  "port-name-of-sidecar":
    "only newer engines look up port names of restartable init containers (NP-5)",
  "port-name-twice":
    "the pod has two ports of this name, and which one counts is not defined (NP-5)",
  "port-name-and-range": "whether `endPort` counts beside a port name is told in two ways (CIL-10)",
  "source-port": "the rule names source ports, and the question does not say which it has",
  "endpoint-to-host":
    "what happens to traffic from a pod to its own node is Felix's `defaultEndpointToHostAction`, which is not among the objects (CAL-14)",
  "engine-undefined": "the engine's documentation and its code say different things",
  "engine-unread": "how the engine treats this has not been established",
  "pods-differ": "the pods of the workload are treated differently: ask for one of them",
};

/** One sentence for people. */
export function reasonText(code: ReasonCode): string {
  return TEXTS[code];
}
