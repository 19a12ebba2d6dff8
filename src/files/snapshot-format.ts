import type { Diagnostic, Position } from "../model/index.ts";
import { isRaw, textOf } from "../model/index.ts";
import type { Sink } from "./sink.ts";

/** The version of the snapshot format that is written; older ones are read. */
const VERSION = 1;

/** The first line of a snapshot. */
export function formatHeader(): string {
  return `${JSON.stringify({ ringfenceSnapshot: VERSION })}\n`;
}

/** An object as one line. What a Secret holds is left out: no verdict needs it. */
export function formatObject(raw: unknown): string {
  const shown =
    isRaw(raw) && raw["kind"] === "Secret"
      ? { ...raw, data: undefined, stringData: undefined }
      : raw;
  return `${JSON.stringify(shown)}\n`;
}

/** What was said of the input when the snapshot was made, as one line: without it a snapshot of broken input would look whole. */
export function formatDiagnostic({ severity, file, line, text, decides }: Diagnostic): string {
  const said = { severity, file, line, text, decides };
  return `${JSON.stringify({ ringfenceDiagnostic: said })}\n`;
}

/** Reads one line of a snapshot, or of any newline-delimited JSON. */
export function readLine(text: string, { file, line }: Position, sink: Sink): void {
  if (text.trim() === "") return;
  const fail = (what: string): void =>
    sink.report({ severity: "error", file, line, text: what, decides: true });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fail(`no JSON: ${(error as Error).message}`);
  }
  if (isRaw(value) && "ringfenceSnapshot" in value) {
    const version = value["ringfenceSnapshot"];
    if (version !== VERSION) {
      fail(
        `snapshot version \`${String(version)}\` is not known: update ringfence, or make it again`,
      );
    }
    return;
  }
  if (isRaw(value) && isRaw(value["ringfenceDiagnostic"])) {
    return sink.report(readDiagnostic(value["ringfenceDiagnostic"], { file, line }));
  }
  sink.object(value, { file, line, start: 0, end: 0, format: "line", inside: [] });
}

function readDiagnostic(raw: Readonly<Record<string, unknown>>, at: Position): Diagnostic {
  const severity = textOf(raw, "severity");
  return {
    severity: severity === "warning" || severity === "info" ? severity : "error",
    ...at,
    text: textOf(raw, "text") ?? "a diagnostic without a text",
    decides: raw["decides"] !== false,
  };
}
