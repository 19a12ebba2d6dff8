import type { ReachResult } from "../app/index.ts";
import { formatRange } from "../base/index.ts";
import { type ReachPeer, type Rectangle, formatTraffic } from "../policy/index.ts";
import { type Write, count, shorten } from "./style.ts";
import { type Bundle, type Curve, type Drawn, gatherConnections } from "./svg-connections.ts";
import { type Box, type Layout, SIZE, layOut } from "./svg-layout.ts";
import { xmlText } from "./xml.ts";

/** Dark enough for lines on white, and apart from one another. */
const COLOURS = [
  "#1f77b4",
  "#c2410c",
  "#15803d",
  "#9333ea",
  "#b91c1c",
  "#0e7490",
  "#a16207",
  "#be185d",
];

/** Characters of a row's name. */
const NAME = 32;

/** Writes reachability as a picture: namespaces are boxes, connections are curves in the colour of the box that they come from. It needs nothing else to be shown, and the same input gives the same bytes. */
export function writeReachSvg(result: ReachResult, write: Write): void {
  const { session, peers, rectangles } = result;
  const layout = layOut(peers);
  const drawn = gatherConnections(layout, peers, rectangles);
  const width = Math.max(layout.width, 900);
  write(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${layout.height}" viewBox="0 0 ${width} ${layout.height}" role="img" font-family="system-ui, sans-serif" font-size="12">\n`,
  );
  write(`<title>Who can reach whom</title>\n<style>${STYLE}</style>\n<defs>\n`);
  for (const [index, colour] of COLOURS.entries()) {
    write(
      `<marker id="a${index}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="${colour}"/></marker>\n`,
    );
  }
  write(`</defs>\n<rect width="100%" height="100%" fill="#fff"/>\n`);
  writeHead(legendOf(layout, drawn), session.compiled.cluster.incomplete, write);
  write(`<g class="c">\n`);
  for (const curve of drawn.curves) writeCurve(curve, layout, peers, write);
  for (const bundle of drawn.bundles) writeBundle(bundle, layout, write);
  write("</g>\n");
  for (const bundle of drawn.bundles) writeNumber(bundle, layout, write);
  for (const box of layout.boxes) writeBox(box, peers, write);
  write("</svg>\n");
}

const STYLE =
  ".c path{fill:none;stroke-opacity:.5}.c path:hover{stroke-opacity:1;stroke-width:4}.d{stroke-dasharray:5 4}.n{font-weight:600}.q{fill:#555}";

/** What the picture shows, and what it does not. */
function legendOf(layout: Layout, { curves, bundles, left }: Drawn): readonly string[] {
  const bundled = bundles.reduce((sum, bundle) => sum + bundle.count, 0);
  const lines = [
    `An arrow is a connection that is allowed, dashed where it depends; what has no arrow is denied. ${count(curves.length, "pair")} of ends one by one.`,
  ];
  if (bundles.length > 0) {
    lines.push(
      `${count(bundled, "connection")} more in ${count(bundles.length, "bundle")}: a thick arrow with a number is all that one box may send to another. For each of them see -o json.`,
    );
  }
  if (left > 0) lines.push(`${count(left, "bundle")} of fewer connections left out.`);
  if (layout.hidden > 0) {
    lines.push(
      `${count(layout.hidden, "end")} without a row of their own share the last of their box.`,
    );
  }
  return lines;
}

function writeHead(lines: readonly string[], incomplete: boolean, write: Write): void {
  const x = SIZE.margin;
  let y = 20;
  if (incomplete) {
    const text = "INCOMPLETE: an object that may decide traffic could not be read";
    write(`<text x="${x}" y="${y}" fill="#b91c1c" class="n">${text}</text>\n`);
    y += 16;
  }
  for (const line of lines) {
    write(`<text x="${x}" y="${y}" class="q">${xmlText(line)}</text>\n`);
    y += 16;
  }
}

function writeBox(box: Box, peers: readonly ReachPeer[], write: Write): void {
  const { x, y, height, name, kind, rows } = box;
  const fill = { namespace: "#f8fafc", outside: "#fff7ed", nodes: "#f0fdf4" }[kind];
  write(
    `<rect x="${x}" y="${y}" width="${SIZE.box}" height="${height}" rx="8" fill="${fill}" stroke="#94a3b8"/>\n`,
  );
  write(
    `<text x="${x + 10}" y="${y + 20}" class="n">${xmlText(cut(name))}${titleOf(name)}</text>\n`,
  );
  for (const { label, peers: own, y: middle } of rows) {
    const only = own.length === 1 ? peers[own[0]!] : undefined;
    const about =
      only === undefined
        ? shorten(
            own.map((index) => peers[index]!.id),
            20,
          )
        : aboutPeer(only);
    write(`<text x="${x + 14}" y="${middle + 4}">${xmlText(cut(label))}${titleOf(about)}</text>\n`);
  }
}

function aboutPeer(peer: ReachPeer): string {
  if (peer.kind !== "outside") return peer.id;
  return `${peer.id}: ${shorten(peer.addresses.map(formatRange), 8)}`;
}

function titleOf(text: string): string {
  return `<title>${xmlText(text)}</title>`;
}

function cut(text: string): string {
  const characters = Array.from(text);
  return characters.length <= NAME ? text : `${characters.slice(0, NAME - 1).join("")}…`;
}

function writeCurve(
  { from, to, entries }: Curve,
  { boxes, spots }: Layout,
  peers: readonly ReachPeer[],
  write: Write,
): void {
  const [source, target] = [spots[from]!, spots[to]!];
  const depends = entries.every(({ verdict }) => verdict === "depends");
  const said = entries.map(trafficText).join("; ");
  const path = pathOf([boxes[source.box]!, source.y], [boxes[target.box]!, target.y]);
  const title = titleOf(`${peers[from]!.id} → ${peers[to]!.id}: ${said}`);
  write(`<path d="${path}"${lineOf(source.box, 1.2, depends)}>${title}</path>\n`);
}

function trafficText({ traffic, universe, family, verdict, conditions }: Rectangle): string {
  const ports = shorten(formatTraffic(traffic, universe), 8);
  const ofFamily = family === undefined ? "" : ` (IPv${family})`;
  const only =
    conditions.length === 0 ? "" : ` if ${conditions.map(({ text }) => text).join(" or ")}`;
  return `${ports}${ofFamily}${verdict === "depends" ? " depends" : only}`;
}

function writeBundle(bundle: Bundle, { boxes }: Layout, write: Write): void {
  const { from, to, count: number, depends, example } = bundle;
  const [source, target] = [boxes[from]!, boxes[to]!];
  const path = pathOf([source, bundleHeight(source)], [target, bundleHeight(target)]);
  const some = depends > 0 ? `, ${depends} of them depend` : "";
  const [first, second] = example;
  const title = titleOf(
    `${source.name} → ${target.name}: ${count(number, "connection")}${some}; one is ${first.id} → ${second.id}`,
  );
  const width = Math.min(12, 2 + Math.log2(number) / 2).toFixed(1);
  write(`<path d="${path}"${lineOf(from, width, depends === number)}>${title}</path>\n`);
}

/** Bundles begin and end at the head of a box. */
function bundleHeight({ y }: Box): number {
  return y + SIZE.head / 2;
}

/** The number of a bundle, on its curve near its beginning; those of one box are apart. */
function writeNumber({ from, to, count: number }: Bundle, { boxes }: Layout, write: Write): void {
  const [source, target] = [boxes[from]!, boxes[to]!];
  const points = pointsOf([source, bundleHeight(source)], [target, bundleHeight(target)]);
  const at = 0.2 + 0.06 * (to % 5);
  const [x, y] = [pointAt(points[0], at), pointAt(points[1], at)];
  write(
    `<text x="${x.toFixed(0)}" y="${(y + 3).toFixed(0)}" text-anchor="middle" font-size="10" stroke="#fff" stroke-width="3" paint-order="stroke" fill="${colourOf(from)}">${number}</text>\n`,
  );
}

/** A cubic curve in one dimension (Bernstein polynomials). */
function pointAt([a, b, c, d]: Cubic, t: number): number {
  const u = 1 - t;
  return u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
}

function colourOf(box: number): string {
  return COLOURS[box % COLOURS.length]!;
}

function lineOf(box: number, width: number | string, isDashed: boolean): string {
  const index = box % COLOURS.length;
  const dashed = isDashed ? ' class="d"' : "";
  return `${dashed} stroke="${COLOURS[index]}" stroke-width="${width}" marker-end="url(#a${index})"`;
}

type End = readonly [box: Box, y: number];

function right({ x }: Box): number {
  return x + SIZE.box;
}

/** Where a curve leaves and enters: at the sides that face each other, and in one column both at the right. */
function endsOf(
  [source, y1]: End,
  [target, y2]: End,
): readonly [x1: number, y1: number, x2: number, y2: number, bend: number] {
  if (source.column === target.column) {
    const bend = 30 + Math.min(SIZE.gutter * 0.75, Math.abs(y2 - y1) * 0.25);
    return [right(source), y1, right(target), y2, bend];
  }
  if (source.column < target.column) {
    const [x1, x2] = [right(source), target.x];
    return [x1, y1, x2, y2, Math.max(70, (x2 - x1) * 0.45)];
  }
  const [x1, x2] = [source.x, right(target)];
  return [x1, y1, x2, y2, Math.min(-70, (x2 - x1) * 0.45)];
}

/** A cubic curve in one dimension: beginning, two points that pull, end. */
type Cubic = readonly [number, number, number, number];

/** A curve from one end to another. Between columns those of one pair of boxes are drawn together toward the middles of the boxes. */
function pointsOf(source: End, target: End): readonly [x: Cubic, y: Cubic] {
  const [x1, y1, x2, y2, bend] = endsOf(source, target);
  const isSame = source[0].column === target[0].column;
  // one that comes back to its own row would be a line of no length
  const back = isSame && y1 === y2 ? 5 : 0;
  const pull = (y: number, [box]: End): number =>
    isSame ? y : y + (box.y + box.height / 2 - y) * 0.4;
  return [
    [x1, x1 + bend, isSame ? x2 + bend : x2 - bend, x2],
    [y1 - back, pull(y1, source) - back * 2, pull(y2, target) + back * 2, y2 + back],
  ];
}

function pathOf(source: End, target: End): string {
  const [xs, ys] = pointsOf(source, target);
  const [first, ...rest] = xs.map((x, index) => `${rounded(x)} ${rounded(ys[index]!)}`);
  return `M${first}C${rest.join(" ")}`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
