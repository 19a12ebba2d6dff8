import type { AddressSet } from "../base/index.ts";
import { type Cluster, type Locate, createClusterBuilder } from "../model/index.ts";
import type { ObjectSink } from "./intake.ts";
import type { Chunks } from "./lines.ts";
import { createLocate } from "./locate.ts";
import type { Exclusion } from "./list-files.ts";
import { readPaths } from "./read-paths.ts";

/** What reading a cluster is told. */
export interface ReadClusterOptions {
  /** Where pods and nodes may have their addresses if they are not known. */
  readonly podRanges?: AddressSet | undefined;
  readonly nodeRanges?: AddressSet | undefined;
  /** Paths of folders' files that are not read. */
  readonly exclude?: Exclusion | undefined;
  /** Standard input, for the path `-`; the process's own if absent. */
  readonly stdin?: Chunks | undefined;
}

/** A cluster, the finder of its lines, and how many files could be read. */
export interface ReadCluster {
  readonly cluster: Cluster;
  readonly locate: Locate;
  readonly readable: number;
}

/** Reads files, folders, snapshots and standard input (`-`) into a cluster. Bad input becomes diagnostics; nothing is thrown for it. */
export async function readCluster(
  paths: readonly string[],
  options: ReadClusterOptions = {},
): Promise<ReadCluster> {
  const { podRanges, nodeRanges, exclude, stdin } = options;
  const streamed = new Map<string, string>();
  const locate = createLocate(streamed);
  const builder = createClusterBuilder({ podRanges, nodeRanges, locate });
  const sink: ObjectSink = {
    object: (raw, origin) => builder.add(raw, origin),
    report: (diagnostic) => builder.report(diagnostic),
  };
  const { readable } = await readPaths(paths, sink, { stdin, streamed, exclude });
  return { cluster: builder.build(), locate, readable };
}
