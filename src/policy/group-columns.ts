import { type Family, ofFamily } from "../base/index.ts";
import { NO_ADDRESS } from "./address-index.ts";
import type { CompiledPolicies } from "./compile.ts";
import { type Group, PEER_BITS } from "./groups.ts";
import type { Column } from "./match.ts";
import { isPod, isRelation } from "./party.ts";
import { createPeerSets } from "./peer-sets.ts";

/** One end that stands for all that a group's rules treat like it, in one family. */
export interface SampleColumn {
  readonly column: Column;
  readonly family: Family;
}

/** Gives the columns that a group's rules tell apart, one of each: what holds at no sample holds nowhere. Own nodes are left out, as no policy is asked about them (NP-7). */
export type ColumnsOfGroup = (group: Group) => readonly SampleColumn[];

/** Columns of groups, each worked out when it is asked for. The work is the sum of the sizes of the sets in a group's rules. */
export function createColumns(compiled: CompiledPolicies): ColumnsOfGroup {
  const setsOf = createPeerSets(compiled);
  const { classes } = compiled.classes;
  const pods = classes.filter(({ type }) => isPod(type)).map(({ number }) => number);
  return (group) => {
    const signatures = new Map<number, string>();
    for (const { id, members } of setsOf(group)) {
      for (const number of members) {
        if (!isPod(classes[number]!.type)) continue;
        signatures.set(number, `${signatures.get(number) ?? ""},${id}`);
      }
    }
    const beside = pods.find((number) => !signatures.has(number));
    if (beside !== undefined) signatures.set(beside, "");
    const samples = new Map([...signatures].map(([number, text]) => [text, number]));
    const columns = [...samples.values()].flatMap((number) => ofClass(compiled, number, true));
    return [...columns, ...hostColumns(compiled, group), ...outsideColumns(compiled, group)];
  };
}

function ofClass(
  { classes }: CompiledPolicies,
  number: number,
  asPod: boolean,
): readonly SampleColumn[] {
  const { cells } = classes.classes[number]!;
  return ([4, 6] as const).flatMap((family) =>
    cells[family] === NO_ADDRESS
      ? []
      : [{ column: { kind: "class", number, asPod, own: false }, family }],
  );
}

function hostColumns(compiled: CompiledPolicies, { peerBits }: Group): readonly SampleColumn[] {
  const { any, addresses, nodes } = PEER_BITS;
  if ((peerBits & (any | addresses | nodes)) === 0) return [];
  return compiled.classes.classes
    .filter(({ type }) => !isPod(type) && type !== "own-node")
    .filter(({ type }) => !(isRelation(type) && compiled.nodes.size > 0))
    .flatMap(({ number }) => ofClass(compiled, number, false));
}

/** An address before, in and behind every range of the group's rules. */
function outsideColumns(
  { rules, addresses }: CompiledPolicies,
  group: Group,
): readonly SampleColumn[] {
  const { any, addresses: ranges, domains } = PEER_BITS;
  if ((group.peerBits & (any | ranges | domains)) === 0) return [];
  const peers = group.rules.flatMap((number) => rules[number]!.leaves);
  const sets = peers.flatMap((peer) => (peer.kind === "addresses" ? [peer.set] : []));
  const all = [...new Set(sets)].flatMap((set) => addresses.set(set));
  return ([4, 6] as const).flatMap((family) => {
    const own = ofFamily(all, family);
    const starts = new Set([0n, ...own.flatMap(({ first, last }) => [first, last + 1n])]);
    const most = family === 4 ? 1n << 32n : 1n << 128n;
    return [...starts]
      .filter((value) => value < most)
      .map((value): SampleColumn => ({
        column: { kind: "outside", address: { family, value } },
        family,
      }));
  });
}
