import type { ReaderContext } from "../reader-context.ts";
import type { Raw } from "../raw.ts";
import type { CiliumObject } from "./objects.ts";

/** Reads an object of Cilium; nothing if it is invalid in a way that matters (then the notes have an error). */
export function readCiliumObject(
  _raw: Raw,
  _kind: string,
  _context: ReaderContext,
): CiliumObject | undefined {
  return undefined;
}
