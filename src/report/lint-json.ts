import type { LintResult, PlacedFinding } from "../app/index.ts";
import { CONTRACT_VERSION } from "./json.ts";
import type { Write } from "./style.ts";

/** Writes what the checks found: the contract's head, then findings with fingerprint, fix and patch, and those that do not count. */
export function writeLintJson(result: LintResult, write: Write): void {
  const { profile, incomplete, profileWhy, controls, gone, expired, unused, refused } = result;
  const document = {
    version: CONTRACT_VERSION,
    profile,
    incomplete,
    profileWhy,
    checks: controls.map(({ id }) => id),
    findings: result.findings.map(shown),
    waived: result.waived.map(({ waiver, ...finding }) => ({ ...shown(finding), waiver })),
    baselined: result.baselined.map(shown),
    gone,
    waivers: { expired, unused, refused },
    diagnostics: result.diagnostics.map(({ severity, file, line, text }) => ({
      severity,
      file,
      line,
      text,
    })),
  };
  write(`${JSON.stringify(document, null, 2)}\n`);
}

function shown(finding: PlacedFinding): Readonly<Record<string, unknown>> {
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
