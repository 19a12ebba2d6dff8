import { resolvePlain } from "./kubectl-schema.ts";

/**
 * Reads a document in the plain block style that almost all manifests are written in: maps and lists by indentation, scalars on one line,
 * keys without quotes. `undefined` for everything else, down to the first doubt: then the whole parser has the word. A fifth of its time.
 */
export function readPlainYaml(source: string, marks?: Marks): object | undefined {
  if (ODD_CHARACTER.test(source)) return undefined;
  const reader: Reader = { source, marks, at: 0, column: -1 };
  // the separator in front: `documentRanges` lets only a comment stand behind it
  toContent(reader, source.startsWith("---") ? lineEnd(source, 0) + 1 : 0);
  if (reader.column !== 0 || isDash(reader)) return undefined;
  const map = readMap(reader);
  return map === ODD ? undefined : map;
}

/** Where the entries of each map and list begin, in their order: a map's at its key, a list's at its content. */
export type Marks = Map<object, readonly number[]>;

/** Tabs, carriage returns and what is not ASCII have rules of their own. */
const ODD_CHARACTER = /[^\n\u0020-\u007e]/u;

/** Said of what only the whole parser can judge. */
const ODD: unique symbol = Symbol("odd");

/** A key that is a plain scalar, up to its colon. */
const KEY = /[A-Za-z_][A-Za-z0-9_./-]*(?=:(?:[ \n]|$))/uy;

/** Further to the right the whole parser counts how deep things nest. */
const MAX_COLUMN = 40;

interface Reader {
  readonly source: string;
  readonly marks: Marks | undefined;
  /** The first character of the line to read next that is no indentation. */
  at: number;
  /** Its column; -1 behind the last line. */
  column: number;
}

/** Goes to the first content from the start of a line on, past blank lines and comments. */
function toContent(reader: Reader, lineStart: number): void {
  const { source } = reader;
  let start = lineStart;
  for (;;) {
    let at = start;
    while (source.charCodeAt(at) === SPACE) at++;
    if (at >= source.length) break;
    const code = source.charCodeAt(at);
    if (code !== NEWLINE && code !== HASH) {
      reader.at = at;
      reader.column = at - start;
      return;
    }
    start = lineEnd(source, at) + 1;
  }
  reader.column = -1;
}

const NEWLINE = 10;
const SPACE = 32;
const HASH = 35;
const DASH = 45;

function lineEnd(source: string, from: number): number {
  const at = source.indexOf("\n", from);
  return at === -1 ? source.length : at;
}

function isDash({ source, at }: Reader): boolean {
  if (source.charCodeAt(at) !== DASH) return false;
  const next = source.charCodeAt(at + 1);
  return next === SPACE || next === NEWLINE || at + 1 === source.length;
}

/** The map whose first key is next. */
function readMap(reader: Reader): object | typeof ODD {
  const { source, column } = reader;
  if (column > MAX_COLUMN) return ODD;
  const map: Record<string, unknown> = {};
  const starts = markEntries(reader, map);
  do {
    starts?.push(reader.at);
    KEY.lastIndex = reader.at;
    if (!KEY.test(source)) return ODD;
    const end = KEY.lastIndex;
    const key = source.slice(reader.at, end);
    if (key === "__proto__" || Object.hasOwn(map, key)) return ODD;
    if (typeof resolvePlain(key) !== "string") return ODD;
    const value = readValue(reader, end + 1);
    if (value === ODD) return ODD;
    map[key] = value;
  } while (reader.column === column);
  // a line in between, or one that goes on with the last scalar
  return reader.column > column ? ODD : map;
}

/** The list that is to be filled with the starts of a collection's entries, if anybody wants them. */
function markEntries({ marks }: Reader, collection: object): number[] | undefined {
  if (marks === undefined) return undefined;
  const starts: number[] = [];
  marks.set(collection, starts);
  return starts;
}

/** What stands behind the colon of a key at the reader's column: in the same line, or below it. */
function readValue(reader: Reader, from: number): unknown {
  const { source, column } = reader;
  const end = lineEnd(source, from);
  const text = source.slice(from, end).trim();
  toContent(reader, end + 1);
  if (text !== "") return scalarOf(text);
  if (reader.column < column) return null;
  // a list may stand right below its key
  if (isDash(reader)) return readList(reader);
  return reader.column === column ? null : readMap(reader);
}

/** The list whose first dash is next. */
function readList(reader: Reader): unknown[] | typeof ODD {
  const { source, column } = reader;
  const list: unknown[] = [];
  const starts = markEntries(reader, list);
  do {
    let at = reader.at + 1;
    while (source.charCodeAt(at) === SPACE) at++;
    starts?.push(at);
    KEY.lastIndex = at;
    let item: unknown;
    if (KEY.test(source)) {
      reader.column += at - reader.at;
      reader.at = at;
      item = readMap(reader);
    } else {
      const end = lineEnd(source, at);
      item = scalarOf(source.slice(at, end).trimEnd());
      toContent(reader, end + 1);
    }
    if (item === ODD) return ODD;
    list.push(item);
  } while (reader.column === column && isDash(reader));
  return reader.column > column ? ODD : list;
}

/** The value of a scalar or an empty collection that is a line's whole rest, without spaces around it. */
function scalarOf(text: string): unknown {
  if (PLAIN_START.test(text)) {
    if (text.includes(": ") || text.includes(" #") || text.endsWith(":")) return ODD;
    const value = resolvePlain(text);
    return typeof value === "number" && !Number.isFinite(value) ? ODD : value;
  }
  if (QUOTED.test(text)) return text.slice(1, -1);
  if (text === "{}") return {};
  return text === "[]" ? [] : ODD;
}

const PLAIN_START = /^(?:[A-Za-z0-9_./$(+~]|-[A-Za-z0-9.])/u;

/** In quotes, without any escape. */
const QUOTED = /^(?:"[^"\\]*"|'[^']*')$/u;
