import { type CST, type YAMLMap, type YAMLSeq, isCollection, isMap, isNode, stringify } from "yaml";

/** A piece of text that takes the place of another. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A list or a map, in block or flow style. */
export type Collection = YAMLMap.Parsed | YAMLSeq.Parsed;

/** Where an entry of a collection stands: from its key or dash to behind its value, without comments. */
export interface Entry {
  readonly start: number;
  readonly end: number;
}

/** How a text is laid out, and how lines are put into it and taken out. */
export interface Layout {
  readonly eol: string;
  readonly isJson: boolean;
  readonly entriesOf: (collection: Collection) => readonly Entry[];
  /** Where the value of an entry may begin, right behind `:` or `-`, and the comments from there up to `value`. */
  readonly beforeValue: (
    at: { readonly collection: Collection; readonly index: number },
    value: number,
  ) => { readonly start: number; readonly comments: string };
  readonly columnOf: (offset: number) => number;
  /** The white space between an entry and what is before it, for one more like it. */
  readonly gapBefore: (start: number) => string;
  /** What must follow a text that ends where one ended that took its line end along. */
  readonly endOf: (end: number) => string;
  /** A value as lines; `below`: it stands behind a key, on the same line if it fits there. */
  readonly blockLines: (value: unknown, below: boolean) => readonly string[];
  readonly insertLines: (after: number, lines: readonly string[]) => Splice;
  readonly withoutLines: (entry: Entry) => Splice;
}

/** The layout of a document's text. */
export function layoutOf(source: string): Layout {
  const eol = /\r\n/u.test(source) ? "\r\n" : "\n";
  const lineStart = (offset: number): number => source.lastIndexOf("\n", offset - 1) + 1;
  /** The offset of the line end at or behind `offset`; a value may have taken its own along. */
  const lineEnd = (offset: number): number => {
    if (source[offset - 1] === "\n") return offset - 1;
    const at = source.indexOf("\n", offset);
    return at === -1 ? source.length : at;
  };
  return {
    eol,
    isJson: /^\s*[[{]/u.test(source) && isJsonText(source),
    entriesOf: (collection) => entriesOf(collection),
    beforeValue: ({ collection, index }, value) => {
      const start = behindMark(collection, index) ?? value;
      return { start, comments: source.slice(start, Math.max(start, value)).trimEnd() };
    },
    columnOf: (offset) => offset - lineStart(offset),
    gapBefore: (start) => {
      const line = source.slice(lineStart(start), start);
      return /^\s*$/u.test(line) && start > line.length ? eol + line : " ";
    },
    endOf: (end) => (source[end - 1] === "\n" ? eol : ""),
    blockLines: (value, below) => blockLines(value, below),
    insertLines: (after, lines) => {
      const end = lineEnd(after);
      const text = lines.join(eol);
      if (end === source.length) return { start: end, end, text: eol + text };
      return { start: end + 1, end: end + 1, text: text + eol };
    },
    withoutLines: ({ start, end }) => {
      const first = lineStart(start);
      const last = lineEnd(end);
      if (!/^\s*$/u.test(source.slice(first, start))) {
        // It stands behind the dash of its list: what follows moves up.
        const gap = /^\s*/u.exec(source.slice(last))?.[0].length ?? 0;
        return { start, end: last + gap, text: "" };
      }
      if (last < source.length) return { start: first, end: last + 1, text: "" };
      const before = source.slice(0, first).replace(/\r?\n$/u, "");
      return { start: before.length, end: last, text: "" };
    },
  };
}

function isJsonText(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false; // YAML's flow style
  }
}

/** A value on one line: as JSON, or as YAML writes it between brackets. */
export function flowText(value: unknown, isJson: boolean): string {
  if (isJson) return JSON.stringify(value);
  const options = { collectionStyle: "flow", flowCollectionPadding: false } as const;
  return stringify([value], { ...YAML, ...options })
    .trim()
    .slice(1, -1);
}

/** YAML 1.1: what kubectl would take for a boolean or an octal number is put in quotes. */
const YAML = { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false } as const;

function blockLines(value: unknown, below: boolean): readonly string[] {
  const isFilled = typeof value === "object" && value !== null && Object.keys(value).length > 0;
  if (!isFilled) return [` ${flowText(value, false)}`];
  const lines = stringify(value, YAML).trimEnd().split("\n");
  return below ? ["", ...lines] : lines;
}

type Token = CST.Token | CST.SourceToken;

/** The entries of a collection in the parser's tokens: a last one may hold only comments. */
function itemsOf({ srcToken }: Collection): readonly CST.CollectionItem[] {
  if (srcToken === undefined || !("items" in srcToken)) return [];
  return (srcToken.items as readonly CST.CollectionItem[]).filter(
    ({ start, key, sep, value }) =>
      key !== undefined ||
      sep !== undefined ||
      value !== undefined ||
      start.some(({ type }) => type === "seq-item-ind"),
  );
}

function entriesOf(collection: Collection): readonly Entry[] {
  return itemsOf(collection).map((item, index) => {
    const marks: readonly Token[] = item.start.filter(
      ({ type }) => !["space", "newline", "comment", "comma"].includes(type),
    );
    const first = marks[0] ?? item.key ?? item.sep?.[0] ?? item.value;
    const start = first?.offset ?? 0;
    return { start, end: endOfEntry(collection, index, start) };
  });
}

function endOfEntry(collection: Collection, index: number, start: number): number {
  const mark = behindMark(collection, index) ?? start;
  if (!isMap(collection)) return Math.max(mark, contentEnd(collection.items[index]));
  const { key, value } = collection.items[index]!;
  return Math.max(mark, contentEnd(key), contentEnd(value));
}

/** Behind the last character of a value; what is empty in a block ends nowhere of its own. */
function contentEnd(node: unknown): number {
  if (!isNode(node)) return 0;
  if (isCollection(node) && node.flow !== true && node.items.length > 0) {
    return entriesOf(node as Collection).at(-1)!.end;
  }
  const [start, end] = node.range ?? [0, 0];
  return start === end ? 0 : end;
}

/** Behind the `:` or `-` of an entry of a block collection. */
function behindMark(collection: Collection, index: number): number | undefined {
  const item = itemsOf(collection)[index];
  const mark = isMap(collection)
    ? item?.sep?.find(({ type }) => type === "map-value-ind")
    : item?.start.find(({ type }) => type === "seq-item-ind");
  return mark === undefined ? undefined : mark.offset + 1;
}
