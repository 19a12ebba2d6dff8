import type { Profile } from "../board.ts";
import { adminStage, baselineStage, networkPolicyStage } from "./upstream.ts";

/** kubernetes-sigs/kube-network-policies: judges each packet by its addresses. */
export const KUBE_NETWORK_POLICIES: Profile = {
  name: "kube-network-policies",
  engine: "upstream",
  about:
    "kubernetes-sigs/kube-network-policies: addresses match pods and nodes, equal priorities go by name",
  switches: {
    ipBlockPods: "yes",
    ipBlockNodes: "yes",
    networkPolicies: true,
    adminKinds: "all",
    hostNetworkPods: "node",
    ownNode: "no",
    portsMatchIcmp: "no",
    neighbourDiscoveryAllowed: true,
    baselineSkippedOtherWay: "yes",
    adminTies: "name",
    unknownPeer: "matches-nothing",
    adminNodesAndDomains: true,
    unlistedTypes: "ignored",
    sidecarPorts: "unclear",
    initPorts: "no",
    repeatedPortNames: "yes",
    portNames: "exact",
    tieNames: "name",
  },
  boards: {
    "workload-egress": {
      stages: [adminStage("name"), networkPolicyStage("yes"), baselineStage("name")],
      final: "Allow",
    },
    "workload-ingress": {
      stages: [adminStage("name"), networkPolicyStage("yes"), baselineStage("name")],
      final: "Allow",
    },
  },
  builtins: [],
};
