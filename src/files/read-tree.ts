import { createClusterBuilder } from "../model/index.ts";
import { type ObjectSink, createIntake } from "./intake.ts";
import { MAX_TREE_BYTES, MAX_YAML_BYTES } from "./limits.ts";
import { type FileTree, listTree } from "./list-tree.ts";
import { say } from "./list-files.ts";
import { createLocate } from "./locate.ts";
import type { ReadCluster, ReadClusterOptions } from "./read-cluster.ts";
import { readBytes, tooLarge } from "./read-source.ts";

/** Reads the manifests of a tree of files into a cluster, as `readCluster` those of a folder. */
export async function readTree(
  tree: FileTree,
  { podRanges, nodeRanges, exclude }: Omit<ReadClusterOptions, "stdin"> = {},
): Promise<ReadCluster> {
  const texts = new Map<string, string>();
  const locate = createLocate(texts);
  const builder = createClusterBuilder({ podRanges, nodeRanges, locate });
  const sink: ObjectSink = {
    object: (raw, origin) => builder.add(raw, origin),
    report: (diagnostic) => builder.report(diagnostic),
  };
  const { files, diagnostics } = await listTree(tree, exclude);
  for (const diagnostic of diagnostics) sink.report(diagnostic);
  const sizes = new Map(tree.files.map(({ path, size }) => [path, size]));
  let left = MAX_TREE_BYTES;
  const small = files.filter(({ path, file }) => {
    const size = sizes.get(path) ?? 0;
    if (/\.ya?ml$/u.test(path) && size > MAX_YAML_BYTES) {
      sink.report(tooLarge(file, "YAML", MAX_YAML_BYTES));
      return false;
    }
    if (size <= left) {
      left -= size;
      return true;
    }
    const text = `with it there are more than ${MAX_TREE_BYTES >> 20} MB: not read; name fewer folders or a snapshot`;
    sink.report(say("error", file, text, true));
    return false;
  });
  const contents = await tree.read(small.map(({ path }) => path));
  let readable = 0;
  for (const input of small) {
    const bytes = contents.get(input.path);
    if (bytes === undefined) {
      sink.report(
        say("error", input.file, `\`${input.file}\` cannot be read: git does not have it`, true),
      );
      continue;
    }
    const intake = createIntake(input, sink);
    const text = await readBytes(bytes, input.path, intake);
    if (text !== undefined) texts.set(input.file, text);
    readable++;
  }
  return { cluster: builder.build(), locate, readable };
}
