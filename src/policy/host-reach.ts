import type { Family } from "../base/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import { type EndpointPeer, placeText } from "./endpoint-peers.ts";
import { type GroupJudge, alikeAtHosts } from "./group-judge.ts";
import { planesOfPath } from "./judge.ts";
import {
  type Party,
  type Situation,
  canMeet,
  partyOfClassAt,
  sameNode,
  situationsOf,
} from "./party.ts";
import type { Partitions, PerFamily } from "./partition.ts";
import type { ReachWork } from "./reachability-types.ts";
import type { RawRectangle } from "./rectangles.ts";
import type { Result, Results } from "./results.ts";
import { ALL_TRAFFIC } from "./traffic.ts";

/** What host reachability is worked out from. */
export interface HostReachInput {
  readonly compiled: CompiledPolicies;
  readonly results: Results;
  readonly judge: GroupJudge;
  readonly partitions: Partitions;
  readonly peers: readonly EndpointPeer[];
  readonly work: ReachWork;
}

/** Whether two ends are on one node: yes, no or not known. */
type Sameness = "own" | "other" | "unknown";

const PLACES: readonly Sameness[] = ["own", "other", "unknown"];

/** Every connection with a node, a relation or a host-network pod at one end at least: its work grows with classes of hosts × groups of pods, and with the pods on each node. */
export function* hostRectangles(input: HostReachInput): Generator<RawRectangle> {
  const { compiled, peers } = input;
  const judge = judgeOf(input);
  const byClass = Map.groupBy([...peers.entries()], ([, { number }]) => number);
  const type = (number: number): Party["type"] => compiled.classes.classes[number]!.type;
  const numbers = [...byClass.keys()];
  const buckets = bucketsOf(input, numbers);
  for (const host of numbers.filter((number) => type(number) !== "pod")) {
    const mine = byClass.get(host)!;
    const out = new Map<string, Bundle>();
    const back = new Map<string, Bundle>();
    for (const members of buckets(host)) {
      const other = members[0]!;
      if (!canMeet(type(host), type(other))) continue;
      const families = familiesOf(compiled, host, other);
      if (families === 0) continue;
      input.work.hostMeetings++;
      const theirs = members.flatMap((number) => byClass.get(number)!);
      const ends = { host, other };
      const add = (bundles: Map<string, Bundle>, way: "from" | "to"): void => {
        const ways = PLACES.map((place) => judge(way, ends, place));
        const key = `${families}|${ways.map((each) => `${each[4].id}/${each[6].id}`).join()}`;
        const bundle = bundles.get(key) ?? { ways, families, theirs: [] };
        bundle.theirs.push(...theirs);
        bundles.set(key, bundle);
      };
      add(out, "from");
      if (type(other) === "pod") add(back, "to");
    }
    for (const bundle of out.values()) yield* withHosts(mine, bundle);
    for (const bundle of back.values()) {
      for (const { from, to, ...rest } of withHosts(mine, bundle)) {
        yield { from: to, to: from, ...rest };
      }
    }
  }
}

/** Classes in buckets that no group and no cell tells apart at a host: once for all hosts that no group guards, for others by the cells of their groups. */
function bucketsOf(
  { compiled, partitions }: HostReachInput,
  numbers: readonly number[],
): (host: number) => readonly (readonly number[])[] {
  const { groupOf, groups, classes } = compiled;
  const sideOf = (group: number, isHost: boolean): string | number => {
    if (group < 0) return "";
    return (isHost ? alikeAtHosts(groups[group]!) : undefined) ?? group;
  };
  const keyOf = (number: number, guards: readonly number[]): string => {
    const { type, families } = classes.classes[number]!;
    if (type !== "pod") return `#${number}`;
    const isHost = guards.length === 0; // a host that may also be seen as a pod is guarded itself
    const egress = sideOf(groupOf["workload-egress"][number]!, isHost);
    const ingress = sideOf(groupOf["workload-ingress"][number]!, isHost);
    const cells = guards.map((group) => partitions(groups[group]!).cellOf(number));
    return `${egress}/${ingress}/${families}/${cells.join("/")}`;
  };
  const make = (guards: readonly number[]): readonly (readonly number[])[] => [
    ...Map.groupBy(numbers, (number) => keyOf(number, guards)).values(),
  ];
  const known = new Map<string, readonly (readonly number[])[]>();
  return (host) => {
    const own = Object.values(groupOf)
      .map((ofClass) => ofClass[host]!)
      .filter((group) => group >= 0);
    const key = own.join();
    const buckets = known.get(key) ?? make(own);
    known.set(key, buckets);
    return buckets;
  };
}

type Indexed = readonly [number, EndpointPeer];

interface Bundle {
  /** The results for own, other and unknown. */
  readonly ways: readonly PerFamily[];
  readonly families: number;
  readonly theirs: Indexed[];
}

function familiesOf({ classes }: CompiledPolicies, a: number, b: number): number {
  return classes.classes[a]!.families & classes.classes[b]!.families;
}

function indexes(list: readonly Indexed[]): readonly number[] {
  return list.map(([index]) => index);
}

/** Rectangles with hosts as `from`, told apart by whether the other end runs on the host's node. */
function* withHosts(
  sources: readonly Indexed[],
  { ways, families, theirs }: Bundle,
): Generator<RawRectangle> {
  const [own, other, unknown] = ways as readonly [PerFamily, PerFamily, PerFamily];
  if (isEqual(own, other)) {
    const to = indexes(theirs).toSorted(ascending);
    yield { from: indexes(sources), to, results: other, families };
    return;
  }
  const groups = Map.groupBy(sources, ([, peer]) => placeText(peer));
  const destinations = [...Map.groupBy(theirs, ([, peer]) => placeText(peer)).values()];
  for (const mine of groups.values()) {
    const lists: Record<Sameness, number[]> = { own: [], other: [], unknown: [] };
    for (const list of destinations) {
      lists[sameness(mine[0]![1], list[0]![1])].push(...indexes(list));
    }
    const from = indexes(mine);
    yield { from, to: lists.own.toSorted(ascending), results: own, families };
    yield { from, to: lists.other.toSorted(ascending), results: other, families };
    yield { from, to: lists.unknown.toSorted(ascending), results: unknown, families };
  }
}

function ascending(a: number, b: number): number {
  return a - b;
}

function isEqual(a: PerFamily, b: PerFamily): boolean {
  return a[4] === b[4] && a[6] === b[6];
}

function sameness(source: EndpointPeer, destination: EndpointPeer): Sameness {
  const known = sameNode(source, destination);
  if (known === undefined) return "unknown";
  return known[0] === true ? "own" : "other";
}

interface Ends {
  readonly host: number;
  readonly other: number;
}

/** Judges connections from or to a host. */
function judgeOf({
  compiled,
  results,
  judge,
}: HostReachInput): (way: "from" | "to", ends: Ends, where: Sameness) => PerFamily {
  return (way, { host, other }, where) => {
    const [source, destination] = way === "from" ? [host, other] : [other, host];
    const parties = [
      partyOfClassAt(compiled, source, where === "unknown" ? undefined : "a"),
      partyOfClassAt(compiled, destination, NODE_OF[where]),
    ] as const;
    const situations = situationsOf(compiled, ...parties);
    return {
      4: judgeSituations({ compiled, results, judge }, situations, 4),
      6: judgeSituations({ compiled, results, judge }, situations, 6),
    };
  };
}

const NODE_OF: Readonly<Record<Sameness, string | undefined>> = {
  own: "a",
  other: "b",
  unknown: undefined,
};

/** The result of all situations of a connection together. */
export function judgeSituations(
  { compiled, results, judge }: Pick<HostReachInput, "compiled" | "results" | "judge">,
  situations: readonly Situation[],
  family: Family,
): Result {
  const several = new Set(situations.map(({ reading }) => reading)).size > 1;
  const each = situations.map(({ points }) => {
    const skips = points.some(
      ({ kind }) => compiled.profile.boards[kind]?.allowSkips !== undefined,
    );
    const circumstances = { family, facts: [], traffic: ALL_TRAFFIC };
    const list = skips
      ? planesOfPath(compiled, points, circumstances).map((planes) => results.ofPlanes(planes))
      : points.map((point) => judge(point, family));
    return list.reduce((a, b) => results.along(a, b), results.open);
  });
  return each.reduce((a, b) => results.either(a, b, several ? "host-network" : "node-unknown"));
}
