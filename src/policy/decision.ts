import type { ReasonCode } from "./reason.ts";

/** `depends`: the engine in force does not fix it, or the input does not tell. */
export type Verdict = "allow" | "deny" | "depends";

/** A rule, or without `rule` the policy as a whole (because it isolates). */
export interface RuleRef {
  /** `GROUP/KIND/[NAMESPACE/]NAME`. */
  readonly policy: string;
  /** `ingress[0]`. */
  readonly rule: string | undefined;
}

/** Why a verdict is `depends`, with the rules concerned. */
export interface Reason {
  readonly code: ReasonCode;
  readonly refs: readonly RuleRef[];
}

/** A condition under which an allow holds. */
export interface ConditionRef {
  readonly text: string;
  readonly refs: readonly RuleRef[];
}

/**
 * The answer to one question.
 *
 * `determinedBy` holds what decided, sorted by policy, then rule; empty means the profile itself (its default, the own node, the pod itself).
 * At one enforcement point those are all rules that added Allow or Deny to what may happen: in an ordered stage the first that surely matches and those before it that perhaps match,
 * in a union all matching denies, else all matching allows; at the end of a stage the policies that isolate there. Pass and Log rules never decide.
 * A deny lists every point that surely denies, an allow all points, a depends all points that do not surely allow.
 */
export interface Decision {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly conditions: readonly ConditionRef[];
  readonly determinedBy: readonly RuleRef[];
}
