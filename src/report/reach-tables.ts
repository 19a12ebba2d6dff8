import type { ReachResult } from "../app/index.ts";
import { formatRange } from "../base/index.ts";
import { type ReachPeer, type Rectangle, formatTraffic } from "../policy/index.ts";
import { csvField } from "./csv.ts";
import { pairsOf } from "./pairs.ts";
import { INCOMPLETE, type Write, shorten } from "./style.ts";

/** Writes reachability as comma-separated values, one row for each pair (RFC 4180). */
export function writeReachCsv({ peers, rectangles }: ReachResult, write: Write): void {
  write("from,to,ports,family,verdict,conditions,reasons\n");
  const ids = peers.map((peer) => csvField(peer.id));
  const tails = new Map<Rectangle, string>();
  for (const { from, to, entry } of pairsOf(rectangles())) {
    const tail = tails.get(entry) ?? csvTail(entry);
    tails.set(entry, tail);
    write(`${ids[from]!},${ids[to]!},${tail}\n`);
  }
}

function csvTail({ traffic, universe, family, verdict, conditions, reasons }: Rectangle): string {
  const fields = [
    formatTraffic(traffic, universe).join(" "),
    family === undefined ? "" : String(family),
    verdict,
    conditions.map(({ text }) => text).join("; "),
    reasons.map(({ code }) => code).join(" "),
  ];
  return fields.map(csvField).join(",");
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
  const shown = new Set<number>();
  for (const rectangle of rectangles()) {
    const { from, to, traffic, universe, family, verdict, conditions, reasons } = rectangle;
    for (const index of [...from, ...to]) shown.add(index);
    const ports = formatTraffic(traffic, universe).join(", ");
    const ofFamily = family === undefined ? "" : ` (IPv${family})`;
    const why = [...conditions.map(({ text }) => `if ${text}`), ...reasons.map(({ code }) => code)];
    const said = why.length === 0 ? verdict : `${verdict}: ${why.join(", ")}`;
    const cells = [namesOf(peers, from), namesOf(peers, to), `${ports}${ofFamily}`, said];
    write(`| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`);
  }
  const outside = peers.filter((_, index) => shown.has(index)).filter(isOutside);
  if (outside.length > 0) write("\n");
  for (const { id, addresses } of outside) {
    write(`- \`${id}\`: ${shorten(addresses.map(formatRange), NAMES)}\n`);
  }
}

function isOutside(peer: ReachPeer): peer is ReachPeer & { readonly kind: "outside" } {
  return peer.kind === "outside";
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
export function writeReachDot({ session, peers, rectangles }: ReachResult, write: Write): void {
  write('digraph reach {\n  rankdir=LR;\n  node [shape=box, fontname="Helvetica"];\n');
  write('  edge [fontname="Helvetica", fontsize=10];\n');
  if (session.compiled.cluster.incomplete) write(`  label=${dotText(INCOMPLETE)}; labelloc=t;\n`);
  const byNamespace = Map.groupBy(peers, (peer) => namespaceOf(peer));
  for (const [namespace, list] of byNamespace) {
    const isCluster = namespace !== "";
    if (isCluster)
      write(`  subgraph ${dotText(`cluster_${namespace}`)} {\n    label=${dotText(namespace)};\n`);
    const indent = isCluster ? "    " : "  ";
    for (const peer of list) write(`${indent}${dotText(peer.id)}${dotLabel(peer)};\n`);
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
  for (const { from, to } of pairsOf([rectangle])) {
    write(`  ${dotText(peers[from]!.id)} -> ${dotText(peers[to]!.id)}${label};\n`);
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
