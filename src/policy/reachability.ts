import type { CompiledPolicies } from "./compile.ts";
import { type EndpointPeer, buildEndpointPeers } from "./endpoint-peers.ts";
import { createGroupJudge } from "./group-judge.ts";
import type { Group } from "./groups.ts";
import { type HostReachInput, hostRectangles, judgeSituations } from "./host-reach.ts";
import { createOutside, outsideRectangles } from "./outside-reach.ts";
import { pairwiseRectangles } from "./pairwise-reach.ts";
import { judgesHosts, partyOfClassAt, situationsOf } from "./party.ts";
import { type PerFamily, createPartitions } from "./partition.ts";
import type { Reachability, ReachPeer, ReachWork } from "./reachability-types.ts";
import { type RawRectangle, joinRectangles } from "./rectangles.ts";
import { type Result, type Results, createResults } from "./results.ts";

/** Who can reach whom. Rectangles come from pairs of groups that let something pass; no pair of endpoints is ever visited. */
export function reachability(compiled: CompiledPolicies): Reachability {
  const results = createResults();
  const judge = createGroupJudge(compiled, results);
  const work: ReachWork = { groupMeetings: 0, cellsVisited: 0, cellsJudged: 0, hostMeetings: 0 };
  const partitions = createPartitions(compiled, judge, work);
  const matters = ownNodeMatters({ compiled, results, judge });
  const endpoints = buildEndpointPeers(compiled, matters);
  const isPairwise = judgesHosts(compiled.profile);
  const outside = createOutside(compiled, judge);
  const peers: ReachPeer[] = endpoints.map(({ peer }) => peer);
  for (const [index, { addresses }] of outside.parts.entries()) {
    peers.push({ kind: "outside", id: `outside/${index + 1}`, addresses });
  }
  const input = { compiled, results, judge, partitions, peers: endpoints, work };
  const all = function* (): Generator<RawRectangle> {
    if (isPairwise) {
      yield* pairwiseRectangles({ ...input, parts: outside.parts });
      return;
    }
    yield* podRectangles(input);
    yield* hostRectangles(input);
    const byClass = peersByClass(endpoints);
    yield* outsideRectangles(compiled, results, outside, { byClass, offset: endpoints.length });
  };
  const isSingle = (index: number): boolean => endpoints[index]?.single ?? true;
  return {
    peers,
    rectangles: () => joinRectangles(compiled, all(), isSingle),
    counters: () => ({ ...work }),
    products: () => joinRectangles(compiled, all(), () => false),
    isSingle,
  };
}

/** Indexes of the peers of each class, those that have one. */
function peersByClass(peers: readonly EndpointPeer[]): ReadonlyMap<number, readonly number[]> {
  const byClass = new Map<number, number[]>();
  for (const [index, { number }] of peers.entries()) {
    const list = byClass.get(number);
    if (list === undefined) byClass.set(number, [index]);
    else list.push(index);
  }
  return byClass;
}

/** Pods to pods: for each ingress group the egress groups that it admits something of. */
function* podRectangles({
  compiled,
  results,
  partitions,
  peers,
}: HostReachInput): Generator<RawRectangle> {
  const byClass = peersByClass(peers);
  const sides = sidesOf(compiled, byClass);
  const isReal = (group: Group): boolean => group.classes.some((number) => byClass.has(number));
  for (const ingress of compiled.groups) {
    if (ingress.point !== "workload-ingress" || !isReal(ingress)) continue;
    const inward = partitions(ingress);
    for (const number of inward.partners()) {
      const outward = partitions(compiled.groups[number]!);
      const destinations = outward.within(ingress.number);
      if (destinations.length === 0) continue;
      for (const source of inward.within(number)) {
        for (const destination of destinations) {
          const both = alongEach(results, destination.results, source.results);
          yield* expand(sides(source.classes), sides(destination.classes), both);
        }
      }
    }
  }
}

function alongEach(results: Results, a: PerFamily, b: PerFamily): PerFamily {
  const four = results.alongOnce(a[4], b[4]);
  const same = a[4] === a[6] && b[4] === b[6];
  return { 4: four, 6: same ? four : results.alongOnce(a[6], b[6]) };
}

/** Peers with the same families. */
interface Side {
  readonly families: number;
  readonly peers: readonly number[];
}

/** The peers of a list of classes by families; equal lists (by identity) are looked up once. */
function sidesOf(
  { classes }: CompiledPolicies,
  byClass: ReadonlyMap<number, readonly number[]>,
): (list: readonly number[]) => readonly Side[] {
  const known = new Map<readonly number[], readonly Side[]>();
  const make = (list: readonly number[]): readonly Side[] => {
    const byFamilies = new Map<number, number[]>();
    for (const number of list) {
      const peers = byClass.get(number);
      if (peers === undefined) continue;
      const { families } = classes.classes[number]!;
      const found = byFamilies.get(families);
      if (found === undefined) byFamilies.set(families, [...peers]);
      else found.push(...peers);
    }
    return [...byFamilies].map(([families, peers]) => ({
      families,
      peers: peers.toSorted((a, b) => a - b),
    }));
  };
  return (list) => {
    let sides = known.get(list);
    if (sides === undefined) {
      sides = make(list);
      known.set(list, sides);
    }
    return sides;
  };
}

function* expand(
  sources: readonly Side[],
  destinations: readonly Side[],
  results: PerFamily,
): Generator<RawRectangle> {
  for (const source of sources) {
    for (const destination of destinations) {
      const families = source.families & destination.families;
      if (families === 0) continue;
      yield { from: source.peers, to: destination.peers, results, families };
    }
  }
}

/** Whether a pod of a class is treated differently by its own node and by some other: then it counts where it runs (NP-7). */
function ownNodeMatters({
  compiled,
  results,
  judge,
}: Pick<HostReachInput, "compiled" | "results" | "judge">): (number: number) => boolean {
  const { classes, profile, cluster, groupOf } = compiled;
  const known = new Map<string, boolean>();
  const hosts = classes.classes.filter(({ type }) => type === "node" || type === "host-pod");
  const hasPlaces =
    cluster.nodes.length > 0 ||
    cluster.workloads.some(({ pods }) => pods.some((pod) => pod.hostNetwork));
  const resultsOf = (source: Place, destination: Place): readonly Result[] => {
    const [from, to] = [source, destination].map((each) => partyOfClassAt(compiled, ...each));
    const situations = situationsOf(compiled, from!, to!);
    return ([4, 6] as const).map((family) =>
      judgeSituations({ compiled, results, judge }, situations, family),
    );
  };
  // on its own node nothing stops what comes to a pod, where only that matters
  const isTold = (guarded: number, host: number): boolean =>
    resultsOf([host, "a"], [guarded, "b"]).some((result) => result !== results.open);
  const isToldBothWays = (guarded: number, host: number): boolean => {
    const [here, there, away]: readonly Place[] = [
      [guarded, "a"],
      [host, "a"],
      [host, "b"],
    ];
    return (
      !isSame(resultsOf(there!, here!), resultsOf(away!, here!)) ||
      !isSame(resultsOf(here!, there!), resultsOf(here!, away!))
    );
  };
  const tells = profile.switches.ownNode === "both" ? isToldBothWays : isTold;
  return (number) => {
    if (judgesHosts(profile)) return true;
    if (profile.switches.ownNode === "no" || !hasPlaces) return false;
    const { type } = classes.classes[number]!;
    if (type === "host-pod") return true;
    const key = `${groupOf["workload-ingress"][number]}/${groupOf["workload-egress"][number]}`;
    let matters = known.get(key);
    if (matters === undefined) {
      matters = hosts.some((host) => tells(number, host.number));
      known.set(key, matters);
    }
    return matters;
  };
}

/** A class and the node that it is on. */
type Place = readonly [number: number, node: string];

function isSame(a: readonly Result[], b: readonly Result[]): boolean {
  return a.every((result, index) => result === b[index]);
}
