import { type Posture, assessPosture } from "../analysis/index.ts";
import { CONTROLS, createEvidence } from "../control/index.ts";
import { type LintRequest, type LintResult, judgeFindings } from "./lint-cluster.ts";
import type { UnneededResult } from "./list-unneeded.ts";
import type { Session } from "./session.ts";
import { unknownNamespace } from "./suggest.ts";

/** What `scan` tells: the posture, and what the checks found. */
export interface ScanResult extends Posture, LintResult {
  /** What is allowed and no intent needs; only where it was asked for. */
  readonly unneeded?: UnneededResult;
}

/** Assesses a cluster; with a namespace only what concerns it. Gives a sentence if there is no such namespace. */
export function scanCluster(session: Session, request: LintRequest = {}): ScanResult | string {
  const { namespace } = request;
  const { cluster } = session.compiled;
  const problem = namespace === undefined ? undefined : unknownNamespace(namespace, cluster);
  if (problem !== undefined) return problem;
  const evidence = createEvidence(session.compiled);
  return {
    ...assessPosture(session.compiled, evidence.outlook(), request.namespace),
    ...judgeFindings(session, evidence, CONTROLS, request),
  };
}
