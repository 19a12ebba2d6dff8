import type { Baseline } from "./baseline.ts";
import type { Control } from "./control.ts";
import type { Evidence } from "./evidence.ts";
import { type Finding, type Severity, compareFindings, findingOf } from "./finding.ts";
import {
  type RefusedWaiver,
  type Waiver,
  inlineWaivers,
  isExpired,
  refuseWaivers,
  waives,
} from "./waiver.ts";

/** What is assessed, and what is known about findings beforehand. */
export interface AssessOptions {
  readonly controls: readonly Control[];
  /** By check: another severity for all that it finds, or `off`. */
  readonly severities?: Readonly<Record<string, Severity | "off">> | undefined;
  /** Of the configuration; inline waivers come from the evidence. */
  readonly waivers?: readonly Waiver[] | undefined;
  /** The day as YYYY-MM-DD; without it no waiver expires. */
  readonly today?: string | undefined;
  readonly baseline?: Baseline | undefined;
  /** Every check that exists, if `controls` are only some of them. */
  readonly known?: readonly Control[] | undefined;
}

/** A finding that does not count, and by which waiver. */
export interface WaivedFinding extends Finding {
  readonly waiver: Waiver;
}

/** What controls found, by what it counts for. Lists of findings have the worst first. */
export interface Assessment {
  /** Those that count. */
  readonly findings: readonly Finding[];
  readonly waived: readonly WaivedFinding[];
  /** In the baseline, so they do not count. */
  readonly baselined: readonly Finding[];
  /** Fingerprints of the baseline that no finding has any more, sorted. */
  readonly gone: readonly string[];
  /** They waive nothing any more, whether something is found or not. */
  readonly expired: readonly Waiver[];
  /** Of checks that were run, and none of their findings is meant. */
  readonly unused: readonly Waiver[];
  readonly refused: readonly RefusedWaiver[];
}

/** Runs controls over the evidence. */
export function assess(evidence: Evidence, options: AssessOptions): Assessment {
  const { controls, severities = {}, today = "", baseline } = options;
  const run = controls.filter(({ id }) => severities[id] !== "off");
  const found = run
    .flatMap((control) => findingsOf(evidence, control, severities[control.id]))
    .toSorted(compareFindings);
  const inline = inlineWaivers(evidence.cluster);
  const ids = new Set((options.known ?? controls).map(({ id }) => id));
  const { waivers, refused } = refuseWaivers([...(options.waivers ?? []), ...inline.waivers], ids);
  const expired = waivers.filter((waiver) => isExpired(waiver, today));
  const sorted = sortOut(found, waivers, { expired: new Set(expired), baseline });
  const ran = new Set(run.map(({ id }) => id));
  const all = new Set(found.map(({ fingerprint }) => fingerprint));
  return {
    findings: sorted.findings,
    waived: sorted.waived,
    baselined: sorted.baselined,
    gone: (baseline?.fingerprints ?? []).filter(
      (each) => !all.has(each) && (ran.has(checkOf(each)) || !ids.has(checkOf(each))),
    ),
    expired,
    unused: waivers.filter(
      (waiver) => ran.has(waiver.check) && !isExpired(waiver, today) && !sorted.used.has(waiver),
    ),
    refused: [...inline.refused, ...refused],
  };
}

function checkOf(fingerprint: string): string {
  return fingerprint.slice(0, fingerprint.indexOf(":"));
}

function findingsOf(
  evidence: Evidence,
  { id, severity, check }: Control,
  configured: Severity | "off" | undefined,
): readonly Finding[] {
  const all = check(evidence).map((each) => findingOf(id, severity, each));
  // one object may give several policies: what is said of each of them is said once
  const found = [...new Map(all.map((each) => [each.fingerprint, each])).values()];
  if (configured === undefined || configured === "off") return found;
  return found.map((each) => ({ ...each, severity: configured }));
}

function sortOut(
  found: readonly Finding[],
  waivers: readonly Waiver[],
  known: { readonly expired: ReadonlySet<Waiver>; readonly baseline: Baseline | undefined },
): Pick<Assessment, "findings" | "waived" | "baselined"> & { readonly used: ReadonlySet<Waiver> } {
  const findings: Finding[] = [];
  const waived: WaivedFinding[] = [];
  const baselined: Finding[] = [];
  const used = new Set<Waiver>();
  const old = new Set(known.baseline?.fingerprints);
  const byCheck = Map.groupBy(waivers, ({ check }) => check);
  for (const finding of found) {
    const fitting = (byCheck.get(finding.id) ?? []).filter(
      (waiver) => !known.expired.has(waiver) && waives(waiver, finding),
    );
    for (const waiver of fitting) used.add(waiver);
    const [waiver] = fitting;
    if (waiver !== undefined) waived.push({ ...finding, waiver });
    else if (old.has(finding.fingerprint)) baselined.push(finding);
    else findings.push(finding);
  }
  return { findings, waived, baselined, used };
}
