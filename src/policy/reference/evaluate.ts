// The specification, executable: one connection at a time, written from the text of the APIs
// (the rule ids are those of docs/rules.md). Nothing here is fast, and nothing of the compiled engine is used.
import { contains } from "../../base/index.ts";
import type { Cluster } from "../../model/index.ts";
import type { Profile, Switches } from "../board.ts";
import type { Connection, End } from "../connection.ts";
import type { RuleRef } from "../decision.ts";
import { adminTier } from "./admin-policy.ts";
import { NEIGHBOUR_DISCOVERY } from "../traffic.ts";
import { judgeAntrea } from "./antrea/judge.ts";
import { evaluateCalico } from "./calico/evaluate.ts";
import { type Point, type ReferenceDecision, decide, merge } from "./decision.ts";
import { isOwnNode, placeOf, seenAs } from "./ends.ts";
import type { Guarded, Other, Step } from "./match.ts";
import { networkPolicyTier } from "./network-policy.ts";

/** Decides one connection under a profile's engine and switches. */
export function evaluateReference(
  cluster: Cluster,
  { engine, switches }: Pick<Profile, "engine" | "switches">,
  connection: Connection,
): ReferenceDecision {
  const { source, destination, family } = connection;
  if (isSelf(source, destination)) {
    return { verdict: "allow", determinedBy: [], ruleIds: ["NP-7", "CNP-10"] };
  }
  const ends = [source, destination].map((end) => placeOf(cluster, end));
  if (ends.some(({ families }) => !families.includes(family))) {
    return { verdict: "deny", determinedBy: [], ruleIds: ["family"] };
  }
  // NP-11 and the engine's table: types 133 to 137 pass before every policy
  if (switches.neighbourDiscoveryAllowed && contains(NEIGHBOUR_DISCOVERY, connection.traffic)) {
    return { verdict: "allow", determinedBy: [], ruleIds: ["NP-11"] };
  }
  if (engine === "calico") return evaluateCalico(cluster, switches, connection);
  const decisions = readingsOf(switches, source, destination).flatMap((hostPodsArePods) =>
    evaluateReading({ cluster, engine, switches, connection, hostPodsArePods }),
  );
  return merge(decisions);
}

/** NP-7, CNP-10: a pod and its own address. A template's pod stands for many. */
function isSelf(source: End, destination: End): boolean {
  return (
    source.kind === "pod" &&
    destination.kind === "pod" &&
    source.pod === destination.pod &&
    source.pod.name !== undefined
  );
}

/** NP-8: host-network pods are their node, or, where that is left open, pods like others. */
function readingsOf(switches: Switches, a: End, b: End): readonly boolean[] {
  const isOpen = switches.hostNetworkPods === "unclear" && [a, b].some(isHostPod);
  return isOpen ? [false, true] : [false];
}

function isHostPod(end: End): boolean {
  return end.kind === "pod" && end.pod.hostNetwork;
}

interface Reading {
  readonly cluster: Cluster;
  readonly engine: Profile["engine"];
  readonly switches: Switches;
  readonly connection: Connection;
  readonly hostPodsArePods: boolean;
}

/** One reading; the own node may be open as well. */
function evaluateReading(reading: Reading): readonly ReferenceDecision[] {
  const { cluster, switches, connection } = reading;
  const source = seenAs(cluster, reading.hostPodsArePods, connection.source);
  const destination = seenAs(cluster, reading.hostPodsArePods, connection.destination);
  const guardsSource = guardedBy(reading, connection.source);
  const guardsDestination = guardedBy(reading, connection.destination);
  const own =
    switches.ownNode !== "no" && guardsDestination !== undefined && guardsSource === undefined
      ? isOwnNode(cluster, connection.source, connection.destination)
      : [false];
  return own.map((isOwn) => {
    const points: Point[] = [];
    if (guardsSource !== undefined)
      points.push(judge(reading, "egress", guardsSource, destination));
    if (guardsDestination !== undefined) {
      const judged = judge(reading, "ingress", guardsDestination, source);
      // NP-7: what comes from the pod's own node is always let in
      points.push(isOwn ? fromOwnNode(switches.ownNode, judged) : judged);
    }
    return decide(points, reading.hostPodsArePods);
  });
}

/** NP-7, of an engine that keeps it, or of one of which that is not known. */
function fromOwnNode(ownNode: Switches["ownNode"], judged: Point): Point {
  if (ownNode !== "perhaps") return { outcomes: new Set(["Allow"]), refs: [], ruleIds: ["NP-7"] };
  const { outcomes, refs, ruleIds } = judged;
  return { outcomes: new Set([...outcomes, "Allow"]), refs, ruleIds: [...ruleIds, "NP-7"] };
}

/** CNP-4: the Admin tier, then NetworkPolicy, then the Baseline tier, then allow. Whatever may happen is followed. */
function judge(
  { cluster, engine, switches, connection }: Reading,
  direction: "ingress" | "egress",
  guarded: Guarded,
  other: Other,
): Point {
  const { traffic, family, facts } = connection;
  const ports =
    direction === "ingress" ? guarded.pod.ports : other.kind === "pod" ? other.pod.ports : [];
  const scene = { cluster, switches, direction, guarded, other, traffic, family, facts, ports };
  if (engine === "antrea") return judgeAntrea(scene);
  const tiers = [
    (): Step => adminTier(scene, "Admin"),
    (): Step => networkPolicyTier(scene),
    (): Step => adminTier(scene, "Baseline"),
  ];
  const outcomes = new Set<"Allow" | "Deny">();
  const refs: RuleRef[] = [];
  const ruleIds: string[] = [];
  for (const tier of tiers) {
    const step = tier();
    refs.push(...step.refs);
    ruleIds.push(...step.ruleIds);
    for (const outcome of step.outcomes) if (outcome !== "Pass") outcomes.add(outcome);
    if (!step.outcomes.has("Pass")) return { outcomes, refs, ruleIds };
  }
  outcomes.add("Allow"); // CNP-4: behind the last tier everything is allowed
  return { outcomes, refs, ruleIds };
}

/** Pods are guarded by policies; hosts and the outside are not. */
function guardedBy({ hostPodsArePods }: Reading, end: End): Guarded | undefined {
  if (end.kind !== "pod" || (end.pod.hostNetwork && !hostPodsArePods)) return undefined;
  return { namespace: end.workload.namespace, pod: end.pod };
}
