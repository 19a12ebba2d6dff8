import { EMPTY, equals, intersect, isSubset, subtract, union } from "../base/index.ts";
import type { ReasonCode } from "./reason.ts";
import { ALL_TRAFFIC, type Traffic } from "./traffic.ts";

/**
 * What may happen to traffic at one enforcement point. In one plane only it is certain: allowed or denied; in both it depends.
 * The `if` planes hold what a rule allows for some requests only: surely (`ifMust`) or perhaps.
 */
export interface Planes {
  readonly mayAllow: Traffic;
  readonly mayDeny: Traffic;
  /** The part of `mayAllow` that a rule allowed, not the end of a stage. */
  readonly ruleAllow: Traffic;
  /** The part of it of which it is certain that a rule did. */
  readonly ruleSure: Traffic;
  readonly ifMust: Traffic;
  readonly ifMay: Traffic;
  /** What made traffic uncertain. */
  readonly doubts: readonly Doubt[];
  readonly conditions: readonly Conditional[];
}

/** A reason, the rules and policies it is about, and the traffic that it makes uncertain. */
export interface Doubt {
  readonly code: ReasonCode;
  readonly refs: readonly Cause[];
  readonly traffic: Traffic;
}

/** A conditional allow of some traffic. */
export interface Conditional {
  readonly text: string;
  readonly ref: Cause;
  readonly traffic: Traffic;
}

/** What decides: a rule by its number, or a policy by its number because it isolates. */
export type Cause =
  | { readonly kind: "rule"; readonly rule: number }
  | { readonly kind: "policy"; readonly policy: number };

/** The planes of a point that lets everything pass. */
export const OPEN: Planes = {
  mayAllow: ALL_TRAFFIC,
  mayDeny: EMPTY,
  ruleAllow: EMPTY,
  ruleSure: EMPTY,
  ifMust: EMPTY,
  ifMay: EMPTY,
  doubts: [],
  conditions: [],
};

/** The verdicts of a whole path or of one point of it: three disjoint sets; the rest is denied. */
export interface Outcome {
  readonly allow: Traffic;
  /** Allowed under conditions. */
  readonly conditional: Traffic;
  readonly depends: Traffic;
}

/** Nothing passes. */
export const CLOSED: Outcome = { allow: EMPTY, conditional: EMPTY, depends: EMPTY };

/** What the planes of one point say. */
export function outcomeOf({ mayAllow, mayDeny, ifMust, ifMay }: Planes): Outcome {
  const allow = subtract(mayAllow, mayDeny);
  const onlyDenied = subtract(mayDeny, mayAllow);
  const conditional = intersect(ifMust, onlyDenied);
  const possible = union(mayAllow, intersect(ifMay, onlyDenied));
  return { allow, conditional, depends: subtract(subtract(possible, allow), conditional) };
}

/** Along a path: denied if any point denies, allowed if all allow, allowed under all conditions together, else it depends. */
export function along(a: Outcome, b: Outcome): Outcome {
  if (a === CLOSED || b === CLOSED) return CLOSED;
  const allow = intersect(a.allow, b.allow);
  const sure = intersect(union(a.allow, a.conditional), union(b.allow, b.conditional));
  const possible = intersect(possibleOf(a), possibleOf(b));
  return { allow, conditional: subtract(sure, allow), depends: subtract(possible, sure) };
}

/** Of two readings of the same connection: what both say, under the conditions of either, else it depends. */
export function either(a: Outcome, b: Outcome): Outcome {
  const allow = intersect(a.allow, b.allow);
  const sure = intersect(union(a.allow, a.conditional), union(b.allow, b.conditional));
  const conditional = subtract(sure, allow);
  const possible = union(possibleOf(a), possibleOf(b));
  return { allow, conditional, depends: subtract(subtract(possible, allow), conditional) };
}

/** Everything that may pass. */
export function possibleOf({ allow, conditional, depends }: Outcome): Traffic {
  return union(union(allow, conditional), depends);
}

/** A later point after one whose rules' Allow skips it (CAL-14): what they surely allow is allowed here too, what they perhaps allow may be. */
export function skipped(later: Planes, earlier: Planes): Planes {
  const { ruleAllow: perhaps, ruleSure: surely } = earlier;
  if (isSubset(perhaps, EMPTY)) return later;
  return {
    ...later,
    mayAllow: union(later.mayAllow, perhaps),
    mayDeny: subtract(later.mayDeny, surely),
    // what leaves open whether it is skipped leaves this point open
    doubts: [...later.doubts, ...earlier.doubts],
  };
}

/** Whether two outcomes say the same. */
export function isSameOutcome(a: Outcome, b: Outcome): boolean {
  return (
    a === b ||
    (equals(a.allow, b.allow) &&
      equals(a.conditional, b.conditional) &&
      equals(a.depends, b.depends))
  );
}
