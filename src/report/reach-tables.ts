import type { ReachResult } from "../app/index.ts";
import { formatRange } from "../base/index.ts";
import { type ReachPeer, type Rectangle, formatTraffic } from "../policy/index.ts";
import { csvField } from "./csv.ts";
import { pairsOf } from "./reach-json.ts";
import { type Write, shorten } from "./style.ts";

/** Writes reachability as comma-separated values, one row for each pair (RFC 4180). */
export function writeReachCsv({ peers, rectangles }: ReachResult, write: Write): void {
  write("from,to,ports,family,verdict,conditions,reasons\n");
  const ids = peers.map((peer) => csvField(peer.id));
  for (const rectangle of rectangles()) {
    const { verdict, conditions, reasons, family } = rectangle;
    const rest = [
      formatTraffic(rectangle.traffic, rectangle.universe).join(" "),
      family === undefined ? "" : String(family),
      verdict,
      conditions.map(({ text }) => text).join("; "),
      reasons.map(({ code }) => code).join(" "),
    ];
    const tail = rest.map(csvField).join(",");
    for (const [from, to] of pairsOf(rectangle, ids)) write(`${from},${to},${tail}\n`);
  }
}

/** How many names a cell of the table holds. */
const NAMES = 8;

/** Writes reachability as a Markdown table, one row for each group. */
export function writeReachMarkdown(
  { session, peers, rectangles }: ReachResult,
  write: Write,
): void {
  if (session.compiled.cluster.incomplete) {
    write("**Incomplete:** an object that may decide traffic could not be read.\n\n");
  }
  write("| from | to | ports | verdict |\n| --- | --- | --- | --- |\n");
  for (const {
    from,
    to,
    traffic,
    universe,
    family,
    verdict,
    conditions,
    reasons,
  } of rectangles()) {
    const ports = formatTraffic(traffic, universe).join(", ");
    const ofFamily = family === undefined ? "" : ` (IPv${family})`;
    const why = [...conditions.map(({ text }) => `if ${text}`), ...reasons.map(({ code }) => code)];
    const said = why.length === 0 ? verdict : `${verdict}: ${why.join(", ")}`;
    const cells = [namesOf(peers, from), namesOf(peers, to), `${ports}${ofFamily}`, said];
    write(`| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`);
  }
  const outside = peers.filter((peer) => peer.kind === "outside");
  if (outside.length > 0) write("\n");
  for (const { id, addresses } of outside) {
    write(`- \`${id}\`: ${shorten(addresses.map(formatRange), NAMES)}\n`);
  }
}

function namesOf(peers: readonly ReachPeer[], indexes: readonly number[]): string {
  return shorten(
    indexes.map((index) => `\`${peers[index]!.id}\``),
    NAMES,
  );
}

/** Pairs up to which a group is drawn arrow by arrow; a larger one goes through a point of its own. */
const ARROWS = 12;

/** Writes reachability as a graph for Graphviz, a box for each namespace. */
export function writeReachDot({ peers, rectangles }: ReachResult, write: Write): void {
  write('digraph reach {\n  rankdir=LR;\n  node [shape=box, fontname="Helvetica"];\n');
  write('  edge [fontname="Helvetica", fontsize=10];\n');
  const byNamespace = Map.groupBy(peers, (peer) => namespaceOf(peer));
  for (const [namespace, list] of byNamespace) {
    const isCluster = namespace !== "";
    if (isCluster)
      write(`  subgraph ${dotText(`cluster_${namespace}`)} {\n    label=${dotText(namespace)};\n`);
    for (const peer of list) write(`    ${dotText(peer.id)}${dotLabel(peer)};\n`);
    if (isCluster) write("  }\n");
  }
  let groups = 0;
  for (const rectangle of rectangles()) {
    if (rectangle.from.length * rectangle.to.length <= ARROWS) {
      writeArrows(rectangle, peers, write);
      continue;
    }
    const hub = dotText(`group ${++groups}`);
    write(`  ${hub} [shape=point];\n`);
    for (const index of rectangle.from)
      write(`  ${dotText(peers[index]!.id)} -> ${hub} [arrowhead=none];\n`);
    for (const index of rectangle.to)
      write(`  ${hub} -> ${dotText(peers[index]!.id)}${edgeLabel(rectangle)};\n`);
  }
  write("}\n");
}

function writeArrows(rectangle: Rectangle, peers: readonly ReachPeer[], write: Write): void {
  const label = edgeLabel(rectangle);
  for (const [from, to] of pairsOf(rectangle, peers)) {
    write(`  ${dotText(from.id)} -> ${dotText(to.id)}${label};\n`);
  }
}

function edgeLabel({ traffic, universe, verdict, family }: Rectangle): string {
  const ports = shorten(formatTraffic(traffic, universe), 4);
  const text = family === undefined ? ports : `${ports} (IPv${family})`;
  return ` [label=${dotText(text)}${verdict === "depends" ? ", style=dashed" : ""}]`;
}

function namespaceOf({ kind, id }: ReachPeer): string {
  return kind === "workload" || kind === "pod" ? id.slice(0, id.indexOf("/")) : "";
}

function dotLabel(peer: ReachPeer): string {
  if (peer.kind !== "outside") return "";
  const ranges = shorten(peer.addresses.map(formatRange), 3);
  return ` [label=${dotText(`${peer.id}\n${ranges}`)}, shape=ellipse]`;
}

function dotText(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
