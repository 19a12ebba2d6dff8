import type { Control } from "../control/index.ts";
import { sha256 } from "./digest.ts";
import { type FindingContext, type ReportedFinding, filePlace } from "./reported-finding.ts";
import type { Write } from "./style.ts";

const SEVERITIES: Readonly<Record<Control["severity"], string>> = {
  critical: "blocker",
  high: "critical",
  medium: "major",
  low: "minor",
  info: "info",
};

/** Writes findings as a code quality report of GitLab. It has no place for waived findings: they are left out. */
export function writeGitlab(
  findings: readonly ReportedFinding[],
  context: FindingContext,
  write: Write,
): void {
  const seen = new Map<string, number>();
  const issues = findings
    .filter(({ waived }) => waived === undefined)
    .map(({ id, severity, subject, text, fix, refs, fingerprint }) => {
      // GitLab drops the second of two with one fingerprint
      const again = seen.get(fingerprint) ?? 0;
      seen.set(fingerprint, again + 1);
      const name = again === 0 ? fingerprint : `${fingerprint} ${again}`;
      const [first = {}] = refs;
      const { path, line } = filePlace(first, context) ?? { path: ".", line: 1 };
      return {
        description: `${subject}: ${text}. Fix: ${fix}.`,
        check_name: id,
        fingerprint: sha256(name),
        severity: SEVERITIES[severity],
        location: { path, lines: { begin: line } },
      };
    });
  write(`${JSON.stringify(issues, null, 2)}\n`);
}
