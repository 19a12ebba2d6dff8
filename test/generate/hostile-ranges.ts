import { type AddressRange, type Family, formatRange, parseAddress } from "../../src/base/index.ts";
import type { Random } from "./random.ts";
import type { RawObject } from "./words.ts";

/** Places at which ranges are cut: among pods, among nodes, outside, and both ends of a family. */
const ANCHORS: Readonly<Record<Family, readonly string[]>> = {
  4: ["10.1.0.1", "10.1.1.3", "10.9.0.1", "203.0.113.127", "0.0.0.0", "255.255.255.255"],
  6: ["fd01::1", "fd01::1:3", "fd09::1", "2001:db8::1", "::", "ffff:ffff::ffff"],
};
/** Prefix lengths, from everything to one address. */
const LENGTHS: Readonly<Record<Family, readonly number[]>> = {
  4: [0, 0, 1, 8, 15, 16, 16, 24, 24, 29, 30, 31, 32],
  6: [0, 0, 1, 8, 32, 63, 64, 64, 112, 124, 127, 128],
};

/** A range of addresses in CIDR notation: overlapping pods, nodes, the outside and other ranges. */
export function cidr(random: Random): string {
  return formatRange(range(random));
}

function range(random: Random): AddressRange {
  const family = random.chance(70) ? 4 : 6;
  const anchor = parseAddress(random.pick(ANCHORS[family]))!;
  return around(family, anchor.value, random.pick(LENGTHS[family]));
}

function around(family: Family, value: bigint, length: number): AddressRange {
  const host = (1n << BigInt((family === 4 ? 32 : 128) - length)) - 1n;
  return { family, first: value & ~host, last: value | host };
}

/** An ipBlock; what it leaves out often touches its bounds, sometimes all of it is left out. */
export function ipBlock(random: Random): RawObject {
  const whole = range(random);
  const longer = LENGTHS[whole.family].filter((length) => length > lengthOf(whole));
  if (longer.length === 0 || random.chance(50)) return { cidr: formatRange(whole) };
  const half = lengthOf(whole) + 1;
  const except = random.chance(5)
    ? [around(whole.family, whole.first, half), around(whole.family, whole.last, half)]
    : random.many(1, 3, () => part(random, whole, longer));
  return { cidr: formatRange(whole), except: except.map(formatRange) };
}

function part(random: Random, whole: AddressRange, lengths: readonly number[]): AddressRange {
  const { family, first, last } = whole;
  const inside = ANCHORS[family]
    .map((text) => parseAddress(text)!.value)
    .filter((value) => first <= value && value <= last);
  return around(family, random.pick([first, last, ...inside]), random.pick(lengths));
}

function lengthOf({ family, first, last }: AddressRange): number {
  return (family === 4 ? 32 : 128) - ((last - first + 1n).toString(2).length - 1);
}

/** Hundreds of single addresses and small ranges, as block lists have them. */
export function longList(random: Random): readonly RawObject[] {
  return Array.from({ length: 600 }, (_, index) => {
    const value = parseAddress("10.1.0.0")!.value + BigInt(index * 3 + random.below(3));
    return { ipBlock: { cidr: formatRange(around(4, value, random.pick([30, 31, 32, 32]))) } };
  });
}

/** Where addresses that nobody knows are: anywhere (an empty list), or in ranges that policies cut. */
export function unknownRanges(random: Random, own: readonly string[]): readonly string[] {
  if (random.chance(65)) return [];
  return random.many(1, 2, () => (random.chance(60) ? random.pick(own) : cidr(random)));
}
