import { EMPTY, type Family, equals, intersect, isSubset, subtract, union } from "../base/index.ts";
import { type Rectangle, type Traffic, trafficOf } from "../policy/index.ts";
import { type Sides, blocksOf } from "./blocks.ts";
import {
  type Counterexample,
  type Fault,
  type OpenBlock,
  examplesOf,
  trafficOfParts,
} from "./counterexample.ts";
import { type EndPeers, resolveEnd } from "./ends.ts";
import { type Intent, type IntentKind, statementOf, trafficOfPorts } from "./intent.ts";
import { type Landscape, canMeet, countPairs, partOf } from "./landscape.ts";
import type { Zone } from "./zone.ts";

/** What became of a statement. */
export interface IntentVerdict {
  readonly state: "met" | "unmet" | "not-evaluable";
  /** Why it could not be evaluated. */
  readonly why: string | undefined;
  /** Pairs of ends that it is about, and those for which it does not hold. */
  readonly pairs: { readonly covered: number; readonly unmet: number };
  /** Of an unmet one: pairs that policies treat in different ways, the surest first. */
  readonly counterexamples: readonly Counterexample[];
}

/** Judges a statement over all pairs that it covers. The pairs are never visited one by one. */
export function judgeIntent(
  landscape: Landscape,
  zones: readonly Zone[],
  intent: Intent,
): IntentVerdict {
  const { kind, from, to, ports } = statementOf(intent);
  const sources = resolveEnd(landscape, zones, from);
  if (typeof sources === "string") return notEvaluable(sources);
  const targets = resolveEnd(landscape, zones, to);
  if (typeof targets === "string") return notEvaluable(targets);
  const traffic = trafficOfPorts(ports);
  const able = ablePeers(landscape, traffic);
  const meant = able(kind === "only" ? everybodyBut(landscape, sources) : sources.some);
  const targeted = able(targets.some);
  const covered = countPairs(landscape, meant, targeted);
  if (covered === 0) {
    return notEvaluable(
      kind === "only"
        ? "it covers nothing: `from` is everybody who could reach `to`"
        : "it covers nothing: `from` and `to` are never two ends of a connection",
    );
  }
  return judge(landscape, { kind, from: meant, to: targeted, traffic, covered });
}

/** Leaves those that have an address of a family in which the traffic exists: ICMPv6 says nothing of a pair that speaks IPv4. */
function ablePeers(
  { peers }: Landscape,
  traffic: Traffic,
): (indexes: readonly number[]) => readonly number[] {
  const exists = (family: Family): boolean => intersect(traffic, trafficOf(family)).length > 0;
  const families = (exists(4) ? 1 : 0) | (exists(6) ? 2 : 0);
  return (indexes) => indexes.filter((index) => (peers[index]!.families & families) !== 0);
}

function notEvaluable(why: string): IntentVerdict {
  return { state: "not-evaluable", why, pairs: { covered: 0, unmet: 0 }, counterexamples: [] };
}

/** The closed world of `only`: every workload and range outside. Nodes and pods on the host network are in it only where they are named. */
function everybodyBut({ peers }: Landscape, { all }: EndPeers): readonly number[] {
  return [...peers.keys()].filter((index) => !peers[index]!.host && !all.has(index));
}

/** The hosts that `only` does not judge because nobody named them. */
export function hostsBeside(
  landscape: Landscape,
  zones: readonly Zone[],
  intent: Intent,
): readonly string[] {
  const { kind, from, to } = statementOf(intent);
  const named = resolveEnd(landscape, zones, from);
  const targets = resolveEnd(landscape, zones, to);
  if (kind !== "only" || typeof named === "string" || typeof targets === "string") return [];
  return landscape.peers.flatMap(({ peer, host, pods }, index) =>
    host && pods.length > 0 && !named.all.has(index) && !targets.all.has(index) ? [peer.id] : [],
  );
}

/** A statement with its ends resolved. */
interface Statement extends Sides {
  readonly kind: IntentKind;
  readonly traffic: Traffic;
  /** Pairs. */
  readonly covered: number;
}

function judge(landscape: Landscape, statement: Statement): IntentVerdict {
  const products = narrow(landscape.products, statement);
  const blocks = blocksOf(products).map((block): OpenBlock => {
    const parts = block.items.map((item) => products[item]!);
    return { ...block, parts, pairs: countPairs(landscape, block.from, block.to) };
  });
  const open = blocks.filter(({ pairs }) => pairs > 0);
  const faults: Fault[] =
    statement.kind === "allow"
      ? faultsOfAllow(landscape, statement, open)
      : open.map((block) => ({ ...block, traffic: trafficOfParts(block.parts) }));
  const unmet = faults.reduce((sum, { pairs }) => sum + pairs, 0);
  if (unmet === 0) {
    const pairs = { covered: statement.covered, unmet };
    return { state: "met", why: undefined, pairs, counterexamples: [] };
  }
  const counterexamples = examplesOf(landscape, faults);
  return {
    state: "unmet",
    why: undefined,
    pairs: { covered: statement.covered, unmet },
    counterexamples,
  };
}

/** The parts of products that a statement is about. */
function narrow(products: readonly Rectangle[], statement: Statement): readonly Rectangle[] {
  const [sources, targets] = [new Set(statement.from), new Set(statement.to)];
  const narrowed: Rectangle[] = [];
  for (const product of products) {
    const traffic = intersect(product.traffic, statement.traffic);
    if (traffic.length === 0) continue;
    const from = product.from.filter((peer) => sources.has(peer));
    const to = from.length === 0 ? [] : product.to.filter((peer) => targets.has(peer));
    if (to.length === 0) continue;
    narrowed.push(partOf(product, { from, to, traffic }));
  }
  return narrowed;
}

/** Pairs that are not surely allowed on all of the traffic: those of blocks, and those that no block holds. */
function faultsOfAllow(
  landscape: Landscape,
  statement: Statement,
  open: readonly OpenBlock[],
): Fault[] {
  const faults: Fault[] = [];
  for (const block of open) {
    const missing = missingOf(block.parts, statement.traffic);
    if (missing.traffic.length > 0) faults.push({ ...block, ...missing });
  }
  const connected = open.reduce((sum, { pairs }) => sum + pairs, 0);
  const pairs = statement.covered - connected;
  if (pairs > 0) {
    const [from, to] = findUnconnected(landscape, statement, open);
    const { traffic } = statement;
    faults.push({ from: [from], to: [to], items: [], parts: [], pairs, traffic });
  }
  return faults;
}

/** The traffic of a statement that a pair with these parts does not surely let pass: of the first family that lacks some, where the families differ. */
function missingOf(
  parts: readonly Rectangle[],
  wanted: Traffic,
): Required<Pick<Fault, "traffic" | "family">> {
  const differ = parts.some(({ family }) => family !== undefined);
  let missing: Traffic = EMPTY;
  for (const family of [4, 6] as const) {
    const universe = trafficOf(family);
    const other = trafficOf(family === 4 ? 6 : 4);
    if (parts.every((part) => part.family === undefined && equals(part.universe, other))) continue;
    const sure = parts
      .filter((part) => part.verdict === "allow" && (part.family ?? family) === family)
      .filter(({ conditions }) => conditions.length === 0);
    const needed = intersect(wanted, universe);
    const allowed = trafficOfParts(sure);
    if (isSubset(needed, allowed)) continue;
    missing = union(missing, subtract(needed, allowed));
    if (differ) return { traffic: missing, family };
  }
  return { traffic: missing, family: undefined };
}

/** A pair that no block holds. Sources of the same blocks are counted together, so that only those that lack a target are looked through. */
function findUnconnected(
  landscape: Landscape,
  { from, to }: Sides,
  open: readonly OpenBlock[],
): readonly [number, number] {
  const blocksOfSource = new Map<number, number[]>();
  for (const [number, block] of open.entries()) {
    for (const source of block.from) {
      const list = blocksOfSource.get(source);
      if (list === undefined) blocksOfSource.set(source, [number]);
      else list.push(number);
    }
  }
  const groups = Map.groupBy(from, (source) => (blocksOfSource.get(source) ?? []).join());
  for (const sources of groups.values()) {
    const lists = (blocksOfSource.get(sources[0]!) ?? []).map((number) => open[number]!.to);
    const count = lists.reduce((sum, list) => sum + countPairs(landscape, sources, list), 0);
    if (count === countPairs(landscape, sources, to)) continue;
    const known = new Set(lists.flat());
    for (const source of sources) {
      const target = to.find((each) => !known.has(each) && canMeet(landscape, source, each));
      if (target !== undefined) return [source, target];
    }
  }
  throw new Error("no pair is unconnected");
}
