import * as v from "valibot";

import type { Finding } from "./finding.ts";

/** Findings that were there when checking began: only others count. */
export interface Baseline {
  /** Of findings, sorted. */
  readonly fingerprints: readonly string[];
}

const VERSION = 1;

const SCHEMA = v.object({
  version: v.literal(VERSION),
  fingerprints: v.array(v.string()),
});

/** Writes findings as a baseline: JSON, sorted, a fingerprint a line. */
export function formatBaseline(findings: readonly Pick<Finding, "fingerprint">[]): string {
  const fingerprints = [...new Set(findings.map(({ fingerprint }) => fingerprint))].toSorted();
  return `${JSON.stringify({ version: VERSION, fingerprints }, null, 2)}\n`;
}

/** Reads a baseline; a sentence if it is none. */
export function parseBaseline(text: string): Baseline | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "it is no JSON: write it anew with `--write-baseline`";
  }
  const { success, output } = v.safeParse(SCHEMA, value);
  if (!success) {
    return `it is no baseline of version ${VERSION}: write it anew with \`--write-baseline\``;
  }
  return output;
}
