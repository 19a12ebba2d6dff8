import type { ExplainResult, ScanResult } from "../app/index.ts";
import type { PlaceOf } from "./explain-text.ts";
import { CONTRACT_VERSION } from "./contract.ts";
import { asideJson } from "./lint-json.ts";
import type { Write } from "./style.ts";

/** Writes a scan by the contract. */
export function writeScanJson(result: ScanResult, write: Write): void {
  write(`${JSON.stringify(scanDocument(result), null, 2)}\n`);
}

/** A scan as the contract has it. */
export function scanDocument(result: ScanResult): Readonly<Record<string, unknown>> {
  const { profile, incomplete, counts, isolation, coverage, exposure, openness, findings } = result;
  const diagnostics = result.diagnostics.map(({ severity, file, line, text }) => ({
    severity,
    file,
    line,
    text,
  }));
  const shown = findings.map(({ id, severity, subject, text, refs, fingerprint }) => ({
    id,
    severity,
    subject,
    text,
    refs,
    fingerprint,
  }));
  return {
    version: CONTRACT_VERSION,
    profile,
    incomplete,
    profileWhy: result.profileWhy,
    counts,
    isolation,
    coverage,
    exposure,
    openness,
    findings: shown,
    ...(result.unneeded === undefined ? {} : { unneeded: result.unneeded }),
    ...asideJson(result),
    diagnostics,
  };
}

/** Writes an explanation by the contract; each point also tells the rules that were looked at. `isLine`: on one line. */
export function writeExplainJson(
  result: ExplainResult,
  { isLine, placeOf }: { readonly isLine: boolean; readonly placeOf: PlaceOf },
  write: Write,
): void {
  const { profile, incomplete, from, to, port, verdict, reasons, conditions, determinedBy } =
    result;
  const points = result.points.map(({ stages, ...point }) => ({
    ...point,
    stages: stages.map(({ name, outcome, refs, looked }) => ({
      name,
      outcome,
      refs: refs.map(placeOf),
      looked: looked.map(({ policy, rule, ...found }) => ({
        ...placeOf({ policy, rule }),
        ...found,
      })),
    })),
  }));
  const document = {
    version: CONTRACT_VERSION,
    profile,
    incomplete,
    from,
    to,
    port,
    verdict,
    reasons,
    conditions,
    determinedBy,
    points,
  };
  write(`${JSON.stringify(document, null, isLine ? undefined : 2)}\n`);
}
