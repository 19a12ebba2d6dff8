import type { Switches } from "../board.ts";

/** How the value of a switch is known: from the engine's source or tests, from its documentation, from running it, from what is generally said, or not at all. */
export type SourceMark = "read" | "documented" | "measured" | "general" | "none";

/** Where the value of a switch comes from. */
export interface SwitchSource {
  readonly mark: SourceMark;
  /** What stands there, in our words. */
  readonly text: string;
}

/** The sources of one profile, a switch each. */
type ProfileSources = Readonly<Partial<Record<keyof Switches, SwitchSource>>>;

/** Said of a switch of an engine of which nobody has read how it behaves. */
const UNREAD: SwitchSource = { mark: "none", text: "not read: the verdict depends" };

/** Where one switch of a profile comes from (policy-semantics.md section 8). */
export function sourceOf(profile: string, name: keyof Switches): SwitchSource {
  return SOURCES[profile]?.[name] ?? UNREAD;
}

const NETWORK_POLICY_TYPES = "the types of networking/v1";

const KUBERNETES: ProfileSources = {
  ipBlockPods: {
    mark: "documented",
    text: "implementation defined; the e2e tests of Kubernetes need an engine that matches pods",
  },
  ipBlockNodes: { mark: "documented", text: "implementation defined" },
  hostNetworkPods: { mark: "documented", text: "undefined: treated like pods, or not at all" },
  ownNodeAllowed: { mark: "read", text: `${NETWORK_POLICY_TYPES}: "the pod's local node"` },
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
  sidecarPorts: { mark: "none", text: "the text does not say" },
  repeatedPortNames: { mark: "none", text: "the text does not say" },
};

const KUBE_NETWORK_POLICIES: ProfileSources = {
  ipBlockPods: {
    mark: "measured",
    text: "plain comparison of addresses, both directions, `except` too",
  },
  ipBlockNodes: { mark: "measured", text: "plain comparison of addresses" },
  hostNetworkPods: {
    mark: "read",
    text: "left out (`!pod.Spec.HostNetwork`), as a peer an address",
  },
  ownNodeAllowed: {
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
  sidecarPorts: UNREAD,
  repeatedPortNames: { mark: "read", text: "name, protocol and number of the destination pod" },
};

const SOURCES: Readonly<Record<string, ProfileSources | undefined>> = {
  kubernetes: KUBERNETES,
  "kube-network-policies": KUBE_NETWORK_POLICIES,
};
