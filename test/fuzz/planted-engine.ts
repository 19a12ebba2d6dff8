import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import type * as policy from "../../src/policy/index.ts";
import type { Engine } from "../generate/compare.ts";
import { type Mutation, mutate } from "./mutations.ts";

const SRC = fileURLToPath(new URL("../../src/", import.meta.url));

/** The source of the file that a mutation is about. */
export function sourceOf({ file }: Mutation): string {
  return readFileSync(join(SRC, "policy", file), "utf8");
}

/** An engine with one fault: a copy of the sources under `folder`, imported from there. The specification stays the one of the repository. */
export async function plantedEngine(mutation: Mutation, folder: string): Promise<Engine> {
  const copy = join(folder, mutation.name);
  mkdirSync(copy, { recursive: true });
  writeFileSync(join(copy, "package.json"), '{ "type": "module" }\n');
  for (const module of ["base", "model", "policy"]) {
    cpSync(join(SRC, module), join(copy, module), { recursive: true });
  }
  writeFileSync(join(copy, "policy", mutation.file), mutate(mutation, sourceOf(mutation)));
  const entry = pathToFileURL(join(copy, "policy/index.ts")).href;
  const { PROFILES, compilePolicies, evaluate, reachability } = (await import(
    entry
  )) as typeof policy;
  return {
    compile: (cluster, profile) => compilePolicies(cluster, PROFILES[profile]!),
    evaluate,
    reachability,
  };
}
