import {
  type AddressRange,
  type AddressSet,
  type Family,
  addressSet,
  containsAddress,
  familiesOf,
  lastOf,
} from "../base/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import { type Group, PEER_BITS } from "./groups.ts";
import type { GroupJudge } from "./group-judge.ts";
import type { Result } from "./results.ts";

/** A range of addresses outside with the result of one group's program. */
export interface OutsideSegment extends AddressRange {
  readonly result: Result;
  /** Equal where the group does the same: where an Allow of a rule skips later points, equal results are not all. */
  readonly mark: string;
}

/** How one group treats the whole outside: segments ascending, IPv4 before IPv6, together everything; neighbours differ. */
export type OutsideView = readonly OutsideSegment[];

/** The view of a group. Its cost is the bounds of the ranges in its own rules; ranges that no rule tells apart are one segment. */
export function viewOutside(
  compiled: CompiledPolicies,
  judge: GroupJudge,
  group: Group,
): OutsideView {
  const sets = addressSetsOf(compiled, group);
  const known = new Map<string, Result>();
  const segments: OutsideSegment[] = [];
  const skips = compiled.profile.boards[group.point]?.allowSkips !== undefined;
  for (const family of [4, 6] as const) {
    const starts = startsOf(sets, family);
    for (const [index, first] of starts.entries()) {
      const last = index + 1 < starts.length ? starts[index + 1]! - 1n : lastOf(family);
      const address = { family, value: first };
      const inSets = sets.map((set) => (containsAddress(set, address) ? "1" : "0")).join("");
      const key = (group.peerBits & PEER_BITS.family) === 0 ? inSets : `${family}:${inSets}`;
      let result = known.get(key);
      if (result === undefined) {
        const column = { kind: "outside", address } as const;
        const point = {
          kind: group.point,
          guarded: group.classes[0]!,
          group: group.number,
          column,
        };
        result = judge(point, family);
        known.set(key, result);
      }
      const mark = skips ? `${result.id}/${key}` : `${result.id}`;
      const before = segments.at(-1);
      if (before?.mark === mark && before.family === family) {
        segments[segments.length - 1] = { ...before, last };
      } else segments.push({ family, first, last, result, mark });
    }
  }
  return segments;
}

function addressSetsOf(
  { rules, addresses }: CompiledPolicies,
  group: Group,
): readonly AddressSet[] {
  const numbers = new Set<number>();
  for (const number of group.rules) {
    for (const peer of rules[number]!.leaves) if (peer.kind === "addresses") numbers.add(peer.set);
  }
  return [...numbers].map((number) => addresses.set(number));
}

/** Where something may change: 0, the first address of every range and the one behind its last. */
function startsOf(sets: readonly AddressSet[], family: Family): readonly bigint[] {
  const starts = new Set([0n]);
  for (const range of sets.flat()) {
    if (range.family !== family) continue;
    starts.add(range.first);
    if (range.last < lastOf(family)) starts.add(range.last + 1n);
  }
  return [...starts].toSorted((a, b) => (a < b ? -1 : 1));
}

/** Addresses outside that every view treats alike. */
export interface OutsidePart {
  readonly addresses: AddressSet;
  /** 1 IPv4, 2 IPv6, 3 both. */
  readonly families: number;
  /** One address of it of each family that it has. */
  readonly samples: readonly AddressRange[];
}

/** Cuts the outside as coarsely as the views, each given once, allow; sorted by first address. `byFamily`: the families are told apart. */
export function partitionOutside(
  views: readonly OutsideView[],
  byFamily: boolean,
): readonly OutsidePart[] {
  const starts: Readonly<Record<Family, readonly bigint[]>> = {
    4: startsOfViews(views, 4),
    6: startsOfViews(views, 6),
  };
  const parts = new Map<string, AddressRange[]>();
  for (const family of [4, 6] as const) {
    const cells = refine(views, starts[family], family);
    for (const [index, first] of starts[family].entries()) {
      const last = (starts[family][index + 1] ?? lastOf(family) + 1n) - 1n;
      const key = `${byFamily ? family : ""}|${cells[index]!}`;
      const list = parts.get(key);
      if (list === undefined) parts.set(key, [{ family, first, last }]);
      else list.push({ family, first, last });
    }
  }
  return [...parts.values()].map((ranges) => {
    const addresses = addressSet(ranges);
    const samples = ([4, 6] as const).flatMap(
      (family) => ranges.find((range) => range.family === family) ?? [],
    );
    return { addresses, families: familiesOf(addresses), samples };
  });
}

/** A text for each elementary range; equal where all views have equal results. */
function refine(
  views: readonly OutsideView[],
  starts: readonly bigint[],
  family: Family,
): readonly string[] {
  const cells = starts.map(() => "");
  for (const view of views) {
    const segments = view.filter((segment) => segment.family === family);
    let at = 0;
    for (const [index, start] of starts.entries()) {
      while (segments[at]!.last < start) at++;
      cells[index] += `,${segments[at]!.mark}`;
    }
  }
  return cells;
}

function startsOfViews(views: readonly OutsideView[], family: Family): readonly bigint[] {
  const starts = new Set([0n]);
  for (const view of views) {
    for (const segment of view) if (segment.family === family) starts.add(segment.first);
  }
  return [...starts].toSorted((a, b) => (a < b ? -1 : 1));
}

/** A text that is equal for equal views. */
export function textOfView(view: OutsideView): string {
  return view.map(({ family, first, mark }) => `${family}/${first}=${mark}`).join();
}

/** The result of a view for one part of the outside, by family. */
export function resultAt(view: OutsideView, part: OutsidePart, family: Family): Result | undefined {
  const sample = part.samples.find((range) => range.family === family);
  if (sample === undefined) return undefined;
  return view.find((each) => each.family === family && each.last >= sample.first)?.result;
}
