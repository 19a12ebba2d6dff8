import type { Address } from "../base/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { EndpointPeer } from "./endpoint-peers.ts";
import type { GroupJudge } from "./group-judge.ts";
import { judgeSituations } from "./host-reach.ts";
import type { OutsidePart } from "./outside.ts";
import { type Party, canMeet, partyOfClassAt, situationsOf } from "./party.ts";
import { isClosed } from "./partition.ts";
import type { RawRectangle } from "./rectangles.ts";
import type { Results } from "./results.ts";

/** What pairs are judged with. */
export interface PairwiseInput {
  readonly compiled: CompiledPolicies;
  readonly results: Results;
  readonly judge: GroupJudge;
  readonly peers: readonly EndpointPeer[];
  readonly parts: readonly OutsidePart[];
}

/**
 * Every pair of peers, one by one: where nodes have policies of their own, what a pod sends and gets is judged at its node too,
 * and pairs of classes do not say by which nodes a connection goes. Its work is the square of the peers.
 */
export function* pairwiseRectangles(input: PairwiseInput): Generator<RawRectangle> {
  const { compiled, results, judge, peers, parts } = input;
  const ends: readonly Ends[] = [
    ...peers.map((peer): Ends => {
      const party = {
        ...partyOfClassAt(compiled, peer.number, peer.node),
        nodeAddresses: peer.nodeAddresses,
      };
      return { 4: party, 6: party, families: party.families };
    }),
    ...parts.map((part): Ends => {
      const at = (family: 4 | 6): Party => outsideParty(part, family);
      return { 4: at(4), 6: at(6), families: part.families };
    }),
  ];
  for (const [from, source] of ends.entries()) {
    for (const [to, destination] of ends.entries()) {
      const families = source.families & destination.families;
      const isOutside = from >= peers.length && to >= peers.length;
      if (families === 0 || isOutside || !canMeet(source[4].type, destination[4].type)) continue;
      const of = (family: 4 | 6) => {
        if ((families & (family === 4 ? 1 : 2)) === 0) return results.closed;
        const situations = situationsOf(compiled, source[family], destination[family]);
        return judgeSituations({ compiled, results, judge }, situations, family);
      };
      const pair = { 4: of(4), 6: of(6) };
      if (!isClosed(pair)) yield { from: [from], to: [to], results: pair, families };
    }
  }
}

/** One end in each family. */
interface Ends {
  readonly 4: Party;
  readonly 6: Party;
  readonly families: number;
}

function outsideParty({ samples, families }: OutsidePart, family: 4 | 6): Party {
  const range = samples.find((each) => each.family === family) ?? samples[0]!;
  const address: Address = { family: range.family, value: range.first };
  return {
    type: "outside",
    number: -1,
    families,
    addresses: [address],
    address,
    node: undefined,
    nodeAddresses: [],
  };
}
