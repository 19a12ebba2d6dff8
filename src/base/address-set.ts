import {
  type Address,
  type Family,
  bitsOf,
  formatAddress,
  lastOf,
  parseAddress,
} from "./address.ts";

/** The addresses `first` to `last` of one family, both included. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

/** A set of addresses: ranges ascending (IPv4 before IPv6), disjoint, not adjacent. Canonical: equal sets have equal ranges. */
export type AddressSet = readonly AddressRange[];

/** Every address of both families. */
export const EVERYWHERE: AddressSet = [wholeFamily(4), wholeFamily(6)];

/** The range of every address of `family`. */
export function wholeFamily(family: Family): AddressRange {
  return { family, first: 0n, last: lastOf(family) };
}

/** Reads `10.0.0.0/8` or `2001:db8::/32`; host bits beyond the prefix are cleared, as Kubernetes does. Gives `undefined` for anything else (a bare address included). */
export function parseCidr(text: string): AddressRange | undefined {
  const match = /^([^/]+)\/(0|[1-9]\d{0,2})$/u.exec(text);
  const address = match === null ? undefined : parseAddress(match[1]!);
  if (match === null || address === undefined) return undefined;
  const bits = bitsOf(address.family);
  const mapped = address.family === 4 && match[1]!.includes(":") ? 96 : 0; // ::ffff:10.0.0.0/104
  const length = Number(match[2]) - mapped;
  if (length < 0 || length > bits) return undefined;
  const host = (1n << BigInt(bits - length)) - 1n;
  return {
    family: address.family,
    first: address.value & ~host & lastOf(address.family),
    last: address.value | host,
  };
}

/** The range of one address. */
export function addressRange({ family, value }: Address): AddressRange {
  return { family, first: value, last: value };
}

/** Reads a range as `parseCidr` does, or one address. Gives `undefined` for anything else. */
export function parseRange(text: string): AddressRange | undefined {
  const address = parseAddress(text);
  return address === undefined ? parseCidr(text) : addressRange(address);
}

/** Writes a range: a CIDR where the range is exactly one, else `first-last`. */
export function formatRange(range: AddressRange): string {
  const size = range.last - range.first + 1n;
  const first = formatAddress({ family: range.family, value: range.first });
  if ((size & (size - 1n)) === 0n && range.first % size === 0n) {
    return `${first}/${bitsOf(range.family) - (size.toString(2).length - 1)}`;
  }
  return `${first}-${formatAddress({ family: range.family, value: range.last })}`;
}

/** Orders ranges by family, then first address, then last. */
function compareRanges(a: AddressRange, b: AddressRange): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.last === b.last ? 0 : a.last < b.last ? -1 : 1;
}

/** The union of any ranges, in any order, overlapping or not. */
export function addressSet(ranges: readonly AddressRange[]): AddressSet {
  const out: AddressRange[] = [];
  for (const range of ranges.toSorted(compareRanges)) {
    const top = out.at(-1);
    if (top !== undefined && top.family === range.family && range.first <= top.last + 1n) {
      if (range.last > top.last) out[out.length - 1] = { ...top, last: range.last };
    } else out.push(range);
  }
  return out;
}

/** The addresses of `a` that are not in `b`. */
export function subtractAddresses(a: AddressSet, b: AddressSet): AddressSet {
  const out: AddressRange[] = [];
  for (const { family, first, last } of a) {
    let next = first;
    for (const cut of b) {
      if (cut.family !== family || cut.last < next || cut.first > last) continue;
      if (cut.first > next) out.push({ family, first: next, last: cut.first - 1n });
      next = cut.last + 1n;
    }
    if (next <= last) out.push({ family, first: next, last });
  }
  return out;
}

/** Whether every address of `a` is in `b`. */
export function isWithin(a: AddressSet, b: AddressSet): boolean {
  return subtractAddresses(a, b).length === 0;
}

/** Whether an address is in both. */
export function overlaps(a: AddressSet, b: AddressSet): boolean {
  return a.some((x) =>
    b.some((y) => x.family === y.family && x.first <= y.last && y.first <= x.last),
  );
}

/** Whether `address` is a member; by binary search. */
export function containsAddress(set: AddressSet, { family, value }: Address): boolean {
  let lo = 0;
  let hi = set.length;
  while (lo < hi) {
    const middle = (lo + hi) >>> 1;
    const range = set[middle]!;
    if (range.family < family || (range.family === family && range.last < value)) lo = middle + 1;
    else hi = middle;
  }
  const range = set[lo];
  return range !== undefined && range.family === family && range.first <= value;
}

/** The members of one family. */
export function ofFamily(set: AddressSet, family: Family): AddressSet {
  return set.filter((range) => range.family === family);
}
