import { contains } from "../../../base/index.ts";
import type { Cluster } from "../../../model/index.ts";
import type { Switches } from "../../board.ts";
import type { Connection, End } from "../../connection.ts";
import { portTraffic, protocolTraffic } from "../../traffic.ts";
import { type Point, type ReferenceDecision, decide, merge } from "../decision.ts";
import { isOwnNode } from "../ends.ts";
import type { Guarded } from "../match.ts";
import { felixFacts } from "./felix.ts";
import { hostPoints } from "./hosts.ts";
import {
  type TierOf,
  adminMembers,
  calicoMember,
  enforcedPolicies,
  networkPolicyMembers,
  selectsByCalico,
  sortMembers,
  tiersOf,
} from "./tiers.ts";
import { type State, pointOf, start, walkTier } from "./walk.ts";
import { type World, guardedPod, sceneOf } from "./world.ts";

/** Decides one connection as Calico does (CAL-1 to CAL-17). */
export function evaluateCalico(
  cluster: Cluster,
  switches: Switches,
  connection: Connection,
): ReferenceDecision {
  const { source, destination } = connection;
  const world: World = { cluster, switches, connection, felix: felixFacts(cluster) };
  const isInside = source.kind !== "outside" && destination.kind !== "outside";
  const ways = isInside ? isOwnNode(cluster, source, destination) : [false];
  return merge(ways.map((own) => decide(pointsOf(world, own), false)));
}

/** Every place at which the connection is judged, in order, with what an earlier Allow skips left out. */
function pointsOf(world: World, own: boolean): readonly Point[] {
  const { source, destination } = world.connection;
  const [from, to] = [guardedPod(source), guardedPod(destination)];
  const points: Point[] = [];
  if (from !== undefined) {
    points.push(judgePod(world, "egress", from));
    if (to === undefined && own) points.push(toHost(world));
    if (!own) points.push(...hostPoints(world, "egress", nodeOf(world.cluster, source), true));
  } else if (!own)
    points.push(...hostPoints(world, "egress", nodeOf(world.cluster, source), false));
  if (to === undefined) {
    const node = nodeOf(world.cluster, destination);
    if (!own) points.push(...hostPoints(world, "ingress", node, false));
    // section 8.2: of a pod's packets to its own node an endpoint for every interface sees the first points
    else if (from !== undefined && hasWholeHost(world)) {
      points.push(...hostPoints(world, "ingress", node, "early"));
    }
    return points;
  }
  // a node always reaches its own pods
  if (from === undefined && own)
    return [...points, { outcomes: new Set(["Allow"]), refs: [], ruleIds: ["NP-7"] }];
  if (!own) points.push(...hostPoints(world, "ingress", nodeOf(world.cluster, destination), true));
  points.push(judgePod(world, "ingress", to));
  return points;
}

function hasWholeHost({ cluster }: World): boolean {
  return cluster.calico.some(
    (object) => object.kind === "HostEndpoint" && object.interfaceName === "*",
  );
}

/** The node that an end is or runs on: a name, `undefined` where it is not known, nothing outside. */
function nodeOf({ nodes }: Cluster, end: End): { readonly name: string | undefined } | undefined {
  const listed = (name: string | undefined): string | undefined =>
    nodes.some((node) => node.name === name) ? name : undefined;
  switch (end.kind) {
    case "outside":
      return undefined;
    case "relation":
      return { name: undefined };
    case "node":
      return { name: listed(end.name) };
    case "pod":
      return { name: end.pod.hostNetwork ? end.pod.node : listed(end.pod.node) };
  }
}

/** CAL-14: what Felix does with traffic of a pod to its own node. */
function toHost({ felix }: World): Point {
  const outcomes = felix.toHost;
  return { outcomes, refs: [], ruleIds: ["CAL-14"] };
}

/** CAL-1 to CAL-3: the tiers in order, then the profiles, which allow. */
function judgePod(world: World, direction: "ingress" | "egress", guarded: Guarded): Point {
  const scene = sceneOf(world, direction);
  const { cluster, traffic } = scene;
  const kubernetes = { ...scene, guarded };
  const state = start();
  if (direction === "egress") encapsulated(world, state, traffic);
  const policies = enforcedPolicies(cluster).filter((each) =>
    selectsByCalico(cluster, each, guarded),
  );
  const tiers = tiersOf(cluster).map((tier): TierOf => {
    const members = policies
      .filter((each) => each.tier === tier.name)
      .map((each) => calicoMember(scene, each));
    if (tier.name === "default") members.push(...networkPolicyMembers(kubernetes));
    if (tier.name === "kube-admin") members.push(...adminMembers(kubernetes, "Admin"));
    if (tier.name === "kube-baseline") members.push(...adminMembers(kubernetes, "Baseline"));
    return { ...tier, members: sortMembers(members) };
  });
  for (const tier of tiers) walkTier(state, tier, tier.end);
  if (state.open) state.outcomes.add("Allow"); // CAL-3: the profile of the namespace
  return pointOf(state, ["CAL-1", "CAL-3"]);
}

/** CAL-17: VXLAN and IPIP of a pod's own. */
function encapsulated({ felix }: World, state: State, traffic: number): void {
  const isVxlan = contains(portTraffic("UDP", 4789, 4789), traffic);
  const allowed = isVxlan
    ? felix.vxlan
    : contains(protocolTraffic(4), traffic)
      ? felix.ipip
      : "yes";
  if (allowed === "yes") return;
  state.outcomes.add("Deny");
  state.ids.add("CAL-17");
  if (allowed === "no") state.open = false;
}
