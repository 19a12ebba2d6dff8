import type { PointKind } from "./board.ts";
import type { Decision, RuleRef, Verdict } from "./decision.ts";

/** A decision with every enforcement point on the way, in order. */
export interface Explanation extends Decision {
  readonly points: readonly PointExplanation[];
}

/** One enforcement point. */
export interface PointExplanation {
  /** The endpoint that it guards. */
  readonly at: string;
  readonly kind: PointKind;
  readonly verdict: Verdict;
  /** Which of several readings of an open question this shows, where there are several (NP-8); the points of each reading follow one another. */
  readonly reading: string | undefined;
  readonly stages: readonly StageExplanation[];
}

/** One stage of a point's board. */
export interface StageExplanation {
  readonly name: string;
  /** `not-reached`: an earlier stage had decided. */
  readonly outcome: Verdict | "pass" | "not-reached";
  /** What made the outcome. */
  readonly refs: readonly RuleRef[];
  /** Every rule of every policy that selects the endpoint here, in the order in which it was looked at. Empty where not reached. */
  readonly looked: readonly LookedRule[];
}

/** One rule that was looked at. */
export interface LookedRule extends RuleRef {
  readonly action: string;
  readonly match: "yes" | "perhaps" | "no";
  /** A short clause: `the destination has no label app=db`, `port tcp/80 is not listed`. */
  readonly why: string;
}
