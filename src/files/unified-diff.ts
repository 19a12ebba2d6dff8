import type { ChangedFile } from "./apply-edits.ts";

/** Lines around a change that are shown with it. */
const CONTEXT = 3;

/** The difference of a file before and after, in the unified format that `git apply` and `patch -p1` take. */
export function unifiedDiff({ file, before, after }: ChangedFile): string {
  const [a, b] = [linesOf(before), linesOf(after)];
  const hunks = hunksOf(editScript(a, b));
  const texts = hunks.map((hunk) => hunkText(hunk, a, b));
  const name = file.replace(/^\/+/u, "");
  return [`--- a/${name}\n`, `+++ b/${name}\n`, ...texts].join("");
}

/** Lines with their ends; the last may have none. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];
}

/** A run of lines that go, and of those that come in their place. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

/** The lines that differ, by Myers' algorithm: the shortest script; its cost grows with the difference. */
function editScript(a: readonly string[], b: readonly string[]): readonly Run[] {
  const trace: ReadonlyMap<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let distance = 0; ; distance++) {
    trace.push(furthest);
    const next = new Map<number, number>();
    for (let k = -distance; k <= distance; k += 2) {
      let x = goesDown(furthest, k, distance) ? furthest.get(k + 1)! : furthest.get(k - 1)! + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      next.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(trace, a.length, b.length);
    }
    furthest = next;
  }
}

function goesDown(furthest: ReadonlyMap<number, number>, k: number, distance: number): boolean {
  if (k === -distance) return true;
  return k !== distance && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1);
}

function walkBack(
  trace: readonly ReadonlyMap<number, number>[],
  endA: number,
  endB: number,
): readonly Run[] {
  const runs: Run[] = [];
  let [x, y] = [endA, endB];
  for (let distance = trace.length - 1; distance > 0; distance--) {
    const furthest = trace[distance]!;
    const k = x - y;
    const isDown = goesDown(furthest, k, distance);
    const from = isDown ? furthest.get(k + 1)! : furthest.get(k - 1)!;
    const start = from - (isDown ? k + 1 : k - 1);
    const [to, end] = isDown ? [from, start + 1] : [from + 1, start];
    const last = runs.at(-1);
    if (last !== undefined && last.from === to && last.start === end) {
      runs[runs.length - 1] = { ...last, from, start };
    } else runs.push({ from, to, start, end });
    [x, y] = [from, start];
  }
  return runs.toReversed();
}

/** Runs that are near enough to share their context. */
function hunksOf(runs: readonly Run[]): readonly (readonly Run[])[] {
  const hunks: Run[][] = [];
  for (const run of runs) {
    const last = hunks.at(-1);
    if (last !== undefined && run.from - last.at(-1)!.to <= 2 * CONTEXT) last.push(run);
    else hunks.push([run]);
  }
  return hunks;
}

function hunkText(runs: readonly Run[], a: readonly string[], b: readonly string[]): string {
  const [first, last] = [runs[0]!, runs.at(-1)!];
  const before = Math.min(CONTEXT, first.from);
  const after = Math.min(CONTEXT, a.length - last.to);
  const lines: string[] = [];
  let at = first.from - before;
  for (const { from, to, start, end } of runs) {
    lines.push(...a.slice(at, from).map((line) => ` ${line}`));
    lines.push(...a.slice(from, to).map((line) => `-${line}`));
    lines.push(...b.slice(start, end).map((line) => `+${line}`));
    at = to;
  }
  lines.push(...a.slice(at, last.to + after).map((line) => ` ${line}`));
  const old = rangeText(first.from - before, last.to + after);
  const fresh = rangeText(first.start - before, last.end + after);
  return `@@ -${old} +${fresh} @@\n${lines.map(ended).join("")}`;
}

/** First line from 1 and number of lines; of an empty range the line before it. */
function rangeText(from: number, to: number): string {
  const count = to - from;
  return count === 1 ? `${from + 1}` : `${count === 0 ? from : from + 1},${count}`;
}

function ended(line: string): string {
  return line.endsWith("\n") ? line : `${line}\n\\ No newline at end of file\n`;
}
