import { type Finding, type Posture, assessPosture } from "../analysis/index.ts";
import type { Diagnostic } from "../model/index.ts";
import type { PlacedRef, Session } from "./session.ts";
import { unknownNamespace } from "./suggest.ts";

/** What `scan` tells. */
export interface ScanResult extends Omit<Posture, "findings"> {
  readonly profile: string;
  readonly profileWhy: string;
  readonly incomplete: boolean;
  readonly findings: readonly PlacedFinding[];
  readonly diagnostics: readonly Diagnostic[];
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
  const posture = assessPosture(compiled, namespace);
  return {
    ...posture,
    profile: profile.name,
    profileWhy,
    incomplete: cluster.incomplete,
    findings: posture.findings.map(({ places, ...finding }) => ({
      ...finding,
      refs: places.map(({ policy, rule, origin, path }) => ({
        ...(policy === undefined ? {} : { policy }),
        ...(rule === undefined ? {} : { rule }),
        ...locate(origin, path),
      })),
    })),
    diagnostics: cluster.diagnostics,
  };
}
