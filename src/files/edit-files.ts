import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { sep } from "node:path";

import type { Edit } from "../model/index.ts";
import type { EditResult, TextOf } from "./apply-edits.ts";
import { messageOf } from "./list-files.ts";
import { decode } from "./decode.ts";
import { unifiedDiff } from "./unified-diff.ts";

/** Edits the files that were read from given paths, and no others. */
export interface FileEditor {
  /** What edits would make of the files, all of them together. */
  readonly preview: (edits: readonly Edit[]) => EditResult;
  /** The unified diff of edits that belong together, or why one of them cannot be made. */
  readonly patch: (
    edits: readonly Edit[],
  ) => { readonly diff: string } | { readonly reason: string };
  /** The unified diff of what a preview gave. */
  readonly diff: (result: EditResult) => string;
  /** Writes what a preview gave; gives for each file that could not be written why. */
  readonly write: (result: EditResult) => readonly string[];
}

/** An editor of the files under `paths`. A file is read once: what happens to it later is not seen. */
export async function createFileEditor(paths: readonly string[]): Promise<FileEditor> {
  // Loaded when something is to be edited: it costs more than starting does.
  const { applyEdits } = await import("./apply-edits.ts");
  const known = new Map<string, ReturnType<TextOf>>();
  const textOf: TextOf = (file) => {
    let found = known.get(file);
    if (found === undefined) {
      found = readPlain(file, paths);
      known.set(file, found);
    }
    return found;
  };
  const preview = (edits: readonly Edit[]): EditResult => applyEdits(edits, textOf);
  return {
    preview,
    diff: diffOf,
    patch: (edits) => {
      const result = preview(edits);
      const [refused] = result.refused;
      return refused === undefined ? { diff: diffOf(result) } : { reason: refused.reason };
    },
    write: ({ files }) =>
      files.flatMap(({ file, before, after }) => {
        try {
          if (readFileSync(file, "utf8") !== before) {
            return `\`${file}\` has changed since it was read: run again`;
          }
          writeFileSync(file, after);
          return [];
        } catch (error) {
          return `\`${file}\` cannot be written: ${messageOf(error)}`;
        }
      }),
  };
}

function diffOf({ files }: EditResult): string {
  return files.map(unifiedDiff).join("");
}

/** The text of a file that may be changed: it lies under one of the paths, and what was read of it is what its bytes say. */
function readPlain(file: string, paths: readonly string[]): ReturnType<TextOf> {
  if (file === "-") return "standard input cannot be changed: give the file";
  try {
    const real = realpathSync(file);
    const isInside = paths
      .filter((path) => path !== "-")
      .map((path) => realpathSync(path))
      .some((path) => real === path || real.startsWith(path.endsWith(sep) ? path : path + sep));
    if (!isInside) return "it lies outside of the given paths";
    const bytes = readFileSync(file);
    const text = decode(bytes);
    if (bytes.equals(Buffer.from(text, "utf8"))) return { text };
    return "it is packed, or no plain UTF-8: it is not changed";
  } catch (error) {
    return messageOf(error);
  }
}
