import { contains, containsAddress, parseCidr } from "../../../base/index.ts";
import type { CalicoHostEndpoint, CalicoPolicy, Cluster } from "../../../model/index.ts";
import { matchesCalicoSelector } from "../../../model/index.ts";
import type { Switches } from "../../board.ts";
import type { Connection, End } from "../../connection.ts";
import type { RuleRef } from "../../decision.ts";
import { portTraffic, protocolTraffic } from "../../traffic.ts";
import { type Point, type ReferenceDecision, decide, merge } from "../decision.ts";
import { isOwnNode, seenAs } from "../ends.ts";
import type { Guarded, Match, Other } from "../match.ts";
import { ACCOUNT, type CalicoScene, NAMESPACE, matchCalicoRule, matchesPrefixed } from "./match.ts";
import { type FelixFacts, felixFacts } from "./felix.ts";
import {
  type Member,
  type TierOf,
  adminMembers,
  calicoMember,
  enforcedPolicies,
  networkPolicyMembers,
  selectsByCalico,
  sortMembers,
  tiersOf,
} from "./tiers.ts";

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

interface World {
  readonly cluster: Cluster;
  readonly switches: Switches;
  readonly connection: Connection;
  readonly felix: FelixFacts;
}

/** CAL-15: host-network pods are no endpoints. */
function guardedPod(end: End): Guarded | undefined {
  if (end.kind !== "pod" || end.pod.hostNetwork) return undefined;
  return { namespace: end.workload.namespace, pod: end.pod };
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

function sceneOf(world: World, direction: "ingress" | "egress"): CalicoScene {
  const { cluster, switches, connection } = world;
  const { source, destination, traffic, family, facts } = connection;
  const seen = (end: End): Other => seenAs(cluster, false, end);
  const [own, other] = direction === "ingress" ? [destination, source] : [source, destination];
  const ports = guardedPod(destination)?.pod.ports ?? [];
  return {
    cluster,
    switches,
    direction,
    own: seen(own),
    other: seen(other),
    traffic,
    family,
    facts,
    ports,
  };
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

/** What may have happened so far; `open`: something is still undecided. */
interface State {
  readonly outcomes: Set<"Allow" | "Deny">;
  readonly refs: RuleRef[];
  readonly ids: Set<string>;
  open: boolean;
}

function start(): State {
  return { outcomes: new Set(), refs: [], ids: new Set(), open: true };
}

function pointOf({ outcomes, refs, ids }: State, more: readonly string[]): Point {
  return { outcomes, refs, ruleIds: [...ids, ...more] };
}

/** CAL-3: the first rule that matches decides; at the end of a tier that acts its default action. `perhaps` selected policies match only perhaps. */
function walkTier(
  state: State,
  { members }: TierOf,
  end: "Deny" | "Pass",
  perhaps: (member: Member) => boolean = () => false,
): void {
  if (!state.open) return;
  let passed = false;
  for (const member of members) {
    for (const { action, match, ref, ids } of member.hits()) {
      if (match === "no") continue;
      for (const id of ids) state.ids.add(id);
      if (action === "Pass") passed = true;
      else {
        state.outcomes.add(action);
        state.refs.push(ref);
      }
      if (match === "yes" && !perhaps(member)) {
        state.open = passed;
        return;
      }
    }
  }
  const acting = members.filter(({ acts }) => acts);
  if (acting.length === 0 || end === "Pass") return;
  state.outcomes.add("Deny");
  const surely = acting.filter((member) => !perhaps(member));
  const by = surely.length > 0 ? surely : acting;
  state.refs.push(...by.map(({ id }) => ({ policy: id, rule: undefined })));
  state.open = passed || surely.length === 0;
}

/** CAL-14: the points of a node's host endpoints; `forward`: the traffic is that of a pod on it. */
function hostPoints(
  world: World,
  direction: "ingress" | "egress",
  node: { readonly name: string | undefined } | undefined,
  forward: boolean | "early",
): readonly Point[] {
  const { cluster } = world;
  const hosts = cluster.calico.filter((object) => object.kind === "HostEndpoint");
  if (node === undefined || hosts.length === 0) return [];
  const { source, destination } = world.connection;
  const isUnlisted =
    (direction === "ingress" ? destination : source).kind === "node" && node.name === undefined;
  const unknown: Other = { kind: "host", host: { labels: undefined, addresses: undefined } };
  const scene = { ...sceneOf(world, direction), ...(isUnlisted ? { own: unknown } : {}) };
  const points: { readonly point: Point; readonly skips: boolean; readonly skipped: boolean }[] =
    [];
  const policies = enforcedPolicies(cluster).filter(({ kind }) => kind === "GlobalNetworkPolicy");
  const add = (name: "untracked" | "pre-dnat" | "forward" | "host"): void => {
    const own = policies.filter((policy) => placeOfPolicy(policy).includes(name));
    if (own.length === 0 && name !== "host") return;
    const point = judgeHost({ world, scene, hosts, node, name }, own);
    const isEarly = name === "untracked" || name === "pre-dnat";
    points.push({
      point,
      skips: isEarly,
      skipped: name !== "untracked",
    });
  };
  add("untracked");
  if (direction === "ingress") add("pre-dnat");
  if (forward !== "early") add(forward ? "forward" : "host");
  return points.map(({ point, skipped }, index) => {
    const before = points.slice(0, index).filter(({ skips }) => skips);
    return skipped
      ? before.reduce((later, { point: earlier }) => skipBy(later, earlier), point)
      : point;
  });
}

/** What an Allow of a rule at an earlier point surely or perhaps skips. */
function skipBy(later: Point, earlier: Point): Point {
  if (!RULE_ALLOWS.has(earlier)) return later;
  const outcomes = new Set([...later.outcomes, "Allow" as const]);
  if (!earlier.outcomes.has("Deny") && RULE_ALLOWS.get(earlier) === "yes") outcomes.delete("Deny");
  return { ...later, outcomes };
}

/** Points at which a rule, not the end, allows: surely or perhaps. */
const RULE_ALLOWS = new WeakMap<Point, Match>();

function placeOfPolicy({ doNotTrack, preDNAT, applyOnForward }: CalicoPolicy): readonly string[] {
  if (doNotTrack) return ["untracked"];
  if (preDNAT) return ["pre-dnat"];
  return applyOnForward ? ["host", "forward"] : ["host"];
}

interface HostPlace {
  readonly world: World;
  readonly scene: CalicoScene;
  readonly hosts: readonly CalicoHostEndpoint[];
  readonly node: { readonly name: string | undefined };
  readonly name: "untracked" | "pre-dnat" | "forward" | "host";
}

function judgeHost(place: HostPlace, policies: readonly CalicoPolicy[]): Point {
  const { world, scene, name } = place;
  const { cluster } = scene;
  const state = start();
  if (name !== "forward") failsafe(world, scene, state);
  const isSafe = state.outcomes.size > 0;
  let byRule = false;
  for (const tier of tiersOf(cluster)) {
    const chosen = policies
      .filter((each) => each.tier === tier.name)
      .map((each) => ({ each, selects: selectsHost(place, each) }))
      .filter(({ selects }) => selects !== "no");
    const unsure = new Set<Member>();
    const members = chosen.map(({ each, selects }) => {
      const member = calicoMember(scene, each);
      if (selects === "perhaps") unsure.add(member);
      return member;
    });
    const isEnding = name === "host" || name === "forward";
    const wasAllowed = state.outcomes.delete("Allow");
    walkTier(
      state,
      { ...tier, members: sortMembers(members) },
      isEnding ? tier.end : "Pass",
      (member) => unsure.has(member),
    );
    byRule ||= state.outcomes.has("Allow");
    if (wasAllowed) state.outcomes.add("Allow");
  }
  // what a failsafe port lets pass skips nothing
  const allowed = byRule;
  const isSure = byRule && !state.open && !isSafe;
  if (name === "host") endpointItself(place, state);
  if (state.open) state.outcomes.add("Allow");
  const point = pointOf(state, ["CAL-14"]);
  if (allowed) RULE_ALLOWS.set(point, isSure ? "yes" : "perhaps");
  return point;
}

function failsafe({ felix }: World, scene: CalicoScene, state: State): void {
  const ports = felix.failsafe[scene.direction];
  if (ports === "unclear") {
    state.outcomes.add("Allow");
    return;
  }
  for (const { protocol, port, net } of ports) {
    if (!contains(portTraffic(protocol, port, port), scene.traffic)) continue;
    const range = net === undefined ? undefined : parseCidr(net);
    const rule = {
      ...ANY_RULE,
      [scene.direction === "ingress" ? "source" : "destination"]: {
        ...NOBODY,
        nets: range === undefined ? undefined : [range],
      },
    };
    const match = matchCalicoRule(scene, rule, undefined);
    if (match === "no") continue;
    state.outcomes.add("Allow");
    if (match === "yes") state.open = false;
  }
}

const NOBODY = {
  nets: undefined,
  notNets: undefined,
  selector: undefined,
  notSelector: undefined,
  namespaceSelector: undefined,
  serviceAccounts: undefined,
  services: undefined,
  ports: undefined,
  notPorts: undefined,
};
const ANY_RULE = {
  action: "Allow",
  ipVersion: undefined,
  protocol: undefined,
  notProtocol: undefined,
  icmp: undefined,
  notIcmp: undefined,
  source: NOBODY,
  destination: NOBODY,
  http: undefined,
} as const;

/** Whether a policy is for the host endpoints by which the traffic of a node goes. */
function selectsHost({ scene, hosts, node }: HostPlace, policy: CalicoPolicy): Match {
  const { selector, namespaceSelector: ofNamespace, serviceAccountSelector: ofAccount } = policy;
  // a host endpoint is in no namespace: only what a selector says of absent labels can hold
  return meets(
    scene.cluster,
    hosts,
    node,
    ({ labels }) =>
      matchesCalicoSelector(selector, labels) &&
      (ofNamespace === undefined || matchesPrefixed(ofNamespace, labels, "pcns.", NAMESPACE)) &&
      (ofAccount === undefined || matchesPrefixed(ofAccount, labels, "pcsa.", ACCOUNT)),
  );
}

function meets(
  { nodes }: Cluster,
  hosts: readonly CalicoHostEndpoint[],
  { name }: { readonly name: string | undefined },
  isMeant: (host: CalicoHostEndpoint) => boolean,
): Match {
  if (name === undefined)
    return hosts.some((host) => host.node !== undefined && isMeant(host)) ? "perhaps" : "no";
  const own = hosts.filter((host) => host.node === name);
  const meant = own.filter(isMeant);
  if (meant.length === 0) return "no";
  if (meant.length < own.length) return "perhaps";
  if (own.some(({ interfaceName }) => interfaceName === "*")) return "yes";
  const addresses = nodes.find((each) => each.name === name)?.addresses ?? [];
  const isCovered =
    addresses.length > 0 &&
    addresses.every((address) =>
      own.some(({ expectedIPs }) => containsAddress(expectedIPs, address)),
    );
  return isCovered ? "yes" : "perhaps";
}

/** CAL-14: what no policy decides its profiles allow, else it is denied. */
function endpointItself({ scene, hosts, node }: HostPlace, state: State): void {
  if (!state.open) return;
  const { cluster, direction } = scene;
  const members = hosts.flatMap((host): readonly (Member & { readonly match: Match })[] => {
    const match = meets(cluster, hosts, node, (each) => each === host);
    if (match === "no") return [];
    const id = `projectcalico.org/HostEndpoint/${host.name}`;
    const hits = host.profiles.flatMap((profile) => {
      const ref = { policy: id, rule: `${direction}[0]` };
      if (profile === "projectcalico-default-allow") {
        return [{ action: "Allow", match: "yes", ref, ids: ["CAL-14"] } as const];
      }
      const object = cluster.calico.find(
        (each) => each.kind === "Profile" && each.name === profile,
      );
      if (object?.kind !== "Profile") return [];
      return object[direction].flatMap((rule, index) => {
        if (rule.action === "Log") return [];
        const action = rule.action === "Pass" ? "Deny" : rule.action; // CAL-5
        const own = { policy: id, rule: `${direction}[${index}]` };
        return [
          {
            action,
            match: matchCalicoRule(scene, rule, undefined),
            ref: own,
            ids: ["CAL-14"],
          } as const,
        ];
      });
    });
    return [{ id, order: 0, tie: host.name, acts: true, hits: () => hits, match }];
  });
  const sorted = members.toSorted((a, b) => (a.tie < b.tie ? -1 : 1));
  walkTier(state, { name: "", end: "Deny", members: sorted }, "Deny", (member) =>
    sorted.some((each) => each === member && each.match === "perhaps"),
  );
}
