import { readFileSync } from "node:fs";

import { load } from "js-yaml";

import { type AddressSet, parseCidr } from "../../src/base/index.ts";
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
  /** Where pods and nodes have their addresses. */
  readonly ranges?: { readonly pods?: string; readonly nodes?: string };
  readonly manifest: string;
}

/** The cases of a control. */
export function examplesOf(id: string): readonly Example[] {
  const file = new URL(`../../src/control/catalog/${id}/examples.yaml`, import.meta.url);
  return load(readFileSync(file, "utf8")) as readonly Example[];
}

/** Compiles manifests as they stand in an example, each object with its place in the text. */
export function compileManifest({
  manifest,
  profile = "kubernetes",
  ranges = {},
}: Pick<Example, "manifest" | "profile" | "ranges">): CompiledPolicies {
  const builder = createClusterBuilder({
    podRanges: rangesOf(ranges.pods),
    nodeRanges: rangesOf(ranges.nodes),
  });
  const starts = [0, ...[...manifest.matchAll(/^---$/gmu)].map(({ index }) => index)];
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? manifest.length;
    const place = { file: EXAMPLE_FILE, line: index + 1, start, end };
    const object = load(manifest.slice(start, end).replace(/^---/u, ""));
    builder.add(object, { ...place, format: "yaml", inside: [] });
  }
  return compilePolicies(builder.build(), PROFILES[profile]!);
}

function rangesOf(text: string | undefined): AddressSet | undefined {
  return text === undefined ? undefined : [parseCidr(text)!];
}

/** The file in which an example's objects are said to stand. */
const EXAMPLE_FILE = "example.yaml";

/** What one control finds in manifests. */
export function findIn(control: Control, example: Example): readonly Finding[] {
  const evidence = createEvidence(compileManifest(example));
  return assess(evidence, { controls: [control] }).findings;
}

/** Every control with its examples. */
export const CATALOGUE: readonly (readonly [Control, readonly Example[]])[] = CONTROLS.map(
  (control) => [control, examplesOf(control.id)],
);
