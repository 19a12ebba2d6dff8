import { isDeepStrictEqual } from "node:util";

import { type Edit, type Path, isRaw } from "../model/index.ts";
import { type Change, spliceOf } from "./edit-yaml.ts";
import { readYaml } from "./yaml-documents.ts";

/** A file before and after edits. */
export interface ChangedFile {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** What came of edits: the files that they change, and those that could not be made, with the reason. */
export interface EditResult {
  readonly files: readonly ChangedFile[];
  readonly refused: readonly { readonly edit: Edit; readonly reason: string }[];
}

/** Gives the text of a file as it was read, or a sentence why it cannot be changed. */
export type TextOf = (file: string) => { readonly text: string } | string;

/**
 * Makes edits in the texts of their files and leaves every other byte alone: comments, order, indentation, line ends.
 * Each edit is made in its document alone and read again: one that would not give exactly what it says is refused.
 */
export function applyEdits(edits: readonly Edit[], textOf: TextOf): EditResult {
  const refused: { edit: Edit; reason: string }[] = [];
  const files: ChangedFile[] = [];
  for (const [file, own] of Map.groupBy(unique(edits), ({ origin }) => origin.file)) {
    const read = own[0]!.origin.format === "line" ? NO_MANIFEST : textOf(file);
    if (typeof read === "string") {
      refused.push(...own.map((edit) => ({ edit, reason: `\`${file}\`: ${read}` })));
      continue;
    }
    let after = read.text;
    const byDocument = Map.groupBy(own, ({ origin }) => origin.start);
    // The last document first: the places of the others stay.
    for (const [, mine] of [...byDocument].toSorted(([a], [b]) => b - a)) {
      after = editDocument(after, mine, (edit, reason) =>
        refused.push({ edit, reason: `\`${file}\`: ${reason}` }),
      );
    }
    if (after !== read.text) files.push({ file, before: read.text, after });
  }
  return { files: files.toSorted((a, b) => (a.file < b.file ? -1 : 1)), refused };
}

const NO_MANIFEST = "newline-delimited JSON or a snapshot is not changed: change its manifests";

/** Several findings may ask for the same edit. */
function unique(edits: readonly Edit[]): readonly Edit[] {
  return [...new Map(edits.map((edit) => [keyOf(edit), edit])).values()];
}

function keyOf(edit: Edit): string {
  const { file, start, inside } = edit.origin;
  return JSON.stringify({ ...edit, origin: [file, start, inside] });
}

function isWhole(edit: Edit): boolean {
  return edit.kind === "remove-object" && edit.origin.inside.length === 0;
}

function editDocument(
  text: string,
  edits: readonly Edit[],
  refuse: (edit: Edit, reason: string) => void,
): string {
  const { start, end } = edits[0]!.origin;
  if (edits.some(isWhole)) return text.slice(0, start) + text.slice(end);
  const format = edits[0]!.origin.format;
  let source = text.slice(start, end);
  let removed: readonly Path[] = [];
  for (const { edit, change } of edits.map(changeOf).toSorted(byPath)) {
    // What is inside of something that goes needs no edit of its own.
    if (removed.some((path) => isPrefix(path, change.path))) continue;
    const done = makeChange(source, change, format);
    if ("reason" in done) refuse(edit, done.reason);
    else {
      source = done.source;
      if (change.kind === "remove") removed = [...removed, change.path];
    }
  }
  return text.slice(0, start) + source + text.slice(end);
}

interface Placed {
  readonly edit: Edit;
  readonly change: Change;
}

function changeOf(edit: Edit): Placed {
  const { inside } = edit.origin;
  if (edit.kind === "remove-object") return { edit, change: { kind: "remove", path: inside } };
  return { edit, change: { ...edit, path: [...inside, ...edit.path] } };
}

/** Later items first, so that the indexes of the others stay; what is removed before what is inside of it. */
function byPath({ change: a }: Placed, { change: b }: Placed): number {
  for (const [depth, step] of a.path.entries()) {
    const other = b.path[depth];
    if (other === undefined) return 1;
    if (step === other) continue;
    if (typeof step === "number" && typeof other === "number") return other - step;
    return String(step) < String(other) ? -1 : 1;
  }
  return a.path.length - b.path.length;
}

function isPrefix(prefix: Path, path: Path): boolean {
  return prefix.every((step, depth) => path[depth] === step);
}

function makeChange(
  source: string,
  change: Change,
  format: string,
): { readonly source: string } | { readonly reason: string } {
  const before = valueOf(source, format);
  if (before === undefined) return { reason: "it has changed since it was read: run again" };
  const wanted = changed(before, change);
  if (wanted === undefined) return { reason: `nothing stands at \`${change.path.join(".")}\`` };
  if (isDeepStrictEqual(wanted, before)) return { source };
  const splice = spliceOf(source, change);
  if (typeof splice === "string") return { reason: splice };
  const after = source.slice(0, splice.start) + splice.text + source.slice(splice.end);
  if (isDeepStrictEqual(valueOf(after, format), wanted)) return { source: after };
  return { reason: `\`${change.path.join(".")}\` cannot be changed without touching more` };
}

/** A plain copy of the value of a document, without shared parts. */
function valueOf(source: string, format: string): unknown {
  try {
    if (format === "json") return JSON.parse(source);
    const documents = [...readYaml(source)];
    const [only] = documents;
    return documents.length === 1 && only?.value !== undefined
      ? JSON.parse(JSON.stringify(only.value))
      : undefined;
  } catch {
    return undefined; // the caller tells that the text is not what was read
  }
}

/** The value after a change; nothing if there is nothing to remove. */
function changed(before: unknown, { path, ...change }: Change): unknown {
  const after: unknown = structuredClone(before);
  const [last] = path.slice(-1);
  if (last === undefined) return undefined;
  let at: unknown = after;
  for (const step of path.slice(0, -1)) {
    if (!isRaw(at) && !Array.isArray(at)) return undefined;
    const holder = at as Record<string | number, unknown>;
    if (change.kind !== "remove" && typeof step === "string") holder[step] ??= {};
    at = holder[step];
  }
  if (!isRaw(at) && !Array.isArray(at)) return undefined;
  const holder = at as Record<string | number, unknown>;
  if (change.kind === "set") holder[last] = change.value;
  else if (change.kind === "append") {
    holder[last] = [...((holder[last] ?? []) as readonly unknown[]), change.value];
  } else if (!Object.hasOwn(holder, last)) return undefined;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
  return after;
}
