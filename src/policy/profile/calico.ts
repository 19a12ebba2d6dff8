import { EMPTY, addressSet, parseCidr, union } from "../../base/index.ts";
import type { CalicoTier, Cluster, Direction } from "../../model/index.ts";
import type { Board, Outcomes, PointKind, Profile, Stage, Take } from "../board.ts";
import { ADMIN_SLOT, BASELINE_SLOT } from "../dialect/admin-policy.ts";
import { HOST_ENDPOINT_SLOT } from "../dialect/calico/hosts.ts";
import { type CalicoPoint, calicoSlot } from "../dialect/calico/policies.ts";
import { NETWORK_POLICY_SLOT } from "../dialect/network-policy.ts";
import type { Peer, Policy, Rule } from "../policy.ts";
import { ALL_TRAFFIC, type Traffic, portTraffic, protocolTraffic } from "../traffic.ts";
import { type CalicoConfig, type FailsafePort, readCalicoConfig } from "./calico-config.ts";
import { isAtLeast } from "./setting.ts";
import { OWN_NODE, OWN_NODE_STAGE, passingStage } from "./upstream.ts";

/** Calico 3.32 and later: tiers in their order, NetworkPolicies at order 1000 of tier `default`. */
export const CALICO: Profile = {
  name: "calico",
  engine: "calico",
  about: "Calico 3.32 and later: tiers by order, a NetworkPolicy at order 1000 of tier `default`",
  switches: {
    ipBlockPods: "yes",
    ipBlockNodes: "yes",
    networkPolicies: true,
    adminKinds: "v1alpha2",
    hostNetworkPods: "node",
    ownNode: "both",
    portsMatchIcmp: "no",
    neighbourDiscoveryAllowed: false,
    baselineSkippedOtherWay: "no",
    adminTies: "name",
    unknownPeer: "fail-closed",
    adminNodesAndDomains: false,
    unlistedTypes: "ignored",
    sidecarPorts: "yes",
    initPorts: "yes",
    repeatedPortNames: "yes",
    portNames: "exact",
    tieNames: "name/namespace/kind",
  },
  boards: {},
  builtins: [],
  configure,
};

const PROFILES_SLOT = "builtin/calico/profiles";
const FAILSAFE_SLOT = "builtin/calico/failsafe";
const ENCAPSULATION_SLOT = "builtin/calico/encapsulation";

/** A tier as a board has it: in order, with what its end does (CAL-1, CAL-3). */
interface TierPlace {
  readonly name: string;
  readonly end: "Deny" | "Pass";
}

/** Boards from the tiers of the cluster, its host endpoints and what Felix is told. */
function configure(cluster: Cluster): Profile {
  const config = readCalicoConfig(cluster);
  const tiers = tiersOf(cluster);
  const workload = (direction: Direction): Board => ({
    stages: [
      direction === "ingress"
        ? OWN_NODE_STAGE
        : passingStage("encapsulation", [{ slot: ENCAPSULATION_SLOT }]),
      ...tiers.map((tier) => tierStage(tier, takesOf(tier.name))),
      passingStage("profiles", [{ slot: PROFILES_SLOT }]),
    ],
    final: "Deny",
  });
  const hasHosts = cluster.calico.some(({ kind }) => kind === "HostEndpoint");
  return {
    ...CALICO,
    switches: { ...CALICO.switches, adminKinds: adminKindsOf(config) },
    boards: {
      "workload-egress": workload("egress"),
      "workload-ingress": workload("ingress"),
      "workload-to-host": toHostBoard(config),
      ...(hasHosts ? hostBoards(cluster, tiers) : {}),
    },
    builtins: [OWN_NODE, OPEN_PROFILES, ...encapsulation(config), ...failsafe(config)],
  };
}

/** The admin API that a version implements (section 2); a version that nobody tells is a recent one. */
function adminKindsOf({ version }: CalicoConfig): Profile["switches"]["adminKinds"] {
  if (version === undefined || isAtLeast(version, 3, 32)) return "v1alpha2";
  return isAtLeast(version, 3, 29) ? "v1alpha1" : "none";
}

/** CAL-1: by order, those without one last, equal ones by name; a tier that is only named comes behind all and denies. */
function tiersOf({ calico }: Cluster): readonly TierPlace[] {
  const objects = calico.filter((object): object is CalicoTier => object.kind === "Tier");
  const known = new Map<string, { readonly order: number; readonly end: "Deny" | "Pass" }>(
    BUILT_IN,
  );
  for (const { name, order, defaultAction } of objects) {
    const own = known.get(name);
    known.set(name, { order: order ?? own?.order ?? Infinity, end: own?.end ?? defaultAction });
  }
  const named = new Set(calico.flatMap((object) => ("tier" in object ? [object.tier] : [])));
  const list = [...known].map(([name, { order, end }]) => ({ name, order, end, isThere: true }));
  for (const name of named) {
    if (!known.has(name)) list.push({ name, order: Infinity, end: "Deny", isThere: false });
  }
  return list.toSorted(
    (a, b) =>
      Number(b.isThere) - Number(a.isThere) ||
      (a.order === b.order ? (a.name < b.name ? -1 : 1) : a.order - b.order),
  );
}

const BUILT_IN = [
  ["kube-admin", { order: 1000, end: "Pass" }],
  ["default", { order: 1_000_000, end: "Deny" }],
  ["kube-baseline", { order: 10_000_000, end: "Pass" }],
] as const;

/** CAL-2: a NetworkPolicy is at order 1000 of tier `default`; admin policies have tiers of their own. */
function takesOf(tier: string): readonly Take[] {
  const own = { slot: calicoSlot("workload", tier) };
  if (tier === "default") return [own, { slot: NETWORK_POLICY_SLOT, order: 1000 }];
  if (tier === "kube-admin") return [own, { slot: ADMIN_SLOT }];
  return tier === "kube-baseline" ? [own, { slot: BASELINE_SLOT }] : [own];
}

/** CAL-3: a tier acts only where a policy of it selects the endpoint in the direction. */
function tierStage({ name, end }: TierPlace, takes: readonly Take[]): Stage {
  return { ...passingStage(`tier ${name}`, takes), selected: [end] };
}

/** What happens to what a pod sends to its own node after its egress policies (CAL-14). */
function toHostBoard({ defaultEndpointToHostAction, bpfEnabled }: CalicoConfig): Board {
  // section 8.2 tells of the iptables and nftables data planes only
  const value = bpfEnabled.value === "no" ? defaultEndpointToHostAction.value : "unclear";
  const ends: Readonly<Record<typeof value, Outcomes>> = {
    Drop: ["Deny"],
    Accept: ["Allow"],
    Return: ["Allow", "Deny"],
    unclear: ["Allow", "Deny"],
  };
  const end = {
    ...passingStage("endpoint to host", []),
    unselected: ends[value],
    doubt: "endpoint-to-host",
  } as const;
  return { stages: [end], final: "Deny", when: "own-node" };
}

/** Boards of nodes (CAL-14): failsafe ports first; untracked and pre-DNAT tiers drop nothing at their end. */
function hostBoards(
  cluster: Cluster,
  tiers: readonly TierPlace[],
): Partial<Record<PointKind, Board>> {
  const used = (point: CalicoPoint): boolean => isUsed(cluster, point);
  const stages = (point: CalicoPoint): readonly Stage[] =>
    tiers.map((tier) => {
      const takes = [{ slot: calicoSlot(point, tier.name) }];
      return point === "host" || point === "forward"
        ? { ...tierStage(tier, takes), doubt: "node-unknown" as const }
        : passingStage(`tier ${tier.name}`, takes);
    });
  const safe = passingStage("failsafe ports", [{ slot: FAILSAFE_SLOT }]);
  // a port that stays open before tracking or translation is still asked about behind it
  const early = { ...safe, skipsNothing: true };
  const own = {
    ...passingStage("host endpoint", [{ slot: HOST_ENDPOINT_SLOT }]),
    selected: ["Deny"],
    doubt: "node-unknown",
  } as const;
  const host: Board = {
    stages: [safe, ...stages("host"), own],
    final: "Allow",
    when: "other-node",
  };
  // a pod's packets to its own node meet these only where a host endpoint is for every interface
  const isWhole = cluster.calico.some(
    (object) => object.kind === "HostEndpoint" && object.interfaceName === "*",
  );
  const when = isWhole ? {} : ({ when: "other-node" } as const);
  const untracked: Board = { stages: [early, ...stages("untracked")], final: "Allow", ...when };
  const later: readonly PointKind[] = ["host-forward-ingress", "host-ingress"];
  const forward: Board = { stages: stages("forward"), final: "Allow" };
  return {
    "host-egress": host,
    "host-ingress": host,
    ...(used("untracked")
      ? {
          // what a host sends to its own pods is judged nowhere
          "host-untracked-egress": {
            ...untracked,
            when: "other-node" as const,
            allowSkips: ["host-forward-egress", "host-egress"] as const,
          },
          "host-untracked-ingress": { ...untracked, allowSkips: ["host-pre-dnat", ...later] },
        }
      : {}),
    ...(used("pre-dnat")
      ? {
          "host-pre-dnat": {
            stages: [early, ...stages("pre-dnat")],
            final: "Allow" as const,
            allowSkips: later,
            ...when,
          },
        }
      : {}),
    ...(used("forward") ? { "host-forward-egress": forward, "host-forward-ingress": forward } : {}),
  };
}

/** Whether a policy is asked at such points. */
function isUsed({ calico }: Cluster, point: CalicoPoint): boolean {
  return calico.some((object) => {
    if (object.kind !== "GlobalNetworkPolicy") return false;
    const { doNotTrack, preDNAT, applyOnForward } = object;
    if (point === "untracked") return doNotTrack;
    return point === "pre-dnat" ? preDNAT : applyOnForward && !doNotTrack && !preDNAT;
  });
}

function builtin(id: string, slot: string, rules: readonly Rule[]): Policy {
  return {
    ...OWN_NODE,
    id,
    slot,
    tieName: id,
    subject: { kind: "everything" },
    rules,
  };
}

function rule(direction: Direction, action: Rule["action"], peer: Peer, traffic: Traffic): Rule {
  const match = { must: traffic, may: traffic, named: [] };
  return { direction, index: 0, action, peers: [peer], traffic: match };
}

const ANY: Peer = { kind: "any" };

/** CAL-3: the profiles of namespaces and service accounts allow everything. */
const OPEN_PROFILES = builtin("profiles", PROFILES_SLOT, [
  rule("ingress", "Allow", ANY, ALL_TRAFFIC),
  rule("egress", "Allow", ANY, ALL_TRAFFIC),
]);

/** CAL-17: a pod's own VXLAN and IPIP packets are dropped before any policy. */
function encapsulation(config: CalicoConfig): readonly Policy[] {
  const { allowVxlanPacketsFromWorkloads: vxlan, allowIpipPacketsFromWorkloads: ipip } = config;
  let must: Traffic = EMPTY;
  let may: Traffic = EMPTY;
  for (const [allowed, traffic] of [
    [vxlan.value, portTraffic("UDP", 4789, 4789)],
    [ipip.value, protocolTraffic(4)],
  ] as const) {
    if (allowed !== "yes") may = union(may, traffic);
    // of the eBPF data plane it is not read
    if (allowed === "no" && config.bpfEnabled.value === "no") must = union(must, traffic);
  }
  const deny = rule("egress", "Deny", ANY, must);
  const traffic = { must, may, doubt: "engine-unread", named: [] } as const;
  return [builtin("encapsulation", ENCAPSULATION_SLOT, [{ ...deny, traffic }])];
}

/** CAL-14: ports of host endpoints that stay open whatever policies say. */
function failsafe({ failsafeInbound, failsafeOutbound }: CalicoConfig): readonly Policy[] {
  const rules = (
    [
      ["ingress", failsafeInbound.value],
      ["egress", failsafeOutbound.value],
    ] as const
  ).flatMap(([direction, ports]) =>
    ports === "unclear"
      ? [
          rule(
            direction,
            "Allow",
            { kind: "perhaps", of: ANY, doubt: "engine-unread" },
            ALL_TRAFFIC,
          ),
        ]
      : ports.map(({ protocol, port, net }) =>
          rule(direction, "Allow", netOf(net), portTraffic(protocol, port, port)),
        ),
  );
  return [builtin("failsafe", FAILSAFE_SLOT, rules)];
}

function netOf(net: FailsafePort["net"]): Peer {
  const range = net === undefined ? undefined : parseCidr(net);
  if (range === undefined) return ANY;
  return { kind: "addresses", addresses: addressSet([range]), pods: "yes", nodes: "yes" };
}
