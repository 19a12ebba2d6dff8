import type { Control } from "./control.ts";
import type { Evidence } from "./evidence.ts";
import { type Finding, compareFindings, findingOf } from "./finding.ts";

/** Runs controls over the evidence; the findings, the worst first. */
export function assess(evidence: Evidence, controls: readonly Control[]): readonly Finding[] {
  return controls
    .flatMap(({ id, severity, check }) =>
      check(evidence).map((found) => findingOf(id, severity, found)),
    )
    .toSorted(compareFindings);
}
