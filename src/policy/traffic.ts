import {
  type Family,
  type IntervalSet,
  equals,
  intersect,
  interval,
  intervalSet,
  subtract,
  union,
} from "../base/index.ts";
import type { TransportProtocol } from "../model/index.ts";

/**
 * Traffic is a set of integers on one line:
 * TCP, UDP and SCTP destination ports 1 to 65535, ICMPv4 and ICMPv6 as type × 256 + code, then the other protocol numbers.
 */
export type Traffic = IntervalSet;

const REGION = 65_536;
const TRANSPORT: Readonly<Record<TransportProtocol, number>> = {
  TCP: 0,
  UDP: REGION,
  SCTP: 2 * REGION,
};
const ICMP = 3 * REGION;
const ICMPV6 = 4 * REGION;
const PROTOCOL = 5 * REGION;
/** Protocol numbers that have a region of their own. */
const OWN_REGION: Readonly<Record<number, string>> = {
  1: "icmp",
  6: "tcp",
  17: "udp",
  58: "icmpv6",
  132: "sctp",
};

/** Ports `first` to `last` of a transport protocol; all of it by default. */
export function portTraffic(
  protocol: TransportProtocol,
  first = 1,
  last: number = REGION - 1,
): Traffic {
  return interval(TRANSPORT[protocol] + first, TRANSPORT[protocol] + last);
}

/** All ICMP of one family, one type of it, or one type and code. */
export function icmpTraffic(family: Family, type?: number, code?: number): Traffic {
  const base = family === 4 ? ICMP : ICMPV6;
  if (type === undefined) return interval(base, base + REGION - 1);
  return interval(base + type * 256 + (code ?? 0), base + type * 256 + (code ?? 255));
}

const OTHER_PROTOCOLS: Traffic = subtract(
  interval(PROTOCOL, PROTOCOL + 255),
  intervalSet(Object.keys(OWN_REGION).flatMap((n) => [PROTOCOL + Number(n), PROTOCOL + Number(n)])),
);

/** All traffic of a protocol number. */
export function protocolTraffic(number: number): Traffic {
  if (number === 1) return icmpTraffic(4);
  if (number === 58) return icmpTraffic(6);
  const own = OWN_REGION[number];
  if (own !== undefined) return portTraffic(own.toUpperCase() as TransportProtocol);
  return interval(PROTOCOL + number, PROTOCOL + number);
}

/** All ports of TCP, UDP and SCTP. */
export const ALL_PORTS: Traffic = union(
  portTraffic("TCP"),
  union(portTraffic("UDP"), portTraffic("SCTP")),
);

/** ICMP of both families and the other protocols: what has no port. */
export const WITHOUT_PORTS: Traffic = union(union(icmpTraffic(4), icmpTraffic(6)), OTHER_PROTOCOLS);

/** IPv6 neighbour discovery: router and neighbour solicitation and advertisement, redirect. */
export const NEIGHBOUR_DISCOVERY: Traffic = [icmpTraffic(6, 133)[0]!, icmpTraffic(6, 137)[1]!];

/** Everything. */
export const ALL_TRAFFIC: Traffic = union(ALL_PORTS, WITHOUT_PORTS);

/** Everything that a packet of `family` can be: without the other family's ICMP. */
export function trafficOf(family: Family): Traffic {
  return OF_FAMILY[family];
}

const OF_FAMILY: Readonly<Record<Family, Traffic>> = {
  4: subtract(ALL_TRAFFIC, icmpTraffic(6)),
  6: subtract(ALL_TRAFFIC, icmpTraffic(4)),
};

const PORT_HINT =
  "write `tcp/80`, `udp/53`, `sctp/9`, `icmp/8`, `icmp/3/4`, `icmpv6/128` or `proto/112`";

/** One question's traffic: a point on the line, and the family that the protocol itself fixes. */
export interface TrafficPoint {
  readonly point: number;
  readonly family: Family | undefined;
}

/** Reads a question's port: `tcp/80`, `udp/53`, `sctp/9`, `icmp/8`, `icmp/3/4`, `icmpv6/128/0`, `proto/112`. Gives a sentence where it cannot be read. */
export function parseTrafficPoint(text: string): TrafficPoint | string {
  const match = /^(tcp|udp|sctp|icmp|icmpv6|proto)\/(\d{1,5})(?:\/(\d{1,3}))?$/u.exec(text);

  if (match === null) return `cannot read the port \`${text}\`: ${PORT_HINT}`;
  const [, protocol = "", , code] = match;
  const number = Number(match[2]);
  if (protocol.startsWith("icmp"))
    return icmpPoint(text, protocol === "icmp" ? 4 : 6, number, Number(code ?? 0));
  if (code !== undefined) return `cannot read the port \`${text}\`: ${PORT_HINT}`;
  if (protocol === "proto") {
    if (number > 255) return `\`${text}\` has a protocol number above 255: ${PORT_HINT}`;
    const own = OWN_REGION[number];
    if (own !== undefined)
      return `\`${text}\` is \`${own}\`: ask with a port or an ICMP type, for example \`${own}/1\``;
    return { point: PROTOCOL + number, family: undefined };
  }
  if (number < 1 || number >= REGION)
    return `\`${text}\` is not a port from 1 to 65535: ${PORT_HINT}`;
  return {
    point: portTraffic(protocol.toUpperCase() as TransportProtocol, number, number)[0]!,
    family: undefined,
  };
}

function icmpPoint(
  text: string,
  family: Family,
  type: number,
  code: number,
): TrafficPoint | string {
  if (type > 255 || code > 255)
    return `\`${text}\` has an ICMP type or code above 255: ${PORT_HINT}`;
  return { point: icmpTraffic(family, type, code)[0]!, family };
}

const ITEM_HINT = "write `tcp/80`, `udp/53-60`, `tcp`, `icmp/8`, `icmp/3/4`, `proto/112` or `all`";

/** Reads one item of traffic as `formatTraffic` writes it: `tcp/80`, `udp/53-60`, `sctp`, `icmp/8`, `icmp/3/4-5`, `proto/112`, `all`. Gives a sentence where it cannot be read. */
export function parseTraffic(text: string): Traffic | string {
  if (text === "all") return ALL_TRAFFIC;
  const match = /^(tcp|udp|sctp|icmp|icmpv6|proto)((?:\/\d{1,5}(?:-\d{1,5})?){0,2})$/u.exec(text);
  if (match === null) return `cannot read the port \`${text}\`: ${ITEM_HINT}`;
  const [, protocol = "", rest = ""] = match;
  const ranges = rest
    .split("/")
    .slice(1)
    .map((range) => range.split("-").map(Number))
    .map(([first = 0, last = first]) => [first, last] as const);
  if (protocol === "icmp" || protocol === "icmpv6") return icmpItem(text, protocol, ranges);
  const [of, code] = ranges;
  const isProto = protocol === "proto";
  const whole = isProto
    ? OTHER_PROTOCOLS
    : portTraffic(protocol.toUpperCase() as TransportProtocol);
  if (of === undefined) return whole;
  const [least, most] = isProto ? [0, 255] : [1, REGION - 1];
  const base = isProto ? PROTOCOL : whole[0]! - 1;
  const found = intersect(whole, interval(base + of[0], base + of[1]));
  const isWithin = code === undefined && of[0] >= least && of[1] <= most && found.length > 0;
  return isWithin ? found : `\`${text}\` is no traffic: ${ITEM_HINT}`;
}

function icmpItem(
  text: string,
  protocol: "icmp" | "icmpv6",
  [type, code]: readonly (readonly [number, number])[],
): Traffic | string {
  const family = protocol === "icmp" ? 4 : 6;
  if (type === undefined) return icmpTraffic(family);
  const [first, last] = [type[0], type[1]];
  const codes = code ?? [0, 255];
  const isWithin =
    last <= 255 &&
    codes[1] <= 255 &&
    first <= last &&
    codes[0] <= codes[1] &&
    (code === undefined || first === last);
  if (!isWithin) return `\`${text}\` has no such ICMP type or code: ${ITEM_HINT}`;
  const base = icmpTraffic(family)[0]!;
  return interval(base + first * 256 + codes[0], base + last * 256 + codes[1]);
}

/**
 * Writes traffic as the contract says: merged, disjoint, sorted items such as `tcp/80`, `udp/53-60`, `icmp/3/4`, `proto`;
 * `all` alone where nothing of `universe` is missing.
 */
export function formatTraffic(
  traffic: Traffic,
  universe: Traffic = ALL_TRAFFIC,
): readonly string[] {
  if (equals(intersect(universe, traffic), universe)) return ["all"];
  const items: string[] = [];
  for (const name of ["TCP", "UDP", "SCTP"] as const) {
    const region = portTraffic(name);
    const part = intersect(traffic, region);
    const lower = name.toLowerCase();
    if (equals(part, region)) items.push(lower);
    else
      items.push(
        ...pairs(part).map(
          ([lo, hi]) => `${lower}/${rangeText(lo - TRANSPORT[name], hi - TRANSPORT[name])}`,
        ),
      );
  }
  items.push(...formatIcmp(traffic, 4), ...formatIcmp(traffic, 6));
  const others = intersect(traffic, OTHER_PROTOCOLS);
  if (equals(others, OTHER_PROTOCOLS)) items.push("proto");
  else
    items.push(
      ...pairs(others).map(([lo, hi]) => `proto/${rangeText(lo - PROTOCOL, hi - PROTOCOL)}`),
    );
  return items;
}

function formatIcmp(traffic: Traffic, family: Family): readonly string[] {
  const name = family === 4 ? "icmp" : "icmpv6";
  const base = family === 4 ? ICMP : ICMPV6;
  const region = icmpTraffic(family);
  const part = intersect(traffic, region);
  if (equals(part, region)) return [name];
  const items: string[] = [];
  for (const [lo, hi] of pairs(part)) {
    for (let type = (lo - base) >> 8; type <= (hi - base) >> 8; type++) {
      const first = Math.max(lo, base + type * 256) - base - type * 256;
      const last = Math.min(hi, base + type * 256 + 255) - base - type * 256;
      items.push(
        first === 0 && last === 255
          ? `${name}/${type}`
          : `${name}/${type}/${rangeText(first, last)}`,
      );
    }
  }
  return items;
}

function pairs(set: IntervalSet): readonly (readonly [number, number])[] {
  const out: (readonly [number, number])[] = [];
  for (let i = 0; i < set.length; i += 2) out.push([set[i]!, set[i + 1]!]);
  return out;
}

function rangeText(lo: number, hi: number): string {
  return lo === hi ? `${lo}` : `${lo}-${hi}`;
}
