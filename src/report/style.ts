import type { Verdict } from "../policy/index.ts";

/** How text is coloured; without colours every function gives its text back. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
}

/** Said first of every answer that is incomplete. */
export const INCOMPLETE = "INCOMPLETE: an object that may decide traffic could not be read";

/** Takes pieces of the output in order. */
export type Write = (text: string) => void;

/** The colour of a verdict. */
export function verdictStyle(style: Style, verdict: Verdict): (text: string) => string {
  return { allow: style.green, deny: style.red, depends: style.yellow }[verdict];
}

/** Up to `most` items, then how many more there are. */
export function shorten(items: readonly string[], most: number): string {
  if (items.length <= most + 1) return items.join(", ");
  return `${items.slice(0, most).join(", ")} and ${items.length - most} more`;
}

/** `1 workload`, `2 workloads`. */
export function count(number: number, word: string): string {
  const many = word.endsWith("y") ? `${word.slice(0, -1)}ies` : `${word}s`;
  return `${number} ${number === 1 ? word : many}`;
}

/** A text without line breaks and other control characters: a space stands for them. */
export function oneLine(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
}

/** `file:line`, or nothing. */
export function placeText({
  file,
  line,
}: {
  readonly file?: string;
  readonly line?: number;
}): string {
  return file === undefined ? "" : `${file}:${line ?? 1}`;
}
