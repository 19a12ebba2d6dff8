import { readFileSync, statSync } from "node:fs";
import process from "node:process";
import type { Locate, Origin, Path } from "../model/index.ts";
import { decode } from "./decode.ts";
import { jsonItems, jsonOffset } from "./json-text.ts";
import { MAX_JSON_BYTES } from "./limits.ts";
import { type OffsetOf, pathKey, yamlOffsets } from "./yaml-offsets.ts";

/** Characters of texts that are kept: answers refer to files in any order, and most sets of manifests are smaller than this. */
const KEPT_TEXT = 32_000_000;
/** Documents whose offsets are kept; some kilobytes each. */
const KEPT_DOCUMENTS = 1024;
/** Offsets of items of Lists that are kept; a number each. */
const KEPT_ITEMS = 1_000_000;

/** A function that finds the lines of fields by reading the file again, and only then; what cannot be read twice is in `streamed`. If the file is gone or has changed, it is the object's line. */
export function createLocate(streamed: ReadonlyMap<string, string>): Locate {
  const texts = createKept<IndexedText | undefined>(KEPT_TEXT, (found) => found?.text.length ?? 0);
  const documents = createKept<OffsetOf>(KEPT_DOCUMENTS, () => 1);
  const textOf = (file: string): IndexedText | undefined =>
    remembered(texts, file, () => {
      const text = streamed.get(file) ?? readAgain(file);
      return text === undefined ? undefined : { text, lineEnds: lineEndsOf(text) };
    });
  const yamlOffset = (text: string, origin: Origin, path: Path): number | undefined => {
    const key = `${origin.start} ${origin.file}`;
    const offsetOf = remembered(documents, key, () =>
      offsetsOf(text.slice(origin.start, origin.end)),
    );
    const offset = offsetOf(path);
    return offset === undefined ? undefined : origin.start + offset;
  };
  const lists = createKept<readonly number[]>(KEPT_ITEMS, (offsets) => offsets.length);
  // Thousands of findings in the items of one List: each item is looked for once, not from the beginning of the List.
  const offsetInJson = (text: string, { file, start, inside }: Origin, path: Path): number => {
    const index = inside.at(-1);
    const list = inside.slice(0, -1);
    const key = `${start} ${pathKey(list)} ${file}`;
    const item =
      typeof index === "number"
        ? remembered(lists, key, () => jsonItems(text, start, list))[index]
        : undefined;
    return item === undefined
      ? jsonOffset(text, start, [...inside, ...path])
      : jsonOffset(text, item, path);
  };
  return (origin, path) => {
    const { file, line, format } = origin;
    const whole = [...origin.inside, ...path];
    if (format === "line" || whole.length === 0) return { file, line };
    const found = textOf(file);
    if (found === undefined || origin.end > found.text.length) return { file, line };
    const offset =
      format === "yaml"
        ? yamlOffset(found.text, origin, whole)
        : offsetInJson(found.text, origin, path);
    return { file, line: offset === undefined ? line : lineAt(found.lineEnds, offset) };
  };
}

interface IndexedText {
  readonly text: string;
  readonly lineEnds: readonly number[];
}

/** Values that are kept up to a total size; the oldest goes first, the newest always stays. */
interface Kept<Value> {
  readonly values: Map<string, Value>;
  readonly most: number;
  readonly sizeOf: (value: Value) => number;
  size: number;
}

function createKept<Value>(most: number, sizeOf: (value: Value) => number): Kept<Value> {
  return { values: new Map(), most, sizeOf, size: 0 };
}

/** What is kept for `key`, else what `make` makes. */
function remembered<Value>(kept: Kept<Value>, key: string, make: () => Value): Value {
  const { values, most, sizeOf } = kept;
  if (values.has(key)) return values.get(key)!;
  const value = make();
  values.set(key, value);
  kept.size += sizeOf(value);
  for (const [oldest, gone] of values) {
    if (kept.size <= most || oldest === key) break;
    values.delete(oldest);
    kept.size -= sizeOf(gone);
  }
  return value;
}

function offsetsOf(source: string): OffsetOf {
  try {
    return yamlOffsets(source);
  } catch {
    return () => undefined; // The file has changed since it was read.
  }
}

function readAgain(file: string): string | undefined {
  try {
    const status = file === "-" ? undefined : statSync(file);
    // A pipe would wait for ever.
    if (status?.isFile() !== true || status.size > MAX_JSON_BYTES) return undefined;
    const bytes = readFileSync(file);
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return decode(bytes);
    const { gunzipSync } = process.getBuiltinModule("node:zlib");
    return decode(gunzipSync(bytes, { maxOutputLength: MAX_JSON_BYTES }));
  } catch {
    return undefined; // The file is gone since it was read.
  }
}

function lineEndsOf(text: string): readonly number[] {
  const ends: number[] = [];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) ends.push(at);
  return ends;
}

function lineAt(lineEnds: readonly number[], offset: number): number {
  let low = 0;
  let high = lineEnds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (lineEnds[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}
