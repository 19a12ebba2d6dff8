import { type Posture, assessPosture } from "../analysis/index.ts";
import { CONTROLS, createEvidence } from "../control/index.ts";
import { type LintRequest, type LintResult, judgeFindings } from "./lint-cluster.ts";
import type { Session } from "./session.ts";

/** What `scan` tells: the posture, and what the checks found. */
export interface ScanResult extends Posture, LintResult {}

/** Assesses a cluster; with a namespace only what concerns it. */
export function scanCluster(session: Session, request: LintRequest = {}): ScanResult {
  const evidence = createEvidence(session.compiled);
  return {
    ...assessPosture(session.compiled, evidence.outlook(), request.namespace),
    ...judgeFindings(session, evidence, CONTROLS, request),
  };
}
