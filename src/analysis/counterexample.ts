import {
  type AddressSet,
  EMPTY,
  type Family,
  addressSet,
  formatRange,
  intersect,
  subtract,
  union,
} from "../base/index.ts";
import {
  type Decision,
  type Rectangle,
  type Traffic,
  answerQuestion,
  formatTraffic,
} from "../policy/index.ts";
import type { Block } from "./blocks.ts";
import { type Landscape, canMeet, sampleOf } from "./landscape.ts";

/** A pair for which a statement does not hold. */
export interface Counterexample {
  /** Names that can be asked for. */
  readonly from: string;
  readonly to: string;
  /** Where an end is outside: all addresses that are treated like it. */
  readonly addresses: readonly string[];
  /** All traffic of the statement for which it does not hold between the two. */
  readonly ports: readonly string[];
  /** One point of it, for which the decision is. */
  readonly port: string;
  readonly family: Family | undefined;
  readonly decision: Decision;
}

/** A block with the products that hold it, as far as a statement is about them. */
export interface OpenBlock extends Block {
  readonly parts: readonly Rectangle[];
  readonly pairs: number;
}

/** Pairs for which a statement does not hold, and on what traffic; of one family only where the families differ. */
export interface Fault extends OpenBlock {
  readonly traffic: Traffic;
  readonly family?: Family | undefined;
}

/** How many counterexamples are shown, and how many pairs are explained to find so many that have different causes. */
const MOST = { shown: 3, explained: 24 };

/** Counterexamples with different causes: what is surely open to the outside first. Addresses for which the same decides are told together. */
export function examplesOf(
  landscape: Landscape,
  faults: readonly Fault[],
): readonly Counterexample[] {
  const isOutside = (index: number): boolean => landscape.peers[index]!.peer.kind === "outside";
  const rankOf = ({ parts, from, to }: Fault): number =>
    (parts.some(({ verdict }) => verdict === "allow") ? 0 : 2) +
    ([from[0]!, to[0]!].some(isOutside) ? 0 : 1);
  const sorted = faults.toSorted((a, b) => rankOf(a) - rankOf(b));
  const found = new Map<string, { readonly example: Counterexample; addresses: AddressSet }>();
  for (const fault of sorted.slice(0, MOST.explained)) {
    const example = exampleOf(landscape, fault);
    const { decision, port } = example;
    const peers = [...fault.from, ...fault.to].map((index) => landscape.peers[index]!.peer);
    const addresses = peers.flatMap((peer) => (peer.kind === "outside" ? peer.addresses : []));
    const causes = decision.determinedBy.map(({ policy, rule }) => `${policy} ${rule}`);
    const outside = [fault.from[0]!, fault.to[0]!].map(isOutside);
    const key = [decision.verdict, port, ...outside, ...causes].join("|");
    const known = found.get(key);
    if (known !== undefined) known.addresses = addressSet([...known.addresses, ...addresses]);
    else found.set(key, { example, addresses: addressSet(addresses) });
  }
  return [...found.values()].slice(0, MOST.shown).map(({ example, addresses }) => {
    return { ...example, addresses: addresses.map(formatRange) };
  });
}

/** Explains one pair of a fault at one point of its traffic. */
function exampleOf(landscape: Landscape, fault: Fault): Counterexample {
  const { from, to, traffic } = fault;
  const parts = fault.parts.filter(
    (part) => (part.family ?? fault.family) === (fault.family ?? part.family),
  );
  const [source, target] = pairOf(landscape, from, to);
  const sure = parts.find(
    (part) => part.verdict === "allow" && intersect(part.traffic, traffic).length > 0,
  );
  const open = sure ?? parts.find((part) => intersect(part.traffic, traffic).length > 0);
  const denied = subtract(traffic, trafficOfParts(parts));
  const within = denied.length > 0 ? denied : intersect(open!.traffic, traffic);
  const point = within[0]!;
  const [port] = formatTraffic([point, point]) as [string];
  const ends = { from: sampleOf(landscape, source), to: sampleOf(landscape, target) };
  const family = fault.family ?? open?.family;
  const asked = { ...ends, port, family, facts: [] };
  const decision = answerQuestion(landscape.compiled, asked);
  if (typeof decision === "string") throw new Error(decision);
  const ports = formatTraffic(traffic, open?.universe);
  return { ...ends, addresses: [], ports, port, family, decision };
}

function pairOf(
  landscape: Landscape,
  from: readonly number[],
  to: readonly number[],
): readonly [number, number] {
  for (const source of from) {
    const target = to.find((each) => canMeet(landscape, source, each));
    if (target !== undefined) return [source, target];
  }
  throw new Error("a block holds no pair");
}

/** All traffic of products. */
export function trafficOfParts(parts: readonly Rectangle[]): Traffic {
  return parts.reduce<Traffic>((all, { traffic }) => union(all, traffic), EMPTY);
}
