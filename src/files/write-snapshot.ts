import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { createGzip } from "node:zlib";

import { type Diagnostic, openList } from "../model/index.ts";
import { readObjects } from "./read-objects.ts";
import { formatDiagnostic, formatHeader, formatObject } from "./snapshot-format.ts";

/** What went into a snapshot. */
export interface WrittenSnapshot {
  readonly objects: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly readable: number;
}

/** Writes every object of the paths as newline-delimited JSON; packed if `out` ends in `.gz`, to standard output if it is `-`. Rejects if it cannot be written. */
export async function writeSnapshot(
  paths: readonly string[],
  out: string,
  stdin?: AsyncIterable<Uint8Array>,
): Promise<WrittenSnapshot> {
  const target: Writable = out === "-" ? process.stdout : createWriteStream(out);
  const gzip = out.endsWith(".gz") ? createGzip() : undefined;
  const failed = new Promise<never>((_, reject) => {
    target.once("error", reject);
    gzip?.once("error", reject);
  });
  gzip?.pipe(target, { end: out !== "-" });
  const stream: Writable = gzip ?? target;
  const diagnostics: Diagnostic[] = [];
  let objects = 0;
  stream.write(formatHeader());
  const add = (raw: unknown): void => {
    const items = openList(raw);
    if (items !== undefined) return items.forEach(add);
    objects++;
    stream.write(formatObject(raw));
  };
  const sink = {
    object: add,
    report: (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic),
    keep: (): void => {},
  };
  const readable = await Promise.race([readObjects(paths, sink, stdin), failed]);
  for (const diagnostic of diagnostics) stream.write(formatDiagnostic(diagnostic));
  if (stream !== process.stdout) {
    const closed = new Promise<void>((resolve) => {
      target.once(out === "-" ? "drain" : "close", resolve);
    });
    stream.end();
    await Promise.race([closed, failed]);
  }
  return { objects, diagnostics, readable };
}
