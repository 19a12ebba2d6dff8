import { formatRange } from "../base/index.ts";
import type { ReachPeer } from "../policy/index.ts";
import { shorten } from "./style.ts";

/** Sizes of the picture in pixels. */
export const SIZE = {
  box: 230,
  gutter: 190,
  row: 20,
  head: 30,
  gap: 26,
  margin: 30,
  top: 100,
} as const;

/** Rows of a box; what does not fit into them shares the last one. */
const ROWS = 60;

/** Where everything stands. */
export interface Layout {
  readonly boxes: readonly Box[];
  /** The place of each peer, by its index. */
  readonly spots: readonly Spot[];
  readonly width: number;
  readonly height: number;
  /** Peers that have no row of their own. */
  readonly hidden: number;
}

/** A namespace, the outside, or nodes. */
export interface Box {
  readonly name: string;
  readonly kind: "namespace" | "outside" | "nodes";
  /** From the left. */
  readonly column: number;
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly rows: readonly Row[];
}

/** A row of a box: a peer, or those that have none of their own. */
export interface Row {
  readonly label: string;
  readonly peers: readonly number[];
  /** The middle of the row. */
  readonly y: number;
}

/** The box of a peer, by index, and the height at which its connections begin and end. */
export interface Spot {
  readonly box: number;
  readonly y: number;
}

/** Lays peers out: the outside at the left, namespaces in columns by name, nodes at the right. */
export function layOut(peers: readonly ReachPeer[]): Layout {
  const named = Map.groupBy(peers.keys(), (index) => boxOf(peers[index]!));
  const lists = [...named].map(([key, list]) => ({ key, list }));
  const ofKind = (kind: Box["kind"]): Lists =>
    lists.filter(({ key }) => key.startsWith(`${kind}:`));
  const outside = ofKind("outside");
  const namespaces = ofKind("namespace");
  const heights = namespaces.map(({ list }) => heightOf(list.length) + SIZE.gap);
  const total = heights.reduce((sum, height) => sum + height, 0);
  // about three wide for two high
  const columns = Math.max(1, Math.round(Math.sqrt((total * 1.5) / (SIZE.box + SIZE.gutter))));
  const boxes: Box[] = [];
  const target = total / columns;
  let column = outside.length > 0 ? 1 : 0;
  stack(outside, 0, { boxes, peers });
  for (let next = 0; next < namespaces.length; column++) {
    const first = next;
    for (let height = 0; next < namespaces.length; next++) {
      const taller = height + heights[next]!;
      if (next > first && taller - target > target - height) break;
      height = taller;
    }
    stack(namespaces.slice(first, next), column, { boxes, peers });
  }
  stack(ofKind("nodes"), column, { boxes, peers });
  const spots: Spot[] = [];
  for (const [box, { rows }] of boxes.entries()) {
    for (const { peers: own, y } of rows) for (const peer of own) spots[peer] = { box, y };
  }
  return {
    boxes,
    spots,
    width: Math.max(0, ...boxes.map(({ x }) => x)) + SIZE.box + SIZE.gutter / 2 + SIZE.margin,
    height: Math.max(0, ...boxes.map(({ y, height }) => y + height)) + SIZE.margin,
    hidden: boxes
      .flatMap(({ rows }) => rows)
      .reduce((sum, { peers: own }) => sum + (own.length > 1 ? own.length : 0), 0),
  };
}

type Lists = readonly { readonly key: string; readonly list: readonly number[] }[];

function boxOf({ kind, id }: ReachPeer): string {
  if (kind === "outside") return "outside:outside";
  if (kind === "workload" || kind === "pod") return `namespace:${id.slice(0, id.indexOf("/"))}`;
  return "nodes:nodes";
}

function heightOf(peers: number): number {
  return SIZE.head + Math.min(peers, ROWS) * SIZE.row + 8;
}

/** Puts boxes under one another. */
function stack(
  lists: Lists,
  column: number,
  { boxes, peers }: { readonly boxes: Box[]; readonly peers: readonly ReachPeer[] },
): void {
  let y: number = SIZE.top;
  const x = SIZE.margin + column * (SIZE.box + SIZE.gutter);
  for (const { key, list } of lists) {
    const at = key.indexOf(":");
    const height = heightOf(list.length);
    const shown = list.length <= ROWS ? list : list.slice(0, ROWS - 1);
    const rest = list.slice(shown.length);
    const middle = (row: number): number => y + SIZE.head + row * SIZE.row + SIZE.row / 2;
    const rows: Row[] = shown.map((peer, row) => ({
      label: labelOf(peers[peer]!),
      peers: [peer],
      y: middle(row),
    }));
    if (rest.length > 0) {
      rows.push({ label: `and ${rest.length} more`, peers: rest, y: middle(shown.length) });
    }
    const kind = key.slice(0, at) as Box["kind"];
    boxes.push({ name: key.slice(at + 1), kind, column, x, y, height, rows });
    y += height + SIZE.gap;
  }
}

function labelOf(peer: ReachPeer): string {
  const { kind, id } = peer;
  if (peer.kind === "outside") return `${id}  ${shorten(peer.addresses.map(formatRange), 1)}`;
  return kind === "workload" || kind === "pod" ? id.slice(id.indexOf("/") + 1) : id;
}
