import type { Origin } from "../model/index.ts";
import type { Intake } from "./intake.ts";
import { faultOfJson, isTooDeep } from "./json-text.ts";
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
  let read = 0;
  let broken = 0;
  const snapshot = createSnapshotState((text) => sayError(text));
  const sayError = (text: string): void =>
    intake.report({ severity: "error", file, line: Math.max(line, 1), text, decides: true });

  const takeValue = (value: unknown, start: number, end: number): boolean => {
    const mark = snapshotLine(value);
    if (mark?.kind === "diagnostic") intake.report(mark.diagnostic);
    if (mark !== undefined) return snapshot.mark(mark);
    const origin: Origin = { file, line, start, end, format: "line", inside: [] };
    if (snapshot.object()) intake.pass(value, origin);
    else intake.take(value, origin);
    return true;
  };

  return {
    take(given) {
      line++;
      const start = offset;
      offset += given.length + 1;
      if (line > MAX_LINES) {
        sayError(`more than ${MAX_LINES} lines: the others were not read, split the file`);
        return false;
      }
      if (given.length > MAX_LINE_BYTES) {
        sayError(`the line is longer than ${MAX_LINE_BYTES >> 20} MB: the others were not read`);
        return false;
      }
      const text = line === 1 ? given.replace(/^\uFEFF/u, "") : given;
      if (/^\s*$/u.test(text)) return true;
      const value = parseLine(text);
      if (!(value instanceof Error) && !isTooDeep(value)) {
        read++;
        return takeValue(value, start, start + given.length);
      }
      broken++;
      const tooDeep = `nests deeper than ${MAX_DEPTH} levels`;
      const reason = value instanceof Error ? faultOfJson(text).reason : tooDeep;
      intake.report(fault(intake.file, { line, reason, text }));
      if (read > 0 || broken < MOST_BROKEN) return true;
      sayError("no newline-delimited JSON: not read, name the file `.json` or `.yaml`");
      return false;
    },
    end: () => snapshot.end(),
  };
}

/** Broken lines before any other: then the file is something else, and a fault for each line of it would help nobody. */
const MOST_BROKEN = 3;

interface SnapshotState {
  /** Takes a line of the format; `false` if no more is to be read. */
  mark(mark: SnapshotLine): boolean;
  /** Counts an object; whether it is one of a snapshot. */
  object(): boolean;
  end(): void;
}

/** Follows the lines of a snapshot, or of several in one file. */
function createSnapshotState(sayError: (text: string) => void): SnapshotState {
  let objects = 0;
  let place: "none" | "open" | "inside" | "behind" = "none";
  const end = (): void => {
    if (place === "inside") {
      sayError("the snapshot was cut: its last line is missing, make it again");
    }
  };
  return {
    mark(mark) {
      if (mark.kind === "damaged") sayError("a damaged line of a snapshot: make it again");
      else if (mark.kind === "end") {
        if (mark.objects !== objects) {
          sayError(`the snapshot should hold ${mark.objects} objects, and holds ${objects}`);
        }
        place = "behind";
      } else if (mark.kind === "header") {
        end();
        objects = 0;
        place = mark.end ? "inside" : "open";
        if (mark.version !== SNAPSHOT_VERSION) {
          const theirs = JSON.stringify(mark.version) ?? "";
          const ours = `this program reads version ${SNAPSHOT_VERSION}`;
          sayError(`a snapshot of version ${theirs}, ${ours}`);
          return false;
        }
      }
      return true;
    },
    object() {
      objects++;
      if (place === "behind") {
        sayError("an object behind the end of the snapshot: make it again");
        place = "open";
      }
      return place !== "none";
    },
    end,
  };
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
