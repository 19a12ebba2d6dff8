import type { Switches } from "../board.ts";
import { ANTREA_SOURCES, CALICO_SOURCES } from "./engine-sources.ts";
import type { ProfileSources, SwitchSource } from "./switch-source.ts";

/** Said of a switch of an engine of which nobody has read how it behaves. */
const UNREAD: SwitchSource = { mark: "none", text: "not read: the verdict depends" };

/** Where one switch of a profile comes from (policy-semantics.md section 8). */
export function sourceOf(profile: string, name: keyof Switches): SwitchSource {
  return SOURCES[profile]?.[name] ?? UNREAD;
}

const NETWORK_POLICY_TYPES = "the types of networking/v1";

const KUBERNETES: ProfileSources = {
  networkPolicies: { mark: "read", text: "it is the text" },
  adminKinds: { mark: "read", text: "it is the text" },
  ipBlockPods: {
    mark: "documented",
    text: "implementation defined; the e2e tests of Kubernetes need an engine that matches pods",
  },
  ipBlockNodes: { mark: "documented", text: "implementation defined" },
  hostNetworkPods: { mark: "documented", text: "undefined: treated like pods, or not at all" },
  ownNode: { mark: "read", text: `${NETWORK_POLICY_TYPES}: "the pod's local node"` },
  portsMatchIcmp: { mark: "documented", text: "undefined" },
  neighbourDiscoveryAllowed: {
    mark: "none",
    text: "the text does not tell the link from connections",
  },
  baselineSkippedOtherWay: {
    mark: "read",
    text: "the types of ClusterNetworkPolicy can be read either way",
  },
  adminTies: { mark: "read", text: "any of them may win" },
  unknownPeer: { mark: "read", text: "Accept matches nothing, Deny and Pass deny everything" },
  adminNodesAndDomains: { mark: "read", text: "the types of ClusterNetworkPolicy" },
  unlistedTypes: { mark: "read", text: "the types of networking/v1: ignored" },
  portNames: { mark: "read", text: "name and protocol on the destination pod" },
  tieNames: { mark: "read", text: "no names decide" },
  hiddenLabel: { mark: "read", text: "every label counts" },
  sidecarPorts: { mark: "none", text: "the text does not say" },
  initPorts: { mark: "general", text: "they have ended when the pod serves" },
  repeatedPortNames: { mark: "none", text: "the text does not say" },
};

const KUBE_NETWORK_POLICIES: ProfileSources = {
  networkPolicies: { mark: "measured", text: "yes" },
  adminKinds: {
    mark: "read",
    text: "v1alpha2, up to 0.8.1 v1alpha1: which one depends on the version, so all are taken",
  },
  ipBlockPods: {
    mark: "measured",
    text: "plain comparison of addresses, both directions, `except` too",
  },
  ipBlockNodes: { mark: "measured", text: "plain comparison of addresses" },
  hostNetworkPods: {
    mark: "read",
    text: "left out (`!pod.Spec.HostNetwork`), as a peer an address",
  },
  ownNode: {
    mark: "read",
    text: "not in the evaluator; its rules let in what root's own sockets send, which is less",
  },
  portsMatchIcmp: {
    mark: "measured",
    text: "a packet without ports matches only rules without ports",
  },
  neighbourDiscoveryAllowed: { mark: "read", text: "left out of what is judged" },
  baselineSkippedOtherWay: {
    mark: "measured",
    text: "any NetworkPolicy that selects the pod ends the search, both directions",
  },
  adminTies: { mark: "measured", text: "by name, ascending" },
  unknownPeer: { mark: "measured", text: "not implemented: such a rule matches nothing" },
  adminNodesAndDomains: { mark: "general", text: "not told apart from other peers" },
  unlistedTypes: { mark: "read", text: "ignored" },
  portNames: { mark: "read", text: "name, protocol and number of the destination pod" },
  tieNames: { mark: "measured", text: "the policy's own" },
  hiddenLabel: { mark: "general", text: "every label counts" },
  sidecarPorts: UNREAD,
  repeatedPortNames: { mark: "read", text: "name, protocol and number of the destination pod" },
};

/** Said of every switch that has no say, because what it is about is not enforced. */
function without(why: string, names: readonly (keyof Switches)[]): ProfileSources {
  const source: SwitchSource = { mark: "none", text: `without effect: ${why}` };
  return Object.fromEntries(names.map((name) => [name, source]));
}

const ADMIN_SWITCHES = [
  "baselineSkippedOtherWay",
  "adminTies",
  "unknownPeer",
  "adminNodesAndDomains",
] as const;
const NO_ADMIN: ProfileSources = without("no admin policy is enforced", ADMIN_SWITCHES);
const NOT_LISTED: SwitchSource = {
  mark: "read",
  text: "not among the implementers that the site of network-policy-api lists",
};

const UNREAD_ENGINE: ProfileSources = {
  ...Object.fromEntries(
    (
      ["unlistedTypes", "portNames", "tieNames", "hiddenLabel", "adminNodesAndDomains"] as const
    ).map((name) => [name, { mark: "none", text: "not read: as the text of the API demands" }]),
  ),
  neighbourDiscoveryAllowed: { mark: "none", text: "not read: judged like other traffic" },
};

const AWS_VPC_CNI: ProfileSources = {
  ...UNREAD_ENGINE,
  ...NO_ADMIN,
  networkPolicies: {
    mark: "read",
    text: 'with `--enable-network-policy=true` and `enable-network-policy-controller: "true"`; its chart has them off',
  },
  adminKinds: NOT_LISTED,
};

const AZURE: ProfileSources = {
  ...UNREAD_ENGINE,
  ...NO_ADMIN,
  networkPolicies: { mark: "documented", text: "yes" },
  adminKinds: NOT_LISTED,
};

const GKE_DATAPLANE_V2: ProfileSources = {
  ...UNREAD_ENGINE,
  ...NO_ADMIN,
  networkPolicies: { mark: "documented", text: "always on" },
  adminKinds: NOT_LISTED,
};

const OVN_KUBERNETES: ProfileSources = {
  ...UNREAD_ENGINE,
  networkPolicies: { mark: "documented", text: "yes" },
  adminKinds: { mark: "read", text: "the site of network-policy-api lists it for v1alpha1" },
  adminTies: { mark: "none", text: "not read: any of them may win" },
  unknownPeer: { mark: "none", text: "not read: as the text of the API demands" },
};

const FLANNEL: ProfileSources = {
  ...without("nothing is enforced", [
    ...ADMIN_SWITCHES,
    "ipBlockPods",
    "ipBlockNodes",
    "hostNetworkPods",
    "ownNode",
    "portsMatchIcmp",
    "neighbourDiscoveryAllowed",
    "unlistedTypes",
    "sidecarPorts",
    "initPorts",
    "portNames",
    "tieNames",
    "hiddenLabel",
    "repeatedPortNames",
  ]),
  networkPolicies: { mark: "documented", text: "flanneld enforces nothing" },
  adminKinds: { mark: "documented", text: "flanneld enforces nothing" },
};

const SOURCES: Readonly<Record<string, ProfileSources | undefined>> = {
  kubernetes: KUBERNETES,
  "kube-network-policies": KUBE_NETWORK_POLICIES,
  calico: CALICO_SOURCES,
  antrea: ANTREA_SOURCES,
  "ovn-kubernetes": OVN_KUBERNETES,
  "aws-vpc-cni": AWS_VPC_CNI,
  azure: AZURE,
  "gke-dataplane-v2": GKE_DATAPLANE_V2,
  flannel: FLANNEL,
};
