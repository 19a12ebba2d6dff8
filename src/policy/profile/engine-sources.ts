import type { ProfileSources } from "./switch-source.ts";

/** Where the switches of Calico come from (policy-semantics.md 8.2). */
export const CALICO_SOURCES: ProfileSources = {
  ipBlockPods: { mark: "read", text: "an ipBlock becomes `nets`, which match pods" },
  ipBlockNodes: { mark: "read", text: "the packet's address; overlay traffic has its tunnel's" },
  networkPolicies: { mark: "read", text: "a policy at order 1000 of tier `default`" },
  adminKinds: { mark: "read", text: "ClusterNetworkPolicy from 3.32 on" },
  hostNetworkPods: { mark: "read", text: "no workload endpoint" },
  ownNode: {
    mark: "read",
    text: "what comes from it passes; what goes to it has an action of its own",
  },
  portsMatchIcmp: { mark: "read", text: "ICMP does not match the rule" },
  neighbourDiscoveryAllowed: { mark: "none", text: "not read: judged like other ICMP" },
  baselineSkippedOtherWay: { mark: "read", text: "tiers act per direction" },
  adminTies: { mark: "read", text: "by name" },
  unknownPeer: { mark: "read", text: "Deny and Pass deny all" },
  adminNodesAndDomains: { mark: "read", text: "`nodes` and `domainNames` are unknown peers" },
  unlistedTypes: { mark: "read", text: "ignored" },
  sidecarPorts: { mark: "read", text: "init containers are looked at too" },
  initPorts: { mark: "read", text: "init containers are looked at too" },
  repeatedPortNames: { mark: "read", text: "every port of the name" },
  portNames: { mark: "read", text: "as written" },
  tieNames: { mark: "read", text: "the text NAME/NAMESPACE/KIND" },
  hiddenLabel: { mark: "read", text: "none" },
};

/** Where the switches of Antrea come from (policy-semantics.md 8.2). */
export const ANTREA_SOURCES: ProfileSources = {
  ipBlockPods: { mark: "read", text: "its e2e tests use the addresses of pods" },
  ipBlockNodes: { mark: "read", text: "the packet's address" },
  networkPolicies: { mark: "read", text: "between the regular tiers and the baseline" },
  adminKinds: { mark: "read", text: "all, at fixed places between the tiers" },
  hostNetworkPods: { mark: "read", text: "never selected" },
  ownNode: { mark: "read", text: "what comes from it passes before every policy" },
  portsMatchIcmp: { mark: "read", text: "ICMP does not match the rule" },
  neighbourDiscoveryAllowed: { mark: "none", text: "not read: judged like other ICMP" },
  baselineSkippedOtherWay: { mark: "read", text: "two default tables, one for each direction" },
  adminTies: { mark: "documented", text: "not defined; only equal indexes of rules are tied" },
  unknownPeer: { mark: "read", text: "only a Deny matches everything" },
  adminNodesAndDomains: { mark: "read", text: "both are implemented" },
  unlistedTypes: { mark: "read", text: "ignored" },
  sidecarPorts: { mark: "read", text: "ordinary containers only" },
  initPorts: { mark: "read", text: "ordinary containers only" },
  repeatedPortNames: { mark: "general", text: "every port of the name" },
  portNames: { mark: "read", text: "as written" },
  tieNames: { mark: "read", text: "names decide nothing" },
  hiddenLabel: { mark: "read", text: "none" },
};
