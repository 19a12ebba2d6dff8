import {
  type Address,
  type AddressSet,
  type Family,
  containsAddress,
  isWithin,
  ofFamily,
  overlaps,
  wholeFamily,
} from "../base/index.ts";

/** Which of the address sets in force an endpoint's addresses are in. */
export interface AddressIndex {
  /** The number of a set; equal sets have equal numbers. */
  readonly intern: (set: AddressSet) => number;
  readonly set: (number: number) => AddressSet;
  /** The cell of known addresses of one family: equal cells are in the same sets. Call it when every set is interned. */
  readonly cellOf: (addresses: readonly Address[], family: Family) => number;
  /** Whether the addresses of a cell of known addresses are in a set: 2 all of them, 1 some, 0 none. */
  readonly has: (cell: number, set: number) => 0 | 1 | 2;
  /** Whether an unknown address, somewhere in `ranges` (anywhere if undefined), is in the set: surely, perhaps or not. */
  readonly unknown: (set: number, ranges: AddressSet | undefined, family: Family) => 0 | 1 | 2;
}

/** The cell of an endpoint that has no address of the family. */
export const NO_ADDRESS = -1;
/** The cell of an endpoint whose address is not known. */
export const UNKNOWN_ADDRESS = -2;

/** An empty index. Its cost grows with the distinct places of the endpoints' addresses between the bounds of the sets, not with the endpoints. */
export function createAddressIndex(): AddressIndex {
  const numbers = new Map<string, number>();
  const sets: AddressSet[] = [];
  const cells = new Map<string, number>();
  const members: Membership[] = [];
  const places = new Map<string, readonly number[]>();
  let bounds: Readonly<Record<Family, readonly bigint[]>> | undefined;

  const intern = (set: AddressSet): number => {
    const key = set.map(({ family, first, last }) => `${family}:${first}-${last}`).join(",");
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, sets.length);
    bounds = undefined;
    return sets.push(set) - 1;
  };
  const membersAt = (address: Address): readonly number[] => {
    bounds ??= { 4: boundsOf(sets, 4), 6: boundsOf(sets, 6) };
    const key = `${address.family}/${placeOf(bounds[address.family], address.value)}`;
    let found = places.get(key);
    if (found === undefined) {
      found = sets.flatMap((set, number) => (containsAddress(set, address) ? [number] : []));
      places.set(key, found);
    }
    return found;
  };
  const cellOf = (addresses: readonly Address[], family: Family): number => {
    const mine = addresses.filter((address) => address.family === family);
    if (mine.length === 0) return NO_ADDRESS;
    const membership = membershipOf(mine.map(membersAt));
    const key = `${membership.all.join()}|${membership.some.join()}`;
    let cell = cells.get(key);
    if (cell === undefined) {
      cell = members.push(membership) - 1;
      cells.set(key, cell);
    }
    return cell;
  };
  const unknown = (number: number, ranges: AddressSet | undefined, family: Family): 0 | 1 | 2 => {
    const where = ranges === undefined ? [wholeFamily(family)] : ofFamily(ranges, family);
    if (where.length === 0 || !overlaps(where, sets[number]!)) return 0;
    return isWithin(where, sets[number]!) ? 2 : 1;
  };
  const has = (cell: number, set: number): 0 | 1 | 2 => {
    const { all, some } = members[cell]!;
    if (all.includes(set)) return 2;
    return some.includes(set) ? 1 : 0;
  };
  return { intern, set: (number) => sets[number]!, cellOf, has, unknown };
}

/** The sets that hold all addresses of a cell, and those that hold some of several only; ascending. */
interface Membership {
  readonly all: readonly number[];
  readonly some: readonly number[];
}

function membershipOf(lists: readonly (readonly number[])[]): Membership {
  const [first = [], ...more] = lists;
  if (more.length === 0) return { all: first, some: [] };
  const all = first.filter((set) => more.every((list) => list.includes(set)));
  const any = [...new Set(lists.flat())].toSorted((a, b) => a - b);
  return { all, some: any.filter((set) => !all.includes(set)) };
}

/** Every first address of a range and every address behind one, ascending. */
function boundsOf(sets: readonly AddressSet[], family: Family): readonly bigint[] {
  const bounds = new Set<bigint>();
  for (const range of sets.flat()) {
    if (range.family === family) bounds.add(range.first).add(range.last + 1n);
  }
  return [...bounds].toSorted((a, b) => (a < b ? -1 : 1));
}

/** How many bounds are at or below the value. */
function placeOf(bounds: readonly bigint[], value: bigint): number {
  let lo = 0;
  let hi = bounds.length;
  while (lo < hi) {
    const middle = (lo + hi) >>> 1;
    if (bounds[middle]! <= value) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}
