// The specification, executable: one connection at a time, written from the text of the APIs
// (the rule ids are those of docs/rules.md). Nothing here is fast, and nothing of the compiled engine is used.
import { type Address, type Family, contains } from "../../base/index.ts";
import type { Cluster, Labels, Pod } from "../../model/index.ts";
import type { Profile, Switches } from "../board.ts";
import type { Connection, End } from "../connection.ts";
import type { RuleRef, Verdict } from "../decision.ts";
import { adminTier } from "./admin-policy.ts";
import { NEIGHBOUR_DISCOVERY } from "../traffic.ts";
import type { Guarded, Host, Other, Step } from "./match.ts";
import { networkPolicyTier } from "./network-policy.ts";

/** What the specification says of one connection. */
export interface ReferenceDecision {
  readonly verdict: Verdict;
  /** What decided, in no order, each once; empty: the profile. */
  readonly determinedBy: readonly RuleRef[];
  /** The rules of the specification that had a part in it. */
  readonly ruleIds: readonly string[];
}

/** Decides one connection under a profile's engine and switches. */
export function evaluateReference(
  cluster: Cluster,
  { switches }: Pick<Profile, "engine" | "switches">,
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
  const decisions = readingsOf(switches, source, destination).flatMap((hostPodsArePods) =>
    evaluateReading({ cluster, switches, connection, hostPodsArePods }),
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
  readonly switches: Switches;
  readonly connection: Connection;
  readonly hostPodsArePods: boolean;
}

/** One reading; the own node may be open as well. */
function evaluateReading(reading: Reading): readonly ReferenceDecision[] {
  const { cluster, switches, connection } = reading;
  const source = seenAs(reading, connection.source);
  const destination = seenAs(reading, connection.destination);
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

interface Point {
  /** What may happen. */
  readonly outcomes: ReadonlySet<"Allow" | "Deny">;
  readonly refs: readonly RuleRef[];
  readonly ruleIds: readonly string[];
}

/** CNP-4: the Admin tier, then NetworkPolicy, then the Baseline tier, then allow. Whatever may happen is followed. */
function judge(
  { cluster, switches, connection }: Reading,
  direction: "ingress" | "egress",
  guarded: Guarded,
  other: Other,
): Point {
  const { traffic, family, facts } = connection;
  const ports =
    direction === "ingress" ? guarded.pod.ports : other.kind === "pod" ? other.pod.ports : [];
  const scene = { cluster, switches, direction, guarded, other, traffic, family, facts, ports };
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

/** NP-4, CNP-5: both ends must agree; a point that surely denies denies. */
function decide(points: readonly Point[], hostPodsArePods: boolean): ReferenceDecision {
  const verdicts = points.map(({ outcomes }): Verdict => {
    if (outcomes.size > 1) return "depends";
    return outcomes.has("Allow") ? "allow" : "deny";
  });
  const verdict = (["deny", "depends"] as const).find((each) => verdicts.includes(each)) ?? "allow";
  const deciding = points.filter((_, index) => verdict === "allow" || verdicts[index] === verdict);
  return {
    verdict,
    determinedBy: unique(deciding.flatMap(({ refs }) => refs)),
    ruleIds: [
      ...new Set(deciding.flatMap(({ ruleIds }) => ruleIds)),
      ...(points.length > 1 ? ["NP-4", "CNP-5"] : []),
      ...(hostPodsArePods ? ["NP-8"] : []),
    ],
  };
}

/** What all readings say, else it depends. */
function merge(decisions: readonly ReferenceDecision[]): ReferenceDecision {
  const [first] = decisions;
  const same = decisions.every(({ verdict }) => verdict === first!.verdict);
  return {
    verdict: same ? first!.verdict : "depends",
    determinedBy: unique(decisions.flatMap(({ determinedBy }) => determinedBy)),
    ruleIds: [...new Set(decisions.flatMap(({ ruleIds }) => ruleIds))],
  };
}

function unique(refs: readonly RuleRef[]): readonly RuleRef[] {
  return [...new Map(refs.map((ref) => [`${ref.policy} ${ref.rule}`, ref])).values()];
}

/** Pods are guarded by policies; hosts and the outside are not. */
function guardedBy({ hostPodsArePods }: Reading, end: End): Guarded | undefined {
  if (end.kind !== "pod" || (end.pod.hostNetwork && !hostPodsArePods)) return undefined;
  return { namespace: end.workload.namespace, pod: end.pod };
}

/** How an end looks to the policies at the other end. */
function seenAs({ cluster, hostPodsArePods }: Reading, end: End): Other {
  switch (end.kind) {
    case "outside":
      return { kind: "outside", address: end.address };
    case "relation":
      return { kind: "host", host: { labels: undefined, addresses: undefined } };
    case "node":
      return { kind: "host", host: hostOfNode(cluster, end.name, addressesOf(end)) };
    case "pod": {
      const pod = end.address === undefined ? end.pod : { ...end.pod, addresses: [end.address] };
      if (!pod.hostNetwork)
        return { kind: "pod", namespace: end.workload.namespace, pod, host: undefined };
      const host = hostOfPod(cluster, pod);
      return hostPodsArePods
        ? { kind: "pod", namespace: end.workload.namespace, pod, host }
        : { kind: "host", host };
    }
  }
}

/** The address that the question names, else all of a node's. */
function addressesOf(node: Extract<End, { readonly kind: "node" }>): readonly Address[] {
  return node.address === undefined ? node.addresses : [node.address];
}

function hostOfNode(cluster: Cluster, name: string, addresses: readonly Address[]): Host {
  const listed = cluster.nodes.find((node) => node.name === name);
  const labels: Labels | undefined = listed?.labels;
  return { labels, addresses: addresses.length > 0 ? addresses : undefined };
}

/** NP-8: the labels and addresses of its node, as far as they are known; its status may tell which of the addresses it has. */
function hostOfPod(cluster: Cluster, pod: Pod): Host {
  const listed = cluster.nodes.find(({ name }) => name === pod.node);
  const own = listed !== undefined && listed.addresses.length > 0 ? listed.addresses : undefined;
  const told = pod.hostAddresses.length > 0 ? pod.hostAddresses : undefined;
  return { labels: listed?.labels, addresses: pod.addresses ?? own ?? told };
}

interface Place {
  readonly families: readonly Family[];
  readonly node: string | undefined;
  readonly nodeAddresses: readonly Address[];
}

/** The families that an end has or may have, and where it runs. */
function placeOf(cluster: Cluster, end: End): Place {
  const nowhere = { node: undefined, nodeAddresses: [] };
  switch (end.kind) {
    case "outside":
      return { ...nowhere, families: [end.address.family] };
    case "relation":
      return { ...nowhere, families: familiesOf(undefined, cluster.nodeRanges) };
    case "node": {
      const known = addressesOf(end);
      const families = familiesOf(known.length > 0 ? known : undefined, cluster.nodeRanges);
      return {
        families,
        node: end.name === "" ? undefined : end.name,
        nodeAddresses: end.addresses,
      };
    }
    case "pod": {
      const { pod } = end;
      const listed = cluster.nodes.find(({ name }) => name === pod.node);
      const own =
        listed !== undefined && listed.addresses.length > 0 ? listed.addresses : undefined;
      if (!pod.hostNetwork) {
        const asked = end.address === undefined ? undefined : [end.address];
        const families = familiesOf(asked ?? pod.addresses, cluster.podRanges);
        return { families, node: pod.node, nodeAddresses: own ?? pod.hostAddresses };
      }
      const { addresses } = hostOfPod(cluster, pod);
      const families = familiesOf(addresses, cluster.nodeRanges);
      return { families, node: pod.node, nodeAddresses: addresses ?? [] };
    }
  }
}

function familiesOf(
  addresses: readonly { readonly family: Family }[] | undefined,
  ranges: readonly { readonly family: Family }[] | undefined,
): readonly Family[] {
  const known = addresses ?? ranges;
  return ([4, 6] as const).filter(
    (family) => known === undefined || known.some((each) => each.family === family),
  );
}

/** Whether a host is a pod's own node: by name, else by a shared address, else it is not known. */
function isOwnNode(cluster: Cluster, source: End, destination: End): readonly boolean[] {
  if (source.kind === "relation") return [source.relation === "own-node"];
  if (source.kind === "outside") return [false];
  const a = placeOf(cluster, source);
  const b = placeOf(cluster, destination);
  if (a.node !== undefined && b.node !== undefined) return [a.node === b.node];
  const shared = a.nodeAddresses.some((x) =>
    b.nodeAddresses.some((y) => x.family === y.family && x.value === y.value),
  );
  return shared ? [true] : [true, false];
}
