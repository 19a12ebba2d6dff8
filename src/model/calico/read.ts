import type { ReaderContext } from "../reader-context.ts";
import type { Raw } from "../raw.ts";
import type { CalicoObject } from "./objects.ts";

/** Reads an object of Calico; nothing if it is invalid in a way that matters (then the notes have an error). */
export function readCalicoObject(
  _raw: Raw,
  kind: string,
  { namespace, name, origin }: ReaderContext,
): CalicoObject | undefined {
  return { kind, namespace: namespace === "" ? undefined : namespace, name, origin };
}
