import type { Origin } from "../model/index.ts";
import type { Intake } from "./intake.ts";
import { isTooDeep } from "./json-text.ts";
import { MAX_DEPTH, MAX_LINES, MAX_LINE_BYTES } from "./limits.ts";
import { fault } from "./fault.ts";
import { SNAPSHOT_VERSION, type SnapshotLine, snapshotLine } from "./snapshot-format.ts";

/** Reads newline-delimited JSON, a snapshot among it, line by line. */
export interface LineReader {
  /** Takes the next line; `false` if no more is to be read. */
  take(text: string): boolean;
  /** To be called behind the last line. */
  end(): void;
}

/** A reader at line 1. */
export function createLineReader(intake: Intake): LineReader {
  const { file } = intake;
  let line = 0;
  let offset = 0;
  let objects = 0;
  let expectsEnd = false;
  const sayError = (text: string): void =>
    intake.report({ severity: "error", file, line: Math.max(line, 1), text, decides: true });

  const takeMark = (mark: SnapshotLine): boolean => {
    if (mark.kind === "diagnostic") intake.report(mark.diagnostic);
    else if (mark.kind === "end") {
      if (mark.objects !== objects) {
        sayError(`the snapshot should hold ${mark.objects} objects, and holds ${objects}`);
      }
      expectsEnd = false;
    } else if (mark.version === SNAPSHOT_VERSION) expectsEnd = mark.end;
    else {
      const theirs = JSON.stringify(mark.version) ?? "";
      sayError(`a snapshot of version ${theirs}, this program reads version ${SNAPSHOT_VERSION}`);
      return false;
    }
    return true;
  };

  return {
    take(text) {
      line++;
      const start = offset;
      offset += text.length + 1;
      if (line > MAX_LINES) {
        sayError(`more than ${MAX_LINES} lines: the others were not read, split the file`);
        return false;
      }
      if (text.length > MAX_LINE_BYTES) {
        sayError(`the line is longer than ${MAX_LINE_BYTES >> 20} MB: the others were not read`);
        return false;
      }
      if (/^\s*$/u.test(text)) return true;
      const value = parseLine(text);
      const reason =
        value instanceof Error ? value.message : `nests deeper than ${MAX_DEPTH} levels`;
      if (value instanceof Error || isTooDeep(value)) {
        intake.report(fault(intake.file, { line, reason, text }));
        return true;
      }
      const mark = snapshotLine(value);
      if (mark !== undefined) return takeMark(mark);
      objects++;
      const end = start + text.length;
      const origin: Origin = { file, line, start, end, format: "line", inside: [] };
      intake.take(value, origin);
      return true;
    },
    end() {
      if (expectsEnd) sayError("the snapshot was cut: its last line is missing, make it again");
    },
  };
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
