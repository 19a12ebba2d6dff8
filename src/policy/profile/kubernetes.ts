import type { Profile } from "../board.ts";
import {
  OWN_NODE,
  OWN_NODE_STAGE,
  adminStage,
  baselineStage,
  networkPolicyStage,
} from "./upstream.ts";

/** The Kubernetes text: where it leaves something open, the verdict is `depends`. */
export const KUBERNETES: Profile = {
  name: "kubernetes",
  engine: "upstream",
  about:
    "the text of the NetworkPolicy and ClusterNetworkPolicy APIs; what it leaves open is `depends`",
  switches: {
    ipBlockPods: "unclear",
    ipBlockNodes: "unclear",
    networkPolicies: true,
    adminKinds: "all",
    hostNetworkPods: "unclear",
    ownNode: "ingress",
    portsMatchIcmp: "unclear",
    neighbourDiscoveryAllowed: false,
    baselineSkippedOtherWay: "unclear",
    adminTies: "undefined",
    unknownPeer: "fail-closed",
    adminNodesAndDomains: true,
    unlistedTypes: "ignored",
    sidecarPorts: "unclear",
    initPorts: "no",
    repeatedPortNames: "unclear",
    portNames: "exact",
    tieNames: "name",
  },
  boards: {
    "workload-egress": {
      stages: [adminStage("undefined"), networkPolicyStage("unclear"), baselineStage("undefined")],
      final: "Allow",
    },
    "workload-ingress": {
      stages: [
        OWN_NODE_STAGE,
        adminStage("undefined"),
        networkPolicyStage("unclear"),
        baselineStage("undefined"),
      ],
      final: "Allow",
    },
  },
  builtins: [OWN_NODE],
};
