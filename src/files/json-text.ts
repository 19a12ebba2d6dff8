import { MAX_DEPTH } from "./limits.ts";

/** The ends of the values that follow one another in a text, by skipping over them: `undefined` where one has no end. Does not check what it skips. */
export function* jsonValues(text: string): Generator<{ start: number; end: number | undefined }> {
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const end = skipValue(text, at);
    yield { start: at, end };
    if (end === undefined) return;
    at = skipSpace(text, end);
  }
}

/** What is wrong with a text that JSON.parse refuses, and the offset of it. */
export function faultOfJson(text: string): { readonly at: number; readonly reason: string } {
  try {
    JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const at = Number(/ at position (\d+)/u.exec(message)?.[1] ?? 0);
    const plain = message.replace(/(?: in JSON)? at position .*$/su, "");
    return { at, reason: `no JSON: ${plain.replaceAll(/[\s\p{Cc}\uFEFF]+/gu, " ")}` };
  }
  return { at: 0, reason: "no JSON" };
}

/** The offset of `path` in the JSON value at `start`: of the key for an object's entry, of the item for a list's. Of the nearest parent if the path leads nowhere. */
export function jsonOffset(
  text: string,
  start: number,
  path: readonly (string | number)[],
): number {
  let found = skipSpace(text, start);
  let value = found;
  for (const step of path) {
    const next =
      typeof step === "number" ? findItem(text, value, step) : findKey(text, value, step);
    if (next === undefined) return found;
    found = next.at;
    value = next.value;
  }
  return found;
}

/** The offsets of all items of the list at `path` in the JSON value at `start`, in one pass; none where there is no list. */
export function jsonItems(
  text: string,
  start: number,
  path: readonly (string | number)[],
): readonly number[] {
  let list = skipSpace(text, start);
  for (const step of path) {
    const next = typeof step === "number" ? findItem(text, list, step) : findKey(text, list, step);
    if (next === undefined) return [];
    list = next.value;
  }
  if (text[list] !== "[") return [];
  const offsets: number[] = [];
  let at = skipSpace(text, list + 1);
  while (text[at] !== "]" && at < text.length) {
    offsets.push(at);
    at = afterComma(text, skipValue(text, at));
  }
  return offsets;
}

/** Whether a value nests deeper than documents may. */
export function isTooDeep(value: unknown, levels: number = MAX_DEPTH): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const child of Object.values(value)) {
    if (typeof child === "object" && child !== null && isTooDeep(child, levels - 1)) return true;
  }
  return false;
}

interface Place {
  readonly at: number;
  readonly value: number;
}

function findItem(text: string, list: number, index: number): Place | undefined {
  if (text[list] !== "[") return undefined;
  let at = skipSpace(text, list + 1);
  for (let item = 0; text[at] !== "]" && at < text.length; item++) {
    if (item === index) return { at, value: at };
    at = afterComma(text, skipValue(text, at));
  }
  return undefined;
}

function findKey(text: string, object: number, key: string): Place | undefined {
  if (text[object] !== "{") return undefined;
  let found: Place | undefined;
  let at = skipSpace(text, object + 1);
  while (text[at] === '"') {
    const end = skipString(text, at);
    const value = skipSpace(text, skipSpace(text, end) + 1); // behind the colon
    // The last of duplicate keys counts, as in JSON.parse.
    if (sameKey(text.slice(at, end), key)) found = { at, value };
    at = afterComma(text, skipValue(text, value));
  }
  return found;
}

function sameKey(quoted: string, key: string): boolean {
  if (!quoted.includes("\\")) return quoted.length === key.length + 2 && quoted.includes(key);
  try {
    return JSON.parse(quoted) === key;
  } catch {
    return false; // Not a string by JSON's rules, so not the key.
  }
}

function afterComma(text: string, end: number | undefined): number {
  if (end === undefined) return text.length;
  const at = skipSpace(text, end);
  return text[at] === "," ? skipSpace(text, at + 1) : at;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) break;
  }
  return at;
}

function skipString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    at += code === 92 ? 2 : 1;
  }
  return text.length;
}

/** Behind the value at `from`; nothing if there is none, or if its brackets or quotes do not close. */
function skipValue(text: string, from: number): number | undefined {
  const first = text[from];
  if (first === "{" || first === "[") return skipBrackets(text, from);
  if (first === '"') {
    const end = skipString(text, from);
    return text[end - 1] === '"' && end > from + 1 ? end : undefined;
  }
  SCALAR.lastIndex = from;
  return SCALAR.test(text) ? SCALAR.lastIndex : undefined;
}

/** A number, `true`, `false` or `null`, or what somebody wrote in their place. */
const SCALAR = /[^\s,:"{}[\]]+/uy;

function skipBrackets(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      at = skipString(text, at);
      continue;
    }
    at++;
    if (code === 123 || code === 91) depth++;
    else if (code === 125 || code === 93) depth--;
    if (depth === 0) return at;
  }
  return undefined;
}
