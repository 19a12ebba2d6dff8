import type { Namespace } from "./cluster.ts";
import { type Raw, isRaw, objectAt } from "./raw.ts";
import type { Labels } from "./selector.ts";

/** Whether two values say the same; where and in which of two equal forms they were written does not count. */
export function sameContent(a: unknown, b: unknown): boolean {
  return sameBut(a, b, PROVENANCE);
}

/** `agent` and `system` tell of the software on nodes, which every dump has at another moment. */
const PROVENANCE: ReadonlySet<string> = new Set([
  "origin",
  "written",
  "matchLabels",
  "agent",
  "system",
]);

/** Whether two values are the same but for what some keys hold. */
function sameBut(a: unknown, b: unknown, ignored: ReadonlySet<string>): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => sameBut(item, b[index], ignored));
  }
  const [left, right] = [a as Raw, b as Raw];
  const keys = Object.keys(left).filter((key) => !ignored.has(key));
  if (keys.length !== Object.keys(right).filter((key) => !ignored.has(key)).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && sameBut(left[key], right[key], ignored));
}

/** Whether two objects that nothing here interprets are the same but for what the API server keeps about them. */
export function sameObject(a: Raw, b: Raw): boolean {
  return sameBut(withoutState(a), withoutState(b), NOTHING);
}

function withoutState(raw: Raw): Raw {
  const { status: _, ...rest } = raw;
  const kept = Object.entries(objectAt(raw, "metadata")).filter(([key]) => !SERVER_KEYS.has(key));
  return isRaw(raw["metadata"]) ? { ...rest, metadata: Object.fromEntries(kept) } : rest;
}

const NOTHING: ReadonlySet<string> = new Set();

const SERVER_KEYS: ReadonlySet<string> = new Set([
  "creationTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
]);

/** Two declarations of one namespace with the labels of both, or nothing if a label has two values. */
export function uniteNamespaces(first: Namespace, second: Namespace): Namespace | undefined {
  if (conflicts(first.labels, second.labels)) return undefined;
  return {
    ...first,
    labels: { ...second.labels, ...first.labels },
    declarations: [...first.declarations, ...second.declarations],
  };
}

function conflicts(a: Labels, b: Labels): boolean {
  return Object.keys(b).some((key) => Object.hasOwn(a, key) && a[key] !== b[key]);
}
