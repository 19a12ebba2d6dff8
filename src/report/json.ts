import type { ExplainResult, ScanResult } from "../app/index.ts";
import { CONTRACT_VERSION } from "./contract.ts";
import { asideJson } from "./lint-json.ts";
import type { Write } from "./style.ts";

/** Writes a scan by the contract. */
export function writeScanJson(result: ScanResult, write: Write): void {
  const { profile, incomplete, counts, isolation, coverage, openness, findings } = result;
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
  const document = {
    version: CONTRACT_VERSION,
    profile,
    incomplete,
    profileWhy: result.profileWhy,
    counts,
    isolation,
    coverage,
    openness,
    findings: shown,
    ...asideJson(result),
    diagnostics,
  };
  write(`${JSON.stringify(document, null, 2)}\n`);
}

/** Writes an explanation by the contract; each point also tells the rules that were looked at. */
export function writeExplainJson(
  result: ExplainResult,
  { profile, incomplete }: { readonly profile: string; readonly incomplete: boolean },
  write: Write,
): void {
  const { from, to, port, verdict, reasons, conditions, determinedBy, points } = result;
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
  write(`${JSON.stringify(document, null, 2)}\n`);
}
