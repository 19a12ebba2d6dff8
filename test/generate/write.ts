import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";

import { dump } from "js-yaml";

import type { RawObject } from "./words.ts";

/** Writes objects as YAML manifests, one file for each namespace; what belongs to none goes to `cluster.yaml`. */
export function writeManifests(objects: Iterable<RawObject>, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const files = new Map<string, string[]>();
  for (const object of objects) {
    const { namespace, name } = object["metadata"] as {
      readonly namespace?: string;
      readonly name: string;
    };
    const file = namespace ?? (object["kind"] === "Namespace" ? name : "cluster");
    const list = files.get(file) ?? [];
    list.push(dump(object, { noRefs: true }));
    files.set(file, list);
  }
  for (const [file, list] of files) writeFileSync(join(folder, `${file}.yaml`), list.join("---\n"));
}

/** Writes objects as a snapshot: newline-delimited JSON, as a stream. */
export async function writeObjects(objects: Iterable<RawObject>, file: string): Promise<void> {
  const stream = createWriteStream(file);
  stream.write('{"ringfenceSnapshot":1}\n');
  for (const object of objects) {
    if (!stream.write(`${JSON.stringify(object)}\n`)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "close");
}
