import { once } from "node:events";
import { createWriteStream, renameSync, rmSync } from "node:fs";
import type { Writable } from "node:stream";
import { type Diagnostic, type Origin, withoutSecrets } from "../model/index.ts";
import type { ObjectSink } from "./intake.ts";
import type { Chunks } from "./lines.ts";
import type { Exclusion } from "./list-files.ts";
import { readPaths } from "./read-paths.ts";
import { SNAPSHOT_HEADER, diagnosticLine, endLine } from "./snapshot-format.ts";

/** What writing a snapshot is told. */
export interface WriteSnapshotOptions {
  /** Standard input, for the path `-`; the process's own if absent. */
  readonly stdin?: Chunks | undefined;
  /** Paths of folders' files that are left out. */
  readonly exclude?: Exclusion | undefined;
  /** Standard output, for `out` `-`; the process's own if absent. */
  readonly stdout?: Writable | undefined;
}

/** What a snapshot holds, and what was wrong with its sources. */
export interface WrittenSnapshot {
  readonly objects: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly readable: number;
}

/**
 * Writes all objects of `paths` as newline-delimited JSON in the order of reading: packed if `out` ends in `.gz`, to standard output if it is `-`.
 * The same sources give the same bytes. Without any object no file is written, and one that exists is kept. What could not be read stands in it as diagnostics, so that it scans like its sources. The values of Secrets are left out.
 */
export async function writeSnapshot(
  paths: readonly string[],
  out: string,
  options: WriteSnapshotOptions = {},
): Promise<WrittenSnapshot> {
  const partial = `${out}.part`;
  // Loaded by who writes: the other commands come by here too.
  const [{ finished }, { createGzip }] = await Promise.all([
    import("node:stream/promises"),
    import("node:zlib"),
  ]);
  const target = out === "-" ? (options.stdout ?? process.stdout) : createWriteStream(partial);
  const packer = out.endsWith(".gz") ? createGzip() : undefined;
  packer?.pipe(target);
  const into = packer ?? target;
  const done = out === "-" ? undefined : finished(target);
  done?.catch(() => undefined); // Awaited below, after the reading.
  try {
    const { lines, result } = collectLines(into);
    const skip = out === "-" ? undefined : out;
    const { readable } = await readPaths(paths, lines, {
      stdin: options.stdin,
      exclude: options.exclude,
      skip,
    });
    const written = result();
    await lines.drained();
    if (out !== "-") into.end();
    await done;
    if (out !== "-") keep(partial, out, written.objects);
    return { ...written, readable };
  } catch (error) {
    if (out !== "-") rmSync(partial, { force: true });
    throw error;
  }
}

function keep(partial: string, out: string, objects: number): void {
  if (objects > 0) renameSync(partial, out);
  else rmSync(partial);
}

interface Lines extends ObjectSink {
  drained(): Promise<void>;
}

function collectLines(into: Writable): {
  lines: Lines;
  result: () => Pick<WrittenSnapshot, "objects" | "diagnostics">;
} {
  let pending = [JSON.stringify(SNAPSHOT_HEADER)];
  let objects = 0;
  const diagnostics: Diagnostic[] = [];
  const lines: Lines = {
    object(raw: unknown, _origin: Origin) {
      objects++;
      pending.push(JSON.stringify(withoutSecrets(raw)));
    },
    report(diagnostic) {
      diagnostics.push(diagnostic);
      pending.push(diagnosticLine(diagnostic));
    },
    async drained() {
      if (pending.length === 0) return;
      const text = `${pending.join("\n")}\n`;
      pending = [];
      if (!into.write(text)) await once(into, "drain");
    },
  };
  const result = (): Pick<WrittenSnapshot, "objects" | "diagnostics"> => {
    pending.push(endLine(objects));
    return { objects, diagnostics };
  };
  return { lines, result };
}
