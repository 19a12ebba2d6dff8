import type { LintResult, PlacedFinding } from "../app/index.ts";
import { CONTRACT_VERSION } from "./contract.ts";
import type { Write } from "./style.ts";

/** Writes what the checks found: the contract's head, then findings with fingerprint, fix and patch, and those that do not count. */
export function writeLintJson(result: LintResult, write: Write): void {
  write(`${JSON.stringify(lintDocument(result), null, 2)}\n`);
}

/** The same as a value. */
export function lintDocument(result: LintResult): Readonly<Record<string, unknown>> {
  const { profile, incomplete, profileWhy, controls } = result;
  return {
    version: CONTRACT_VERSION,
    profile,
    incomplete,
    profileWhy,
    checks: controls.map(({ id }) => id),
    findings: result.findings.map(findingJson),
    ...asideJson(result),
    baselined: result.baselined.map(findingJson),
    gone: result.gone,
    diagnostics: result.diagnostics.map(({ severity, file, line, text }) => ({
      severity,
      file,
      line,
      text,
    })),
  };
}

/** Findings that are waived, and waivers that waive nothing. */
export function asideJson({
  waived,
  expired,
  unused,
  refused,
}: LintResult): Readonly<Record<string, unknown>> {
  return {
    waived: waived.map(({ waiver, ...finding }) => ({ ...findingJson(finding), waiver })),
    waivers: { expired, unused, refused },
  };
}

/** A finding by the contract, with what `lint` adds to it. */
function findingJson(finding: PlacedFinding): Readonly<Record<string, unknown>> {
  const { id, severity, subject, text, refs, fingerprint, fix, changes, patch, noPatch } = finding;
  return {
    id,
    severity,
    subject,
    text,
    refs,
    fingerprint,
    fix,
    ...(changes === undefined ? {} : { changes }),
    ...(patch === undefined ? {} : { patch }),
    ...(noPatch === undefined ? {} : { noPatch }),
  };
}
