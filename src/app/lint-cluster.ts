import {
  type AssessOptions,
  CONTROLS,
  type Control,
  type Finding,
  type Place,
  SEVERITIES,
  type Severity,
  type Waiver,
  assess,
  createEvidence,
} from "../control/index.ts";
import { nearest } from "../base/index.ts";
import type { Diagnostic, Edit, Locate, Position } from "../model/index.ts";
import type { CompiledPolicies } from "../policy/index.ts";
import type { PlacedRef, Session } from "./session.ts";
import { unknownNamespace } from "./suggest.ts";

/** What is asked of the checks: those to run (all of the family if not given), and what the configuration and a baseline say of findings. */
export interface LintRequest extends Pick<
  AssessOptions,
  "severities" | "waivers" | "today" | "baseline"
> {
  readonly checks?: readonly string[] | undefined;
  /** Only findings of this namespace, and those of none. */
  readonly namespace?: string | undefined;
  /** Makes a patch of edits; without it findings have none. */
  readonly patch?: Patcher | undefined;
}

/** Gives the unified diff of edits, or why they cannot be made. */
export type Patcher = (
  edits: readonly Edit[],
) => { readonly diff: string } | { readonly reason: string };

/** What the checks found in a cluster. */
export interface LintResult {
  readonly profile: string;
  readonly profileWhy: string;
  readonly incomplete: boolean;
  /** Every check that was run, by id. */
  readonly controls: readonly Control[];
  /** Those that count, the worst first. */
  readonly findings: readonly PlacedFinding[];
  readonly waived: readonly (PlacedFinding & { readonly waiver: PlacedWaiver })[];
  readonly baselined: readonly PlacedFinding[];
  /** Fingerprints of the baseline that do not occur any more. */
  readonly gone: readonly string[];
  /** Waivers that waive nothing: their day has passed, nothing is found that they mean, or something about them is missing. */
  readonly expired: readonly PlacedWaiver[];
  readonly unused: readonly PlacedWaiver[];
  readonly refused: readonly (Partial<Position> & { readonly text: string })[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A finding with the places that people can open. */
export interface PlacedFinding extends Omit<Finding, "places"> {
  readonly refs: readonly PlacedRef[];
  /** The unified diff of its edits, where they can be made. */
  readonly patch?: string | undefined;
  /** Why they cannot. */
  readonly noPatch?: string | undefined;
}

/** A waiver with the place where it is written. */
export interface PlacedWaiver extends Omit<Waiver, "place">, Partial<Position> {}

/** Runs the checks of the family `policy` over a cluster. Gives a sentence if a check is not known. */
export function lintCluster(session: Session, request: LintRequest): LintResult | string {
  const controls = chooseControls(request.checks);
  if (typeof controls === "string") return controls;
  const { namespace } = request;
  const problem =
    namespace === undefined ? undefined : unknownNamespace(namespace, session.compiled.cluster);
  if (problem !== undefined) return problem;
  return judgeFindings(session, createEvidence(session.compiled), controls, request);
}

/** The same with evidence that is there already, for chosen controls. */
export function judgeFindings(
  { locate, profileWhy }: Session,
  evidence: ReturnType<typeof createEvidence>,
  controls: readonly Control[],
  request: LintRequest,
): LintResult {
  const { cluster, profile }: CompiledPolicies = evidence.compiled;
  const { namespace, patch, checks: _, ...options } = request;
  const assessed = assess(evidence, { ...options, controls, known: CONTROLS });
  const isMeant = (finding: Finding): boolean =>
    namespace === undefined || finding.namespace === undefined || finding.namespace === namespace;
  const placed = placeFinding(locate, patch);
  const waiver = placeWaiver(locate);
  return {
    profile: profile.name,
    profileWhy,
    incomplete: cluster.incomplete,
    controls,
    findings: assessed.findings.filter(isMeant).map(placed),
    waived: assessed.waived
      .filter(isMeant)
      .map((finding) => ({ ...placed(finding), waiver: waiver(finding.waiver) })),
    baselined: assessed.baselined.filter(isMeant).map(placed),
    gone: assessed.gone,
    expired: assessed.expired.map(waiver),
    unused: assessed.unused.map(waiver),
    refused: assessed.refused.map(({ text, place }) => ({ text, ...positionOf(locate, place) })),
    diagnostics: cluster.diagnostics,
  };
}

/** Whether a finding is at least as bad as the severity on which the command is to fail. */
export function failsOn(
  findings: readonly Pick<Finding, "severity">[],
  worst: Severity | undefined,
): boolean {
  if (worst === undefined) return false;
  const limit = SEVERITIES.indexOf(worst);
  return findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= limit);
}

function chooseControls(ids: readonly string[] | undefined): readonly Control[] | string {
  const family = CONTROLS.filter((control) => control.family === "policy");
  if (ids === undefined) return family;
  const known = CONTROLS.map(({ id }) => id);
  const wrong = ids.find((id) => !known.includes(id));
  if (wrong === undefined) return CONTROLS.filter(({ id }) => ids.includes(id));
  const near = nearest(wrong, known);
  const hint = near.length > 0 ? `did you mean \`${near[0]}\`?` : "see docs/checks.md";
  return `no check is called \`${wrong}\`: ${hint}`;
}

/** Gives a finding's places their files and lines, and its edits their patch. */
function placeFinding(
  locate: Locate,
  patch: Patcher | undefined,
): (finding: Finding) => PlacedFinding {
  const refOf = ({ policy, rule, origin, path }: Place): PlacedRef => ({
    ...(policy === undefined ? {} : { policy }),
    ...(rule === undefined ? {} : { rule }),
    ...locate(origin, path),
  });
  return ({ places, ...finding }) => {
    const placed = { ...finding, refs: places.map(refOf) };
    if (patch === undefined || finding.edits === undefined) return placed;
    const made = patch(finding.edits);
    return "diff" in made ? { ...placed, patch: made.diff } : { ...placed, noPatch: made.reason };
  };
}

function placeWaiver(locate: Locate): (waiver: Waiver) => PlacedWaiver {
  return ({ place, ...waiver }) => ({ ...waiver, ...positionOf(locate, place) });
}

function positionOf(locate: Locate, place: Place | undefined): Partial<Position> {
  return place === undefined ? {} : locate(place.origin, place.path);
}
