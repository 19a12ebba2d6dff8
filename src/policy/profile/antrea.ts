import type { AntreaTier, Cluster } from "../../model/index.ts";
import type { Board, Outcomes, Profile, Stage, Take } from "../board.ts";
import { ADMIN_SLOT, BASELINE_SLOT } from "../dialect/admin-policy.ts";
import { antreaNodeSlot, antreaSlot } from "../dialect/antrea/policies.ts";
import { readAntreaConfig } from "./antrea-config.ts";
import { OWN_NODE, OWN_NODE_STAGE, networkPolicyStage } from "./upstream.ts";

/** Antrea 2: its tiers, then NetworkPolicies, then its baseline. */
export const ANTREA: Profile = {
  name: "antrea",
  engine: "antrea",
  about: "Antrea 2: its tiers as one list, then NetworkPolicies, then its baseline tier",
  switches: {
    ipBlockPods: "yes",
    ipBlockNodes: "yes",
    networkPolicies: true,
    adminKinds: "all",
    hostNetworkPods: "node",
    ownNode: "ingress",
    portsMatchIcmp: "no",
    neighbourDiscoveryAllowed: false,
    baselineSkippedOtherWay: "no",
    adminTies: "undefined",
    unknownPeer: "deny-fails-closed",
    adminNodesAndDomains: true,
    unlistedTypes: "ignored",
    sidecarPorts: "no",
    initPorts: "no",
    repeatedPortNames: "yes",
    portNames: "exact",
    tieNames: "name",
  },
  boards: {},
  builtins: [OWN_NODE],
  configure,
};

const PASS: Outcomes = ["Pass"];

/** Tiers that every cluster has (ANT-1). */
const STATIC_TIERS: ReadonlyMap<string, number> = new Map([
  ["emergency", 50],
  ["securityops", 100],
  ["networkops", 150],
  ["platform", 200],
  ["application", 250],
]);
const BASELINE = "baseline";

/** Boards with the tiers of the cluster; nodes have some only with their feature gate (ANT-9). */
function configure(cluster: Cluster): Profile {
  const tiers = new Map(STATIC_TIERS);
  for (const object of cluster.antrea) {
    if (object.kind !== "Tier") continue;
    const { name, priority }: AntreaTier = object;
    if (name !== BASELINE && !STATIC_TIERS.has(name)) tiers.set(name, priority);
  }
  const regular = (slotOf: (tier: string) => string): readonly Take[] =>
    [...tiers].map(([name, rank]) => ({ slot: slotOf(name), rank }));
  const shared: readonly Stage[] = [
    stage("Antrea tiers", [...regular(antreaSlot), { slot: ADMIN_SLOT, rank: 220 }]),
    networkPolicyStage("no"),
    stage("baseline tier", [
      { slot: antreaSlot(BASELINE), rank: 253 },
      { slot: BASELINE_SLOT, rank: 254 },
    ]),
  ];
  const host: Board = {
    stages: [
      stage("Antrea tiers", regular(antreaNodeSlot)),
      stage("baseline tier", [{ slot: antreaNodeSlot(BASELINE), rank: 253 }]),
    ],
    final: "Allow",
  };
  const isGuarding = readAntreaConfig(cluster).nodeNetworkPolicy.value === "yes";
  return {
    ...ANTREA,
    boards: {
      "workload-egress": { stages: shared, final: "Allow" },
      "workload-ingress": { stages: [OWN_NODE_STAGE, ...shared], final: "Allow" },
      ...(isGuarding ? { "host-egress": host, "host-ingress": host } : {}),
    },
  };
}

/** Rules of all takes in one order; only equal indexes are tied (ANT-2, ANT-3). */
function stage(name: string, takes: readonly Take[]): Stage {
  const ends = { selected: PASS, selectedOtherWay: PASS, unselected: PASS };
  return { name, mode: "ordered", takes, ties: "rule-index", ...ends };
}
