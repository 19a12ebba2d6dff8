import type { LintResult, PlacedFinding, PlacedRef } from "../app/index.ts";
import type { Control } from "../control/index.ts";
import type { Diagnostic } from "../model/index.ts";
import type { Write } from "./style.ts";

/** A finding as reports show it. */
export interface ReportedFinding extends PlacedFinding {
  /** Somebody has accepted it for a while: it is shown, and does not count. */
  readonly waived?: Waived | undefined;
}

/** Why a finding does not count. */
export interface Waived {
  readonly reason: string;
  readonly approver?: string | undefined;
  /** The last day, YYYY-MM-DD. */
  readonly expires?: string | undefined;
}

/** What was found, then what is waived. */
export function reportedFindings({
  findings,
  waived,
}: Pick<LintResult, "findings" | "waived">): readonly ReportedFinding[] {
  return [...findings, ...waived.map(({ waiver, ...finding }) => ({ ...finding, waived: waiver }))];
}

/** What a check says of itself. */
export type ControlText = Pick<
  Control,
  "id" | "title" | "severity" | "rationale" | "remediation" | "references"
>;

/** What a report of findings says beside them. */
export interface FindingContext {
  /** The command: `scan` or `lint`. */
  readonly command: string;
  /** Of the program. */
  readonly version: string;
  /** The checks that were run, found something or not. */
  readonly controls: readonly ControlText[];
  readonly incomplete: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** Gives a file's path from the root of its repository, with `/` between folders. */
  readonly pathOf: (file: string) => string;
}

/** Writes findings, the worst first as they come, in one format. */
export type WriteFindings = (
  findings: readonly ReportedFinding[],
  context: FindingContext,
  write: Write,
) => void;

/** A place in a file: `path` from the root of the repository, never absolute. */
export interface FilePlace {
  readonly path: string;
  /** 1 or more. */
  readonly line: number;
}

/** Where a reference, a diagnostic or the like stands, if that is known. */
export function filePlace(
  { file, line }: Pick<PlacedRef, "file" | "line">,
  { pathOf }: Pick<FindingContext, "pathOf">,
): FilePlace | undefined {
  if (file === undefined) return undefined;
  return { path: insidePath(pathOf(file)), line: Math.max(1, line ?? 1) };
}

/** A path that cannot leave the folder that it is read from: what leads out of it is taken off its front. */
function insidePath(path: string): string {
  if (path === "-") return "stdin";
  const parts = path.replace(/^[A-Za-z]:(?=[\\/])/u, "").split("/");
  const kept = parts.filter((part) => part !== "" && part !== "." && part !== "..");
  return kept.length === 0 ? "." : kept.join("/");
}

/** `Accepted by NAME until DAY: reason`, as far as it is known. */
export function waivedText({ reason, approver, expires }: Waived): string {
  const by = approver === undefined ? "" : ` by ${approver}`;
  const until = expires === undefined ? "" : ` until ${expires}`;
  return `accepted${by}${until}: ${reason}`;
}
