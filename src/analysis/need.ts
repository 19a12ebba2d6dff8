import { EMPTY, contains, subtract, union } from "../base/index.ts";
import {
  type CompiledPolicies,
  type Rectangle,
  type RuleRef,
  type Traffic,
  answerQuestion,
  formatTraffic,
} from "../policy/index.ts";
import { type Sides, blocksOf } from "./blocks.ts";
import { namedAddresses, resolveEnd } from "./ends.ts";
import { type Intent, statementOf, trafficOfPorts } from "./intent.ts";
import {
  type Landscape,
  type LandscapePeer,
  canMeet,
  countPairs,
  sampleOf,
  surveyLandscape,
} from "./landscape.ts";
import type { Zone } from "./zone.ts";

/** What is allowed and nobody has said that it is needed, by the rules that allow it. */
export interface Unneeded {
  readonly landscape: Landscape;
  /** Those of most pairs first. */
  readonly groups: readonly UnneededGroup[];
  /** Statements that could not be taken into account, with why. */
  readonly unclear: readonly { readonly intent: Intent; readonly why: string }[];
}

/** Everything unneeded that the same rules allow. */
export interface UnneededGroup {
  /** The rules that decide the first traffic of each connection; none: nothing restricts it. */
  readonly rules: readonly RuleRef[];
  readonly pairs: number;
  readonly connections: readonly UnneededConnection[];
}

/** Connections between all of `from` and all of `to`, as indexes of the landscape. */
export interface UnneededConnection extends Sides {
  readonly pairs: number;
  readonly ports: readonly string[];
}

/** The allows between workloads, and between workloads and the outside, that no allow or only statement covers. Nodes and pods on the host network are left out, and what only perhaps passes. */
export function findUnneeded(
  compiled: CompiledPolicies,
  zones: readonly Zone[],
  intents: readonly Intent[],
): Unneeded {
  const landscape = surveyLandscape(compiled, namedAddresses(zones, intents));
  const unclear: { readonly intent: Intent; readonly why: string }[] = [];
  const stated = intents.flatMap((intent): readonly Stated[] => {
    const { kind, from, to, ports } = statementOf(intent);
    if (kind === "deny") return [];
    const sources = resolveEnd(landscape, zones, from);
    const targets = resolveEnd(landscape, zones, to);
    for (const why of [sources, targets])
      if (typeof why === "string") unclear.push({ intent, why });
    if (typeof sources === "string" || typeof targets === "string") return [];
    const traffic = trafficOfPorts(ports);
    return [{ from: [...sources.all], to: [...targets.all], traffic }];
  });
  const allowed = landscape.products
    .filter(({ verdict }) => verdict === "allow")
    .map((product) => withoutHosts(landscape.peers, product));
  const blocks = blocksOf([...allowed, ...stated]);
  const groups = new Map<string, { rules: readonly RuleRef[]; connections: Found[] }>();
  for (const { from, to, items } of blocks) {
    const given = items.filter((item) => item < allowed.length).map((item) => allowed[item]!);
    const needed = items
      .filter((item) => item >= allowed.length)
      .map((item) => stated[item - allowed.length]!);
    const traffic = subtract(sumOf(given), sumOf(needed));
    const pairs = countPairs(landscape, from, to);
    if (traffic.length === 0 || pairs === 0) continue;
    const rules = rulesOf(landscape, { from, to, parts: given }, traffic);
    const key = rules.map(({ policy, rule }) => `${policy} ${rule}`).join("\n");
    const group = groups.get(key) ?? { rules, connections: [] };
    groups.set(key, group);
    const ports = formatTraffic(traffic, given[0]!.universe);
    group.connections.push({ from, to, pairs, ports });
  }
  return { landscape, groups: [...groups.values()].map(groupOf).toSorted(byPairs), unclear };
}

interface Stated extends Sides {
  readonly traffic: Traffic;
}

type Found = UnneededConnection;

function groupOf({
  rules,
  connections,
}: {
  readonly rules: readonly RuleRef[];
  readonly connections: readonly Found[];
}): UnneededGroup {
  const joined = joinEqual(joinEqual(connections, "from"), "to");
  const pairs = joined.reduce((sum, each) => sum + each.pairs, 0);
  const sorted = joined.toSorted((a, b) => a.from[0]! - b.from[0]! || a.to[0]! - b.to[0]!);
  return { rules, pairs, connections: sorted };
}

/** Joins connections on the same ports that are equal on one side. */
function joinEqual(list: readonly Found[], equal: keyof Sides): readonly Found[] {
  const other = equal === "from" ? "to" : "from";
  const groups = Map.groupBy(list, (each) => `${each[equal].join()}|${each.ports.join()}`);
  return [...groups.values()].map((group) => {
    const all = group.flatMap((each) => each[other]).toSorted((a, b) => a - b);
    const pairs = group.reduce((sum, each) => sum + each.pairs, 0);
    return { ...group[0]!, [other]: all, pairs };
  });
}

function byPairs(a: UnneededGroup, b: UnneededGroup): number {
  return b.pairs - a.pairs || (textOf(a) < textOf(b) ? -1 : 1);
}

function textOf({ rules }: UnneededGroup): string {
  return rules.map(({ policy, rule }) => `${policy} ${rule}`).join();
}

function withoutHosts(peers: readonly LandscapePeer[], product: Rectangle): Rectangle {
  const isMeant = (index: number): boolean => !peers[index]!.host;
  const { traffic, universe, family, verdict, conditions, reasons } = product;
  const rest = { traffic, universe, family, verdict, conditions, reasons };
  return { ...rest, from: product.from.filter(isMeant), to: product.to.filter(isMeant) };
}

function sumOf(list: readonly { readonly traffic: Traffic }[]): Traffic {
  return list.reduce<Traffic>((all, { traffic }) => union(all, traffic), EMPTY);
}

/** What decides one pair at the first port of each range of the traffic. */
function rulesOf(
  landscape: Landscape,
  { from, to, parts }: Sides & { readonly parts: readonly Rectangle[] },
  traffic: Traffic,
): readonly RuleRef[] {
  const source = from.find((each) => to.some((other) => canMeet(landscape, each, other)))!;
  const target = to.find((each) => canMeet(landscape, source, each))!;
  const ends = { from: sampleOf(landscape, source), to: sampleOf(landscape, target) };
  const refs = new Map<string, RuleRef>();
  for (let at = 0; at < traffic.length; at += 2) {
    const [port] = formatTraffic([traffic[at]!, traffic[at]!]) as [string];
    const part = parts.find((each) => contains(each.traffic, traffic[at]!));
    const question = { ...ends, port, family: part?.family, facts: [] };
    const decision = answerQuestion(landscape.compiled, question);
    if (typeof decision === "string") throw new Error(decision);
    for (const ref of decision.determinedBy) refs.set(`${ref.policy} ${ref.rule}`, ref);
  }
  return [...refs].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref);
}
