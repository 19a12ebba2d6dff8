import { contains, containsAddress, parseCidr } from "../../../base/index.ts";
import {
  type CalicoHostEndpoint,
  type CalicoPolicy,
  type Cluster,
  matchesCalicoSelector,
} from "../../../model/index.ts";
import { portTraffic } from "../../traffic.ts";
import type { Point } from "../decision.ts";
import type { Match, Other } from "../match.ts";
import {
  ACCOUNT,
  type CalicoScene,
  NAMESPACE,
  inNets,
  matchCalicoRule,
  matchesPrefixed,
} from "./match.ts";
import { type Member, calicoMember, enforcedPolicies, sortMembers, tiersOf } from "./tiers.ts";
import { type State, pointOf, start, walkTier } from "./walk.ts";
import { type World, sceneOf } from "./world.ts";

/** CAL-14: the points of a node's host endpoints; `forward`: the traffic is that of a pod on it. */
export function hostPoints(
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
  const judged: Judged[] = [];
  const policies = enforcedPolicies(cluster).filter(({ kind }) => kind === "GlobalNetworkPolicy");
  const add = (name: "untracked" | "pre-dnat" | "forward" | "host"): void => {
    const own = policies.filter((policy) => placeOfPolicy(policy).includes(name));
    if (own.length === 0 && name !== "host") return;
    judged.push(judgeHost({ world, scene, hosts, node, name }, own));
  };
  add("untracked");
  if (direction === "ingress") add("pre-dnat");
  if (forward !== "early") add(forward ? "forward" : "host");
  return judged.map(({ name, point }, index) =>
    name === "untracked" ? point : judged.slice(0, index).filter(isEarly).reduce(skipBy, point),
  );
}

/** What one point says, and whether a rule of it, not its end or a failsafe port, allows. */
interface Judged {
  readonly name: HostPlace["name"];
  readonly point: Point;
  readonly byRule: Match;
}

function isEarly({ name }: Judged): boolean {
  return name === "untracked" || name === "pre-dnat";
}

/** What an Allow of a rule at an earlier point surely or perhaps skips. */
function skipBy(later: Point, { point, byRule }: Judged): Point {
  if (byRule === "no") return later;
  const outcomes = new Set([...later.outcomes, "Allow" as const]);
  if (!point.outcomes.has("Deny") && byRule === "yes") outcomes.delete("Deny");
  return { ...later, outcomes };
}

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

function judgeHost(place: HostPlace, policies: readonly CalicoPolicy[]): Judged {
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
  const isSure = !state.open && !isSafe;
  if (name === "host") endpointItself(place, state);
  if (state.open) state.outcomes.add("Allow");
  const point = pointOf(state, ["CAL-14"]);
  return { name, point, byRule: byRule ? (isSure ? "yes" : "perhaps") : "no" };
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
    const match = range === undefined ? "yes" : inNets(scene, [range]);
    if (match === "no") continue;
    state.outcomes.add("Allow");
    if (match === "yes") state.open = false;
  }
}

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
  const unsure = new Set<Member>(sorted.filter(({ match }) => match === "perhaps"));
  walkTier(state, { name: "", end: "Deny", members: sorted }, "Deny", (member) =>
    unsure.has(member),
  );
}
