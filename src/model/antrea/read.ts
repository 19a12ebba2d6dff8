import type { ReaderContext } from "../reader-context.ts";
import type { Raw } from "../raw.ts";
import type { AntreaObject } from "./objects.ts";

/** Reads an object of Antrea; nothing if it is invalid in a way that matters (then the notes have an error). */
export function readAntreaObject(
  _raw: Raw,
  _kind: string,
  _context: ReaderContext,
): AntreaObject | undefined {
  return undefined;
}
