/** Where a document stands in a YAML text: from `start` up to but not including `end`. */
export interface DocumentRange {
  readonly start: number;
  readonly end: number;
  /** The offset of the first line that is more than a comment, a directive or a separator. */
  readonly content: number;
  readonly state: RangeState;
}

/**
 * `dropped`: it follows a `...` without a `---` of its own, kubectl never sees it. The others are refused by kubectl:
 * `beside`: something stands behind `---` in its line; `directive`: a `%` line follows a `...`.
 */
export type RangeState = "plain" | "dropped" | "beside" | "directive";

/** The documents that hold anything, line by line, as kubectl's reader cuts them: a line that begins with `---` ends one, and a `...` line as YAML 9.2 says. */
export function* documentRanges(text: string): Generator<DocumentRange> {
  let open = begin(0, "plain");
  for (let at = 0; at < text.length;) {
    const found = text.indexOf("\n", at);
    const next = found === -1 ? text.length : found + 1;
    const code = text.charCodeAt(at);
    if (code === DASH && text.startsWith("---", at)) {
      // The separator behind directives belongs to them.
      if (!open.directives) {
        yield* close(open, at);
        open = begin(at, "plain");
      } else open.directives = false;
      if (!isBlank(text, at + 3, next)) [open.content, open.state] = [at, "beside"];
    } else if (code === DOT && text.startsWith("...", at) && isBlank(text, at + 3, next)) {
      yield* close(open, next);
      open = begin(next, "dropped");
    } else if (code === PERCENT && open.content === -1) {
      open.directives = true;
      if (open.state === "dropped") open.state = "directive";
    } else if (open.content === -1 && !isBlank(text, at, next)) open.content = at;
    at = next;
  }
  yield* close(open, text.length);
}

const DASH = 45;
const DOT = 46;
const PERCENT = 37;

interface OpenRange {
  readonly start: number;
  content: number;
  directives: boolean;
  state: RangeState;
}

function begin(start: number, state: RangeState): OpenRange {
  return { start, content: -1, directives: false, state };
}

function* close({ start, content, state }: OpenRange, end: number): Generator<DocumentRange> {
  if (content !== -1) yield { start, end, content, state };
}

/** Whether there is nothing but space and a comment. Looks at no character twice, however long the text. */
function isBlank(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === 35) return true;
    if (code !== 32 && code !== 9 && code !== 13 && code !== 10) return false;
  }
  return true;
}
