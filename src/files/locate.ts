import { readFileSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Locate, Origin, Path } from "../model/index.ts";
import { jsonOffset } from "./json-text.ts";
import { MAX_JSON_BYTES } from "./limits.ts";
import { decode } from "./read-source.ts";
import { pathKey, yamlOffsets } from "./yaml-offsets.ts";

/** Files whose text is kept: positions are asked for file by file. */
const KEPT_TEXTS = 4;
/** Documents whose offsets are kept. */
const KEPT_DOCUMENTS = 64;

/** A function that finds the lines of fields by reading the file again, and only then. If the file is gone or has changed, it is the object's line. */
export function createLocate(stdinText: () => string | undefined): Locate {
  const texts = new Map<string, IndexedText | undefined>();
  const documents = new Map<string, ReadonlyMap<string, number>>();
  const textOf = (file: string): IndexedText | undefined =>
    remembered(texts, file, KEPT_TEXTS, () => {
      const text = file === "-" ? stdinText() : readAgain(file);
      return text === undefined ? undefined : { text, lineEnds: lineEndsOf(text) };
    });
  const yamlOffset = (text: string, origin: Origin, path: Path): number | undefined => {
    const key = `${origin.start} ${origin.file}`;
    const offsets = remembered(documents, key, KEPT_DOCUMENTS, () =>
      offsetsOf(text.slice(origin.start, origin.end)),
    );
    for (let length = path.length; length > 0; length--) {
      const offset = offsets.get(pathKey(path.slice(0, length)));
      if (offset !== undefined) return origin.start + offset;
    }
    return undefined;
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
        : jsonOffset(found.text, origin.start, whole);
    return { file, line: offset === undefined ? line : lineAt(found.lineEnds, offset) };
  };
}

interface IndexedText {
  readonly text: string;
  readonly lineEnds: readonly number[];
}

/** What `cache` has for `key`, else what `make` makes; the oldest goes when there are more than `most`. */
function remembered<Value>(
  cache: Map<string, Value>,
  key: string,
  most: number,
  make: () => Value,
): Value {
  const known = cache.get(key);
  if (known !== undefined || cache.has(key)) return known as Value;
  const value = make();
  cache.set(key, value);
  const oldest = cache.keys().next();
  if (cache.size > most && oldest.done !== true) cache.delete(oldest.value);
  return value;
}

function offsetsOf(source: string): ReadonlyMap<string, number> {
  try {
    return yamlOffsets(source);
  } catch {
    return new Map(); // The file has changed since it was read.
  }
}

function readAgain(file: string): string | undefined {
  try {
    if (statSync(file).size > MAX_JSON_BYTES) return undefined;
    const bytes = readFileSync(file);
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return decode(bytes);
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
