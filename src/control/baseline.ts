import { isRaw } from "../model/index.ts";
import type { Finding } from "./finding.ts";

/** Findings that were there when checking began: only others count. */
export interface Baseline {
  /** Of findings, sorted. */
  readonly fingerprints: readonly string[];
}

const VERSION = 1;

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
  if (!isBaseline(value)) {
    return `it is no baseline of version ${VERSION}: write it anew with \`--write-baseline\``;
  }
  return { fingerprints: value.fingerprints };
}

function isBaseline(value: unknown): value is Baseline {
  if (!isRaw(value) || value["version"] !== VERSION) return false;
  const { fingerprints } = value;
  return Array.isArray(fingerprints) && fingerprints.every((each) => typeof each === "string");
}
