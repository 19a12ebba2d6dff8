import type { Edit, Origin, Path } from "../model/index.ts";

/** How bad a finding is, the worst first. */
export const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;

/** One of `SEVERITIES`. */
export type Severity = (typeof SEVERITIES)[number];

/** A place that a finding is about: a rule or a field of an object. */
export interface Place {
  /** `GROUP/KIND/[NAMESPACE/]NAME`, where it is a policy. */
  readonly policy?: string | undefined;
  /** `ingress[0]`, where it is a rule. */
  readonly rule?: string | undefined;
  readonly origin: Origin;
  readonly path: Path;
}

/** What a check found. */
export interface Found {
  /** What it is about: a workload, a policy, `Namespace/NAME` or `NAMESPACE/KIND/NAME`. */
  readonly subject: string;
  /** The namespace that it is in, `undefined` if it is in none. */
  readonly namespace: string | undefined;
  /** Tells findings of one check on one subject apart, without lines: `egress[0]`. */
  readonly key?: string;
  /** One line: what is wrong here, with the names that matter. */
  readonly text: string;
  /** The first is the place to look at; the others are evidence. */
  readonly places: readonly Place[];
  /** One concrete thing to do. */
  readonly fix: string;
  /** The fix as edits of the objects, where it is one. */
  readonly edits?: readonly Edit[];
  /** What the edits may do to connections of pods that exist: nothing at all, only take some away, only add some, or one or the other, as the policies beside it are. Required with `edits`. */
  readonly changes?: "none" | "closes" | "opens" | "either";
  /** Where it is not that of the check. */
  readonly severity?: Severity;
}

/** A result of a check on a subject. */
export interface Finding extends Found {
  readonly id: string;
  readonly severity: Severity;
  /** Check, subject and key; stays the same when lines move. */
  readonly fingerprint: string;
}

/** The namespace of a policy by its id, `GROUP/KIND/[NAMESPACE/]NAME`. */
export function namespaceOfPolicy(id: string): string | undefined {
  const parts = id.split("/");
  return parts.length === 4 ? parts[2] : undefined;
}

/** Makes a finding of what the check `id` found. */
export function findingOf(id: string, severity: Severity, found: Found): Finding {
  const key = found.key === undefined ? "" : `#${found.key}`;
  const fingerprint = `${id}:${found.subject}${key}`;
  return { ...found, id, severity: found.severity ?? severity, fingerprint };
}

/** Orders findings: the worst first, then by check, subject and key. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    compareTexts(a.id, b.id) ||
    compareTexts(a.fingerprint, b.fingerprint)
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
