import type { Diagnostic } from "./diagnostic.ts";
import type { Origin, Position } from "./origin.ts";

/** What came first under one identity. */
interface First {
  readonly origin: Origin;
  readonly parsed: unknown;
}

/** Watches for objects that are given twice. */
export interface Duplicates {
  /** Tells whether an object is the first of its identity. If not, reports it against the first; `decides`: the kind may decide traffic. */
  readonly isFirst: (key: string, parsed: unknown, origin: Origin, decides: boolean) => boolean;
}

/** A watcher that reports to `report`; `positionOf` gives an object's line. */
export function createDuplicates(
  report: (diagnostic: Diagnostic) => void,
  positionOf: (origin: Origin) => Position,
): Duplicates {
  const known = new Map<string, First>();
  return {
    isFirst: (key, parsed, origin, decides) => {
      const first = known.get(key);
      if (first === undefined) {
        known.set(key, { origin, parsed });
        return true;
      }
      const [here, there] = [positionOf(origin), positionOf(first.origin)];
      const where = `${there.file}:${there.line}`;
      if (isEqual(first.parsed, parsed)) {
        const text = `\`${key}\` is given twice and equal to ${where}: remove one of them`;
        report({ severity: "warning", ...here, text, decides: false });
      } else {
        const text = `\`${key}\` contradicts ${where}, which is kept: remove one of them`;
        report({ severity: decides ? "error" : "warning", ...here, text, decides });
      }
      return false;
    },
  };
}

/** Structural equality; positions do not count. */
export function isEqual(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (key === "origin") return undefined;
    if (typeof inner === "bigint") return `${inner}`;
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([x], [y]) => (x < y ? -1 : 1)));
  });
}
