import type { Diagnostic } from "./diagnostic.ts";
import type { CodedError } from "./fault.ts";
import type { Locate, Origin, Path } from "./origin.ts";
import type { FaultCode, Notes } from "./raw.ts";

/** Collects what is to say about the input. Lines are looked up at the end, and only for what was said. */
export interface DiagnosticLog {
  /** Takes a finished diagnostic. */
  report(diagnostic: Diagnostic): void;
  /** Says something about a field of an object. */
  say(said: Said): void;
  /** Notes about one object; its errors decide if `decides`. `failed` tells whether there was an error, `coded` holds those with a code. */
  notes(
    origin: Origin,
    decides: boolean,
  ): Notes & { readonly failed: boolean; readonly coded: readonly CodedError[] };
  /** Everything that was said, sorted by file and line. */
  diagnostics(locate: Locate | undefined): readonly Diagnostic[];
}

/** Something to say about a field of an object. */
export interface Said {
  readonly severity: Diagnostic["severity"];
  readonly origin: Origin;
  readonly path: Path;
  readonly text: string;
  readonly decides: boolean;
}

/** A new, empty log. */
export function createDiagnosticLog(): DiagnosticLog {
  const finished: Diagnostic[] = [];
  const open: Said[] = [];
  return {
    report: (diagnostic) => void finished.push(diagnostic),
    say: (said) => void open.push(said),
    notes(origin, decides) {
      const notes = {
        failed: false,
        coded: NONE,
        error(path: Path, text: string, code?: FaultCode) {
          notes.failed = true;
          if (code !== undefined) notes.coded = [...notes.coded, { code, path, text }];
          open.push({ severity: "error", origin, path, text, decides });
        },
        warning(path: Path, text: string) {
          open.push({ severity: "warning", origin, path, text, decides: false });
        },
      };
      return notes;
    },
    diagnostics(locate) {
      const located = open.map(({ severity, origin, path, text, decides }): Diagnostic => {
        const { file, line } = locate?.(origin, path) ?? origin;
        return { severity, file, line, text, decides };
      });
      return [...finished, ...located].toSorted(byPlace);
    },
  };
}

/** Shared: nearly no object has one. */
const NONE: readonly CodedError[] = [];

function byPlace(a: Diagnostic, b: Diagnostic): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  if (a.line !== b.line) return a.line - b.line;
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
}
