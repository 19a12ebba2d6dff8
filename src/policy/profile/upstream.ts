import { EMPTY } from "../../base/index.ts";
import type { Outcomes, Stage, Take } from "../board.ts";
import { ADMIN_SLOT, BASELINE_SLOT } from "../dialect/admin-policy.ts";
import { NETWORK_POLICY_SLOT } from "../dialect/network-policy.ts";
import type { Answer, Policy, TrafficMatch } from "../policy.ts";
import { ALL_TRAFFIC } from "../traffic.ts";

const OWN_NODE_SLOT = "builtin/own-node";

const PASS: Outcomes = ["Pass"];

/** An ordered stage that leaves what no rule decides to the next. */
export function passingStage(
  name: string,
  takes: readonly Take[],
  ties: Stage["ties"] = "name",
): Stage {
  const ends = { selected: PASS, selectedOtherWay: PASS, unselected: PASS };
  return { name, mode: "ordered", takes, ties, ...ends };
}

/** Admin policies by priority; without a matching rule the next stage decides (CNP-3, CNP-4). */
export function adminStage(ties: Stage["ties"]): Stage {
  return passingStage("Admin tier", [{ slot: ADMIN_SLOT }], ties);
}

/** NetworkPolicies add up; what isolates and does not allow denies (NP-12). `skipsBaseline`: whether isolation in the other direction alone ends the search (CNP-4). */
export function networkPolicyStage(skipsBaseline: Answer): Stage {
  const otherWay: Readonly<Record<Answer, Outcomes>> = {
    yes: ["Allow"],
    no: PASS,
    unclear: ["Allow", "Pass"],
  };
  return {
    name: "NetworkPolicy",
    mode: "union",
    takes: [{ slot: NETWORK_POLICY_SLOT }],
    ties: "name",
    selected: ["Deny"],
    selectedOtherWay: otherWay[skipsBaseline],
    unselected: PASS,
    doubt: "baseline-and-other-direction",
  };
}

/** Baseline policies by priority; behind them everything is allowed (CNP-1, CNP-4). */
export function baselineStage(ties: Stage["ties"]): Stage {
  return passingStage("Baseline tier", [{ slot: BASELINE_SLOT }], ties);
}

/** Traffic from a pod's own node comes before every policy (NP-7). */
export const OWN_NODE_STAGE: Stage = passingStage("own node", [{ slot: OWN_NODE_SLOT }]);

/** The built-in policy of that stage. */
export const OWN_NODE: Policy = ownNodePolicy({ must: ALL_TRAFFIC, may: ALL_TRAFFIC, named: [] });

/** The same of an engine of which it is not known. */
export const OWN_NODE_PERHAPS: Policy = ownNodePolicy({
  must: EMPTY,
  may: ALL_TRAFFIC,
  doubt: "engine-unread",
  named: [],
});

function ownNodePolicy(traffic: TrafficMatch): Policy {
  return {
    id: "own-node",
    origin: { file: "", line: 1, start: 0, end: 0, format: "line", inside: [] },
    slot: OWN_NODE_SLOT,
    order: 0,
    tieName: "own-node",
    subject: { kind: "everything" },
    isolates: { ingress: "no", egress: "no" },
    state: "enforced",
    rules: [
      {
        direction: "ingress",
        index: 0,
        action: "Allow",
        peers: [{ kind: "own-node" }],
        traffic,
      },
    ],
  };
}
