import {
  type AddressSet,
  EMPTY,
  type IntervalSet,
  addressSet,
  equals,
  formatRange,
  intersect,
  parseAddress,
  parseCidr,
  union,
} from "../../src/base/index.ts";
import type { DiffDocument, ReachDocument } from "./documents.ts";
import { EVERYTHING, OF_FAMILY, readPorts } from "./port-set.ts";

/** For each pair, and for each family where they are told apart: `before > after` of all its traffic, as text. */
export type Difference = ReadonlyMap<string, string>;

/** A printed answer, and the families in which each end has addresses (1 IPv4, 2 IPv6, 3 both): an entry without a family is about those. */
export interface State {
  readonly document: ReachDocument;
  readonly familiesOf: (id: string) => number;
}

/** What differs between two printed reachability answers: every pair of every peer, one after the other. */
export function expectedDifference(was: State, is: State): Difference {
  const [base, head] = [was.document, is.document];
  const atoms = atomsOf(base, head);
  const [before, after] = [pairsOf(base, atoms.base), pairsOf(head, atoms.head)];
  const out = new Map<string, string>();
  for (const pair of new Set([...before.keys(), ...after.keys()])) {
    const [from = "", to = ""] = pair.split(" ");
    if (from === to && atoms.pods.has(from)) continue;
    const families = atoms.familyOf(from) & atoms.familyOf(to);
    const [old, now] = [before.get(pair) ?? NOTHING, after.get(pair) ?? NOTHING];
    const ownOf = ({ familiesOf }: State): number => familiesOf(from) & familiesOf(to);
    const sides = [
      { pair: old, own: ownOf(was) },
      { pair: now, own: ownOf(is) },
    ] as const;
    for (const [key, text] of comparePair(sides, families)) out.set(`${pair}${key}`, text);
  }
  return out;
}

/** What a printed diff says, in the same form. Ranges outside are called by their addresses. */
export function saidDifference({ peers, changes }: DiffDocument): Difference {
  const names = new Map(peers.map(({ id, addresses }) => [id, addresses?.join(",") ?? id]));
  const out = new Map<string, string>();
  for (const { from, to, family, before, after } of changes) {
    const [was, is] = [before, after].map(({ allow, depends }) => {
      const universe = family === undefined ? EVERYTHING : OF_FAMILY[family];
      const read = (items: readonly string[]): IntervalSet => intersect(readPorts(items), universe);
      return textOf({ allow: read(allow), depends: read(depends) });
    });
    for (const source of from) {
      for (const target of to) {
        const key = `${names.get(source)} ${names.get(target)}${family === undefined ? "" : ` v${family}`}`;
        if (out.has(key)) throw new Error(`${key} stands twice`);
        out.set(key, `${was} > ${is}`);
      }
    }
  }
  return out;
}

interface Atoms {
  /** The atoms of each peer of a state. */
  readonly base: ReadonlyMap<string, readonly string[]>;
  readonly head: ReadonlyMap<string, readonly string[]>;
  readonly pods: ReadonlySet<string>;
  readonly familyOf: (atom: string) => number;
}

function atomsOf(base: ReachDocument, head: ReachDocument): Atoms {
  const maps = [
    [base, head],
    [head, base],
  ].map(([mine, theirs]) => {
    const ids = new Set(mine!.peers.map(({ id }) => id));
    return new Map<string, string[]>(
      mine!.peers.map(({ id, kind }) => {
        if (kind !== "workload" || theirs!.peers.some((peer) => peer.id === id)) return [id, [id]];
        const pods = theirs!.peers.filter((peer) => peer.workload === id && !ids.has(peer.id));
        return [id, pods.length > 0 ? pods.map((peer) => peer.id) : [id]];
      }),
    );
  });
  const families = new Map<string, number>();
  for (const [index, document] of [base, head].entries()) {
    for (const { id, kind } of document.peers) if (kind === "outside") maps[index]!.set(id, []);
  }
  for (const mine of base.peers.filter(({ kind }) => kind === "outside")) {
    for (const theirs of head.peers.filter(({ kind }) => kind === "outside")) {
      const common = commonAddresses(
        readAddresses(mine.addresses!),
        readAddresses(theirs.addresses!),
      );
      if (common.length === 0) continue;
      const name = common.map(formatRange).join(",");
      families.set(
        name,
        common.reduce((mask, { family }) => mask | (family === 4 ? 1 : 2), 0),
      );
      maps[0]!.get(mine.id)!.push(name);
      maps[1]!.get(theirs.id)!.push(name);
    }
  }
  const pods = [base, head].flatMap((each) =>
    each.peers.flatMap(({ id, kind }) => (kind === "pod" ? [id] : [])),
  );
  return {
    base: maps[0]!,
    head: maps[1]!,
    pods: new Set(pods),
    familyOf: (atom) => families.get(atom) ?? 3,
  };
}

function readAddresses(texts: readonly string[]): AddressSet {
  return addressSet(
    texts.map((text) => {
      const range = parseCidr(text);
      if (range !== undefined) return range;
      const [first, last] = text.split("-").map((each) => parseAddress(each)!);
      return { family: first!.family, first: first!.value, last: last!.value };
    }),
  );
}

function commonAddresses(a: AddressSet, b: AddressSet): AddressSet {
  return addressSet(
    a.flatMap((x) =>
      b.flatMap((y) => {
        const first = x.first > y.first ? x.first : y.first;
        const last = x.last < y.last ? x.last : y.last;
        return x.family === y.family && first <= last ? [{ family: x.family, first, last }] : [];
      }),
    ),
  );
}

interface Said {
  readonly allow: IntervalSet;
  readonly depends: IntervalSet;
}

/** What entries without a family and of each family say of a pair. */
interface Pair {
  readonly none: Said;
  readonly 4: Said;
  readonly 6: Said;
  readonly apart: boolean;
}

const SILENT: Said = { allow: EMPTY, depends: EMPTY };
const NOTHING: Pair = { none: SILENT, 4: SILENT, 6: SILENT, apart: false };

function pairsOf(
  { connections }: ReachDocument,
  atoms: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, Pair> {
  const pairs = new Map<string, Pair>();
  for (const { from, to, ports, family, verdict } of connections) {
    const traffic =
      family === undefined ? readPorts(ports) : intersect(readPorts(ports), OF_FAMILY[family]);
    for (const source of from.flatMap((id) => atoms.get(id)!)) {
      for (const target of to.flatMap((id) => atoms.get(id)!)) {
        const key = `${source} ${target}`;
        const pair = pairs.get(key) ?? NOTHING;
        const part = family ?? "none";
        const said = { ...pair[part], [verdict]: union(pair[part][verdict], traffic) };
        pairs.set(key, { ...pair, [part]: said, apart: pair.apart || family !== undefined });
      }
    }
  }
  return pairs;
}

interface Side {
  readonly pair: Pair;
  /** The families that both ends have in this state. */
  readonly own: number;
}

function comparePair(
  sides: readonly [Side, Side],
  families: number,
): readonly (readonly [string, string])[] {
  const [was, is] = sides.map(({ pair }) => pair) as [Pair, Pair];
  if (families !== 3) {
    const family = families === 1 ? 4 : 6;
    const [before, after] = [was, is].map((pair) => fill(inFamily(pair, family), family));
    return differ(before!, after!) ? [["", `${textOf(before!)} > ${textOf(after!)}`]] : [];
  }
  if (!isApart(was) && !isApart(is)) {
    const [before, after] = [was, is].map(whole);
    return differ(before!, after!) ? [["", `${textOf(before!)} > ${textOf(after!)}`]] : [];
  }
  return ([4, 6] as const).flatMap((family) => {
    const [before, after] = sides.map(({ pair, own }) =>
      (own & (family === 4 ? 1 : 2)) === 0 ? SILENT : inFamily(pair, family),
    );
    if (!differ(before!, after!)) return [];
    return [[` v${family}`, `${textOf(before!)} > ${textOf(after!)}`] as const];
  });
}

/** Entries of both families may stand apart for their reasons only. */
function isApart(pair: Pair): boolean {
  const shared = intersect(OF_FAMILY[4], OF_FAMILY[6]);
  const [four, six] = ([4, 6] as const).map((family) => clip(inFamily(pair, family), shared));
  return pair.apart && differ(four!, six!);
}

function whole({ none, 4: four, 6: six }: Pair): Said {
  return join(none, join(four, six));
}

function inFamily(pair: Pair, family: 4 | 6): Said {
  return clip(join(pair.none, pair[family]), OF_FAMILY[family]);
}

function join(a: Said, b: Said): Said {
  return { allow: union(a.allow, b.allow), depends: union(a.depends, b.depends) };
}

function clip({ allow, depends }: Said, to: IntervalSet): Said {
  return { allow: intersect(allow, to), depends: intersect(depends, to) };
}

/** All that the family can send is printed as `all`. */
function fill({ allow, depends }: Said, family: 4 | 6): Said {
  const each = (set: IntervalSet): IntervalSet =>
    equals(set, OF_FAMILY[family]) ? EVERYTHING : set;
  return { allow: each(allow), depends: each(depends) };
}

function differ(a: Said, b: Said): boolean {
  return !equals(a.allow, b.allow) || !equals(a.depends, b.depends);
}

function textOf({ allow, depends }: Said): string {
  return `${allow.join()}|${depends.join()}`;
}
