import {
  type Cluster,
  type ClusterOptions,
  type Locate,
  createClusterBuilder,
} from "../model/index.ts";
import { createLocate } from "./locate.ts";
import { readObjects } from "./read-objects.ts";

/** A cluster with the means to find lines in what it was read from. */
export interface ReadCluster {
  readonly cluster: Cluster;
  readonly locate: Locate;
  /** How many inputs could be read at all. */
  readonly readable: number;
}

/** Reads directories, files, snapshots and standard input (`-`) into one cluster. Bad input becomes diagnostics; nothing is thrown. */
export async function readCluster(
  paths: readonly string[],
  options: Pick<ClusterOptions, "podRanges" | "nodeRanges"> & {
    readonly stdin?: AsyncIterable<Uint8Array>;
  } = {},
): Promise<ReadCluster> {
  const texts = new Map<string, string>();
  const locate = createLocate(texts);
  const { podRanges, nodeRanges, stdin } = options;
  const builder = createClusterBuilder({ podRanges, nodeRanges, locate });
  const sink = {
    object: builder.add,
    report: builder.report,
    keep: (file: string, text: string): void => void texts.set(file, text),
  };
  const readable = await readObjects(paths, sink, stdin);
  return { cluster: builder.build(), locate, readable };
}
