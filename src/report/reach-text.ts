import type { ReachResult } from "../app/index.ts";
import { formatRange } from "../base/index.ts";
import { type ReachPeer, type Rectangle, formatTraffic, reasonText } from "../policy/index.ts";
import { INCOMPLETE, type Style, type Write, count, shorten, verdictStyle } from "./style.ts";

const SHOWN = { names: 6, ports: 8, ranges: 4 };

/** Writes reachability for a terminal: grouped by who sends, never a line for each pair. */
export function writeReachText(
  { session, peers, rectangles }: ReachResult,
  style: Style,
  write: Write,
): void {
  if (session.compiled.cluster.incomplete) {
    write(style.red(`${INCOMPLETE}\n\n`));
  }
  const groups = Map.groupBy(rectangles(), ({ from }) => from.join());
  let entries = 0;
  const shown = new Set<number>();
  for (const group of groups.values()) {
    write(`${style.bold(namesOf(peers, group[0]!.from))}\n`);
    for (const rectangle of group) {
      entries++;
      for (const index of [...rectangle.from, ...rectangle.to]) shown.add(index);
      write(`  → ${namesOf(peers, rectangle.to)}  ${portsOf(rectangle, style)}\n`);
    }
  }
  for (const [index, peer] of peers.entries()) {
    if (peer.kind !== "outside" || !shown.has(index)) continue;
    const ranges = peer.addresses.map(formatRange);
    write(style.dim(`${peer.id} is ${shorten(ranges, SHOWN.ranges)}\n`));
  }
  write(style.dim(`${count(entries, "entry")}; what is not listed is denied\n`));
}

function namesOf(peers: readonly ReachPeer[], indexes: readonly number[]): string {
  return shorten(
    indexes.map((index) => peers[index]!.id),
    SHOWN.names,
  );
}

/** The ports with the verdict where it is not a plain allow, and why. */
function portsOf(rectangle: Rectangle, style: Style): string {
  const { traffic, universe, family, verdict, conditions, reasons } = rectangle;
  const ports = shorten(formatTraffic(traffic, universe), SHOWN.ports);
  const ofFamily = family === undefined ? "" : ` over IPv${family}`;
  if (verdict === "depends") {
    const why = reasons.map(({ code }) => reasonText(code)).join("; ");
    return verdictStyle(style, verdict)(`${ports}${ofFamily} depends: ${why}`);
  }
  const only =
    conditions.length === 0 ? "" : ` if ${conditions.map(({ text }) => text).join(" or ")}`;
  return `${ports}${ofFamily}${only}`;
}
