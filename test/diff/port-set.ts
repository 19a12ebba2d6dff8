import { EMPTY, type IntervalSet, intervalSet, subtract, union } from "../../src/base/index.ts";

/** A place for each protocol on a line of its own: the oracle reads what is printed, and shares nothing with how it was made. */
const REGION = 2 ** 20;
const PROTOCOLS = ["tcp", "udp", "sctp", "icmp", "icmpv6", "proto"];
const SIZES: Readonly<Record<string, number>> = { icmp: 65_536, icmpv6: 65_536, proto: 256 };

/** The set of traffic that a list of the contract's items says. */
export function readPorts(items: readonly string[]): IntervalSet {
  return items.reduce<IntervalSet>((all, item) => union(all, readItem(item)), EMPTY);
}

function readItem(item: string): IntervalSet {
  if (item === "all") return ALL;
  const [protocol = "", first, second] = item.split("/");
  const at = PROTOCOLS.indexOf(protocol);
  if (at < 0) throw new Error(`no item of the contract: ${item}`);
  const lead = at * REGION;
  if (first === undefined) return wholeOf(protocol);
  if (!protocol.startsWith("icmp")) return rangeOf(lead, first);
  const type = Number(first) * 256;
  return second === undefined ? [lead + type, lead + type + 255] : rangeOf(lead + type, second);
}

function rangeOf(lead: number, text: string): IntervalSet {
  const [low, high = low] = text.split("-").map(Number);
  return [lead + low!, lead + high!];
}

function wholeOf(protocol: string): IntervalSet {
  const lead = PROTOCOLS.indexOf(protocol) * REGION;
  if (protocol !== "proto") {
    const size = SIZES[protocol];
    return size === undefined ? [lead + 1, lead + 65_535] : [lead, lead + size - 1];
  }
  const own = [1, 6, 17, 58, 132].flatMap((number) => [lead + number, lead + number]);
  return subtract([lead, lead + 255], intervalSet(own));
}

const ALL: IntervalSet = PROTOCOLS.reduce<IntervalSet>(
  (all, protocol) => union(all, wholeOf(protocol)),
  EMPTY,
);

/** Everything that can be sent in a family. */
export const OF_FAMILY: Readonly<Record<4 | 6, IntervalSet>> = {
  4: subtract(ALL, wholeOf("icmpv6")),
  6: subtract(ALL, wholeOf("icmp")),
};

/** Everything. */
export const EVERYTHING: IntervalSet = ALL;
