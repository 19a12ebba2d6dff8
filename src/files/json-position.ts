import type { Path } from "../model/index.ts";

/** The offset of a field in a JSON text: of the key in an object, of the item in a list; of the nearest parent if the field is absent. The text is known to be valid JSON from `start` on. */
export function jsonOffset(text: string, start: number, path: Path): number {
  let at = skipSpace(text, start);
  let found = at;
  for (const step of path) {
    const next = typeof step === "number" ? findItem(text, at, step) : findKey(text, at, step);
    if (next === undefined) return found;
    found = next.at;
    at = next.value;
  }
  return found;
}

interface Place {
  readonly at: number;
  readonly value: number;
}

function findKey(text: string, start: number, key: string): Place | undefined {
  if (text[start] !== "{") return undefined;
  let at = skipSpace(text, start + 1);
  while (text[at] === '"') {
    const end = skipString(text, at);
    const value = skipSpace(text, skipSpace(text, end) + 1);
    if (JSON.parse(text.slice(at, end)) === key) return { at, value };
    at = skipSpace(text, skipValue(text, value));
    if (text[at] !== ",") return undefined;
    at = skipSpace(text, at + 1);
  }
  return undefined;
}

function findItem(text: string, start: number, index: number): Place | undefined {
  if (text[start] !== "[") return undefined;
  let at = skipSpace(text, start + 1);
  for (let i = 0; text[at] !== "]" && at < text.length; i++) {
    if (i === index) return { at, value: at };
    at = skipSpace(text, skipValue(text, at));
    if (text[at] !== ",") return undefined;
    at = skipSpace(text, at + 1);
  }
  return undefined;
}

/** The offset behind a value: brackets are counted, strings skipped whole. */
function skipValue(text: string, start: number): number {
  if (text[start] === '"') return skipString(text, start);
  if (text[start] !== "{" && text[start] !== "[") {
    let at = start;
    while (at < text.length && !/[,\]}\s]/u.test(text[at]!)) at++;
    return at;
  }
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = skipString(text, at) - 1;
    else if (char === "{" || char === "[") depth++;
    else if ((char === "}" || char === "]") && --depth === 0) return at + 1;
  }
  return text.length;
}

function skipString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

/** The offset of the next character that is no white space. */
export function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && " \t\r\n".includes(text[at]!)) at++;
  return at;
}
