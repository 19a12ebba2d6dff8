import type { Diagnostic } from "../model/index.ts";

/** The version of the snapshot format that this program writes and reads. */
export const SNAPSHOT_VERSION = 1;

/** The first line of a snapshot. With `end`, a last line that tells the number of objects must come: a cut snapshot is noticed. */
export const SNAPSHOT_HEADER: { readonly ringfenceSnapshot: number; readonly end: true } = {
  ringfenceSnapshot: SNAPSHOT_VERSION,
  end: true,
};

/** What a line of newline-delimited JSON is, if it is not an object of a cluster. */
export type SnapshotLine =
  | { readonly kind: "header"; readonly version: unknown; readonly end: boolean }
  | { readonly kind: "diagnostic"; readonly diagnostic: Diagnostic }
  | { readonly kind: "end"; readonly objects: number }
  /** A line of the format that was damaged. */
  | { readonly kind: "damaged" };

/** Tells the lines of the format from objects; nothing for an object. */
export function snapshotLine(value: unknown): SnapshotLine | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("ringfenceSnapshot" in value) {
    const end = "end" in value && value.end === true;
    return { kind: "header", version: value.ringfenceSnapshot, end };
  }
  if ("ringfenceDiagnostic" in value) {
    const diagnostic = value.ringfenceDiagnostic;
    return isDiagnostic(diagnostic) ? { kind: "diagnostic", diagnostic } : { kind: "damaged" };
  }
  if ("ringfenceEnd" in value) {
    const objects = value.ringfenceEnd;
    return typeof objects === "number" ? { kind: "end", objects } : { kind: "damaged" };
  }
  return undefined;
}

/** The line for a diagnostic of what was read into the snapshot. */
export function diagnosticLine({ severity, file, line, text, decides }: Diagnostic): string {
  return JSON.stringify({ ringfenceDiagnostic: { severity, file, line, text, decides } });
}

/** The last line. */
export function endLine(objects: number): string {
  return JSON.stringify({ ringfenceEnd: objects });
}

function isDiagnostic(value: unknown): value is Diagnostic {
  if (typeof value !== "object" || value === null) return false;
  const { severity, file, line, text, decides } = value as Partial<Record<string, unknown>>;
  return (
    (severity === "error" || severity === "warning" || severity === "info") &&
    typeof file === "string" &&
    typeof line === "number" &&
    typeof text === "string" &&
    typeof decides === "boolean"
  );
}
