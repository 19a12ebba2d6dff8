import { readFileSync } from "node:fs";

import { load, loadAll } from "js-yaml";

import type { Control, Finding } from "../../src/control/index.ts";
import { CONTROLS, assess, createEvidence } from "../../src/control/index.ts";
import { createClusterBuilder } from "../../src/model/index.ts";
import { type CompiledPolicies, PROFILES, compilePolicies } from "../../src/policy/index.ts";

/** One case of an `examples.yaml`: manifests, and the subjects (with `#key` where there is one) that the check must find in them. */
export interface Example {
  readonly name: string;
  readonly expect: "fail" | "pass";
  readonly findings?: readonly string[];
  readonly profile?: string;
  readonly manifest: string;
}

/** The cases of a control. */
export function examplesOf(id: string): readonly Example[] {
  const file = new URL(`../../src/control/catalog/${id}/examples.yaml`, import.meta.url);
  return load(readFileSync(file, "utf8")) as readonly Example[];
}

/** Compiles manifests as they stand in an example. */
export function compileManifest(manifest: string, profile = "kubernetes"): CompiledPolicies {
  const builder = createClusterBuilder();
  for (const [index, object] of loadAll(manifest).entries()) {
    const place = { file: "example.yaml", line: index + 1, start: 0, end: 0 };
    builder.add(object, { ...place, format: "line", inside: [] });
  }
  return compilePolicies(builder.build(), PROFILES[profile]!);
}

/** What one control finds in manifests. */
export function findIn(control: Control, { manifest, profile }: Example): readonly Finding[] {
  return assess(createEvidence(compileManifest(manifest, profile)), [control]);
}

/** Every control with its examples. */
export const CATALOGUE: readonly (readonly [Control, readonly Example[]])[] = CONTROLS.map(
  (control) => [control, examplesOf(control.id)],
);
