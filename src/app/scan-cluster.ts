import { type Posture, assessPosture } from "../analysis/index.ts";
import {
  CONTROLS,
  type Finding,
  type Place,
  adjustControls,
  assess,
  createEvidence,
} from "../control/index.ts";
import type { Diagnostic, Locate } from "../model/index.ts";
import type { UnneededResult } from "./list-unneeded.ts";
import type { PlacedRef, Session } from "./session.ts";
import { unknownNamespace } from "./suggest.ts";

/** What `scan` tells. */
export interface ScanResult extends Posture {
  readonly profile: string;
  readonly profileWhy: string;
  readonly incomplete: boolean;
  /** The worst first. */
  readonly findings: readonly PlacedFinding[];
  readonly diagnostics: readonly Diagnostic[];
  /** What is allowed and no intent needs; only where it was asked for. */
  readonly unneeded?: UnneededResult;
}

/** A finding with the places that people can open. */
export interface PlacedFinding extends Omit<Finding, "places"> {
  readonly refs: readonly PlacedRef[];
}

/** Assesses a cluster; with a namespace only what concerns it. Gives a sentence if there is no such namespace. */
export function scanCluster(session: Session, namespace?: string): ScanResult | string {
  const { compiled, locate, profileWhy } = session;
  const { cluster, profile } = compiled;
  const problem = namespace === undefined ? undefined : unknownNamespace(namespace, cluster);
  if (problem !== undefined) return problem;
  const evidence = createEvidence(compiled);
  const findings = assess(evidence, adjustControls(CONTROLS, session.checks)).filter(
    ({ namespace: own }) => namespace === undefined || own === undefined || own === namespace,
  );
  return {
    ...assessPosture(compiled, evidence.outlook(), namespace),
    profile: profile.name,
    profileWhy,
    incomplete: cluster.incomplete,
    findings: findings.map(placeFinding(locate)),
    diagnostics: cluster.diagnostics,
  };
}

/** Gives a finding's places their files and lines. */
function placeFinding(locate: Locate): (finding: Finding) => PlacedFinding {
  const position = ({ policy, rule, origin, path }: Place): PlacedRef => ({
    ...(policy === undefined ? {} : { policy }),
    ...(rule === undefined ? {} : { rule }),
    ...locate(origin, path),
  });
  return ({ places, ...finding }) => ({ ...finding, refs: places.map(position) });
}
