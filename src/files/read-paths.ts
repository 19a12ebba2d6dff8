import { resolve } from "node:path";
import { type ObjectSink, createIntake } from "./intake.ts";
import type { Chunks } from "./lines.ts";
import { type Exclusion, listFiles } from "./list-files.ts";
import { readFile, readStream } from "./read-source.ts";

/** What reading paths is told. */
export interface ReadPathsOptions {
  /** Standard input, for the path `-`; the process's own if absent. */
  readonly stdin?: Chunks | undefined;
  /** Paths of folders' files that are passed over. */
  readonly exclude?: Exclusion | undefined;
  /** A file that is passed over: the one that is being written. */
  readonly skip?: string | undefined;
}

/** What came of reading paths. */
export interface ReadPathsResult {
  /** The number of files that could be read. */
  readonly readable: number;
  /** The text of standard input, if it was one text: it cannot be read again. */
  readonly stdinText: string | undefined;
}

/** Reads all objects of files, folders and standard input (`-`) into `sink`, in the order of the paths. Throws for no input, however bad. */
export async function readPaths(
  paths: readonly string[],
  sink: ObjectSink,
  options: ReadPathsOptions = {},
): Promise<ReadPathsResult> {
  let readable = 0;
  let stdinText: string | undefined;
  const seen = new Set<string>();
  const skip = options.skip === undefined ? undefined : resolve(options.skip);
  for (const path of paths) {
    if (path === "-") {
      if (seen.has(path)) continue;
      seen.add(path);
      const input = { file: "-", path: "-", named: true, inChart: false };
      const intake = createIntake(input, sink);
      stdinText = await readStream(options.stdin ?? process.stdin, intake);
      readable++;
      continue;
    }
    const { files, diagnostics } = listFiles(path, options.exclude);
    for (const diagnostic of diagnostics) sink.report(diagnostic);
    for (const file of files) {
      const full = resolve(file.path);
      if (seen.has(full) || full === skip) continue;
      seen.add(full);
      const intake = createIntake(file, sink);
      if (await readFile(file, intake)) readable++;
      await intake.drained();
    }
  }
  return { readable, stdinText };
}
