import { type AddressRange, intervalSet, parseAddress, union } from "../../src/base/index.ts";
import { type Traffic, parseTrafficPoint } from "../../src/policy/index.ts";

/** One line of an `expected.txt`: an end is a workload as that tool spells it, or a range of addresses. */
export interface ExpectedLine {
  readonly from: string | AddressRange;
  readonly to: string | AddressRange;
  readonly traffic: Traffic;
}

/** The connection lines of an `expected.txt`, by the grammar of the README beside the cases; what it tells of exposure is left out. */
export function parseExpected(text: string): readonly ExpectedLine[] {
  const [connections = ""] = text.split(/^Exposure Analysis Result:$/mu);
  return connections
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const match = /^(\S+) => (\S+) : (.+)$/u.exec(line);
      if (match === null) throw new Error(`no line of connections: ${line}`);
      const [, from = "", to = "", connection = ""] = match;
      return { from: parseEnd(from), to: parseEnd(to), traffic: parseConnection(connection) };
    });
}

function parseEnd(text: string): string | AddressRange {
  const match = /^([\d.]+)-([\d.]+)\[External\]$/u.exec(text);
  if (match === null) return text;
  const [first, last] = [parseAddress(match[1]!), parseAddress(match[2]!)];
  if (first?.family !== 4 || last?.family !== 4) throw new Error(`no range: ${text}`);
  return { family: 4, first: first.value, last: last.value };
}

/** `All Connections`, or protocols with ranges: a piece that begins with a letter opens the next protocol. */
export function parseConnection(text: string): Traffic {
  if (text === "All Connections") return EVERY_PORT;
  let protocol = "";
  const flat: number[] = [];
  for (const piece of text.split(",")) {
    const match = /^(?:(SCTP|TCP|UDP) )?(\d+)(?:-(\d+))?$/u.exec(piece);
    if (match === null) throw new Error(`no ports: ${piece} in ${text}`);
    protocol = match[1]?.toLowerCase() ?? protocol;
    flat.push(pointOf(protocol, match[2]!), pointOf(protocol, match[3] ?? match[2]!));
  }
  return intervalSet(flat);
}

function pointOf(protocol: string, port: string): number {
  const found = parseTrafficPoint(`${protocol}/${port}`);
  if (typeof found === "string") throw new Error(found);
  return found.point;
}

/** All that tool knows of: every port of TCP, UDP and SCTP. */
export const EVERY_PORT: Traffic = ["tcp", "udp", "sctp"].reduce<Traffic>(
  (sum, protocol) => union(sum, [pointOf(protocol, "1"), pointOf(protocol, "65535")]),
  [],
);
