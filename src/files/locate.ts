import { readFileSync } from "node:fs";

import type { Locate, Origin } from "../model/index.ts";
import { jsonOffset } from "./json-position.ts";
import { type Offsets, offsetsOf, pathKey } from "./yaml-position.ts";

/** How many texts and documents are kept at hand: findings come file by file. */
const KEPT = 8;

/** Finds lines by reading a file again when one is asked for. `texts` holds what cannot be read again (standard input). */
export function createLocate(texts: ReadonlyMap<string, string>): Locate {
  const files = new Map<string, string | undefined>();
  const documents = new Map<string, Offsets>();
  const textOf = (file: string): string | undefined =>
    texts.get(file) ?? remember(files, file, () => readText(file));
  return (origin, path) => {
    const { file, line, format } = origin;
    const steps = [...origin.inside, ...path];
    if (format === "line" || steps.length === 0) return { file, line };
    const text = textOf(file);
    if (text === undefined) return { file, line };
    const offset =
      format === "json"
        ? jsonOffset(text, origin.start, steps)
        : yamlOffset(documents, text, origin, steps);
    return { file, line: offset === undefined ? line : lineOf(text, offset) };
  };
}

function yamlOffset(
  documents: Map<string, Offsets>,
  text: string,
  { file, start, end }: Origin,
  steps: Origin["inside"],
): number | undefined {
  const offsets = remember(documents, `${file}:${start}`, () => offsetsOf(text.slice(start, end)));
  for (let length = steps.length; length > 0; length--) {
    const offset = offsets.get(pathKey(steps.slice(0, length)));
    if (offset !== undefined) return start + offset;
  }
  return undefined;
}

function remember<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  if (known.has(key)) return known.get(key)!;
  if (known.size >= KEPT) known.delete(known.keys().next().value!);
  const value = make();
  known.set(key, value);
  return value;
}

function readText(file: string): string | undefined {
  try {
    return stripMark(readFileSync(file, "utf8"));
  } catch {
    return undefined; // gone since it was read: the line of the object is what is left
  }
}

/** A text without its byte order mark, as it was when its positions were noted. */
export function stripMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1))
    line++;
  return line;
}
