import { globSync, readFileSync } from "node:fs";

import { load } from "js-yaml";

import { readCluster } from "../../src/files/index.ts";
import type { Cluster } from "../../src/model/index.ts";

/** One case of a table: a small cluster and questions with known answers. The format is described in README.md beside the tables. */
export interface Case {
  readonly file: string;
  readonly name: string;
  readonly rules: readonly string[];
  readonly origin: string;
  readonly profile: string;
  readonly objects: string;
  readonly ask: readonly Ask[];
}

/** One question of a case. */
export interface Ask {
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly verdict: "allow" | "deny" | "depends";
  readonly decidedBy?: readonly string[];
  readonly family?: 4 | 6;
  /** Facts that are given with the question. */
  readonly conditions?: readonly string[];
}

const here = new URL(".", import.meta.url).pathname;

/** Every case of every table beside this file. */
export function readCases(): readonly Case[] {
  return globSync("*.yaml", { cwd: here })
    .toSorted()
    .flatMap((file) =>
      (load(readFileSync(here + file, "utf8")) as readonly Omit<Case, "file">[]).map((each) => ({
        ...each,
        file,
      })),
    );
}

/** The cluster of a case, read as the program reads standard input. */
export async function clusterOf({ objects }: Case): Promise<Cluster> {
  const { cluster } = await readCluster(["-"], { stdin: bytesOf(objects) });
  return cluster;
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
