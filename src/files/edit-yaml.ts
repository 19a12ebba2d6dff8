import {
  type Document,
  type ParsedNode,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
} from "yaml";

import type { Path } from "../model/index.ts";
import { type Collection, type Layout, type Splice, flowText, layoutOf } from "./yaml-layout.ts";

/** A change of one value by its path in a document. */
export type Change =
  | { readonly kind: "remove"; readonly path: Path }
  | { readonly kind: "set" | "append"; readonly path: Path; readonly value: unknown };

/** The splice that makes a change in a YAML or JSON document and leaves every other byte alone; a sentence where there is none. */
export function spliceOf(source: string, change: Change): Splice | string {
  const document = parseDocument(source, {
    keepSourceTokens: true,
    uniqueKeys: false,
    version: "1.1",
  });
  if (document.errors.length > 0) return "the document cannot be parsed";
  const layout = layoutOf(source);
  const spot = findSpot(document, change.path);
  if (typeof spot === "string") return spot;
  switch (change.kind) {
    case "remove":
      if (spot.rest.length > 0) return "the field is not there";
      return removeEntry(layout, spot);
    case "set":
      return setEntry(layout, spot, change.value);
    case "append": {
      const list = spot.rest.length === 0 ? valueAt(spot) : null;
      if (isAlias(list)) return ALIASED;
      if (!isSeq(list) || list.items.length === 0) return setEntry(layout, spot, [change.value]);
      return appendEntry(layout, list as Collection, change.value);
    }
  }
}

const ALIASED = "it stands behind an alias, which other places use too";

/** Where a path leads: an entry of a collection, or as far as it exists. */
interface Spot {
  /** From the root: each collection and the entry in it that the path takes. */
  readonly trail: readonly { readonly collection: Collection; readonly index: number }[];
  /** The steps that lead nowhere; the first is looked for in `inside`. */
  readonly rest: Path;
  /** What the last step that exists leads to. */
  readonly inside: ParsedNode | null;
}

function findSpot(document: Document.Parsed, path: Path): Spot | string {
  const trail: { collection: Collection; index: number }[] = [];
  let node: ParsedNode | null = document.contents;
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) return ALIASED;
    const index = isCollection(node) ? indexOf(node, step) : -1;
    if (index === -1) return { trail, rest: path.slice(depth), inside: node };
    trail.push({ collection: node as Collection, index });
    node = entryValue(node as Collection, index);
  }
  return { trail, rest: [], inside: node };
}

/** The last entry of a key counts, as for kubectl. */
function indexOf(collection: Collection, step: string | number): number {
  if (isSeq(collection)) {
    return typeof step === "number" && step < collection.items.length ? step : -1;
  }
  return collection.items.findLastIndex(
    ({ key }) => isScalar(key) && (key.source ?? String(key.value)) === String(step),
  );
}

function entryValue(collection: Collection, index: number): ParsedNode | null {
  return isMap(collection) ? collection.items[index]!.value : collection.items[index]!;
}

function valueAt({ trail }: Spot): ParsedNode | null {
  const last = trail.at(-1);
  return last === undefined ? null : entryValue(last.collection, last.index);
}

function isFlow({ flow }: Collection): boolean {
  return flow === true;
}

function removeEntry(layout: Layout, { trail }: Spot): Splice | string {
  const last = trail.at(-1);
  if (last === undefined) return "it is the whole document";
  const { collection, index } = last;
  const empty = isMap(collection) ? "{}" : "[]";
  const entries = layout.entriesOf(collection);
  const entry = entries[index]!;
  const isOnly = entries.length === 1;
  if (isFlow(collection)) {
    if (isOnly) return { start: collection.range[0], end: collection.range[1], text: empty };
    const next = entries[index + 1];
    if (next !== undefined) return { start: entry.start, end: next.start, text: "" };
    return { start: entries[index - 1]!.end, end: entry.end, text: "" };
  }
  if (isOnly) {
    const holder = trail.at(-2);
    if (holder === undefined) return { ...entry, text: empty + layout.endOf(entry.end) };
    const { start, comments } = layout.beforeValue(holder, entry.start);
    return { start, end: entry.end, text: ` ${empty}${comments}${layout.endOf(entry.end)}` };
  }
  return layout.withoutLines(entry);
}

function setEntry(layout: Layout, spot: Spot, value: unknown): Splice | string {
  return spot.rest.length > 0 ? makeEntry(layout, spot, value) : replaceEntry(layout, spot, value);
}

/** Sets a value whose place does not exist yet, with the objects that lead to it. */
function makeEntry(layout: Layout, { trail, rest, inside }: Spot, value: unknown): Splice | string {
  const [first, ...deeper] = rest;
  if (first === undefined || rest.some((step) => typeof step === "number")) {
    return "the item is not there";
  }
  const nested = deeper.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
  const isEmpty = inside === null || (isScalar(inside) && inside.value === null);
  if (isMap(inside) && inside.items.length > 0) {
    return appendEntry(layout, inside, { [first]: nested });
  }
  if (!isEmpty && !isMap(inside)) return `\`${first}\` has no object to stand in`;
  return replaceEntry(layout, { trail, rest: [], inside }, { [first]: nested });
}

function replaceEntry(layout: Layout, { trail }: Spot, value: unknown): Splice | string {
  const last = trail.at(-1);
  if (last === undefined) return "it is the whole document";
  const { collection, index } = last;
  const entry = layout.entriesOf(collection)[index]!;
  const old = entryValue(collection, index);
  if (isFlow(collection)) {
    if (old?.range === undefined) return "its place cannot be told";
    const text = flowText(value, layout.isJson);
    return { start: old.range[0], end: old.range[1], text };
  }
  const { start, comments } = layout.beforeValue(last, old?.range?.[0] ?? entry.end);
  const [first = "", ...others] = layout.blockLines(value, isMap(collection));
  const head = first === "" || first.startsWith(" ") ? first : ` ${first}`;
  const indent = " ".repeat(layout.columnOf(entry.start) + 2);
  const lines = [
    others.length === 0 ? head + comments : comments + head,
    ...others.map((line) => (line === "" ? "" : indent + line)),
  ];
  return { start, end: entry.end, text: lines.join(layout.eol) + layout.endOf(entry.end) };
}

/** Adds an item to a list or an entry to a map that has some already. */
function appendEntry(layout: Layout, collection: Collection, value: unknown): Splice {
  const entries = layout.entriesOf(collection);
  const last = entries.at(-1)!;
  if (isFlow(collection)) {
    const text = flowText(value, layout.isJson);
    const plain = isMap(collection) ? text.slice(1, -1).trim() : text;
    return { start: last.end, end: last.end, text: `,${layout.gapBefore(last.start)}${plain}` };
  }
  const lines = layout.blockLines(isMap(collection) ? value : [value], false);
  const column = layout.columnOf(entries[0]!.start);
  return layout.insertLines(
    last.end,
    lines.map((line) => (line === "" ? "" : " ".repeat(column) + line)),
  );
}
