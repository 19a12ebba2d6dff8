import type { RuleRef, Verdict } from "../decision.ts";

/** What the specification says of one connection. */
export interface ReferenceDecision {
  readonly verdict: Verdict;
  /** What decided, in no order, each once; empty: the profile. */
  readonly determinedBy: readonly RuleRef[];
  /** The rules of the specification that had a part in it. */
  readonly ruleIds: readonly string[];
}

/** What one enforcement point says. */
export interface Point {
  /** What may happen. */
  readonly outcomes: ReadonlySet<"Allow" | "Deny">;
  readonly refs: readonly RuleRef[];
  readonly ruleIds: readonly string[];
}

/** NP-4, CNP-5: both ends must agree; a point that surely denies denies. */
export function decide(points: readonly Point[], hostPodsArePods: boolean): ReferenceDecision {
  const verdicts = points.map(({ outcomes }): Verdict => {
    if (outcomes.size > 1) return "depends";
    return outcomes.has("Allow") ? "allow" : "deny";
  });
  const verdict = (["deny", "depends"] as const).find((each) => verdicts.includes(each)) ?? "allow";
  const deciding = points.filter((_, index) => verdict === "allow" || verdicts[index] === verdict);
  return {
    verdict,
    determinedBy: unique(deciding.flatMap(({ refs }) => refs)),
    ruleIds: [
      ...new Set(deciding.flatMap(({ ruleIds }) => ruleIds)),
      ...(points.length > 1 ? ["NP-4", "CNP-5"] : []),
      ...(hostPodsArePods ? ["NP-8"] : []),
    ],
  };
}

/** What all readings say, else it depends. */
export function merge(decisions: readonly ReferenceDecision[]): ReferenceDecision {
  const [first] = decisions;
  const same = decisions.every(({ verdict }) => verdict === first!.verdict);
  return {
    verdict: same ? first!.verdict : "depends",
    determinedBy: unique(decisions.flatMap(({ determinedBy }) => determinedBy)),
    ruleIds: [...new Set(decisions.flatMap(({ ruleIds }) => ruleIds))],
  };
}

function unique(refs: readonly RuleRef[]): readonly RuleRef[] {
  return [...new Map(refs.map((ref) => [`${ref.policy} ${ref.rule}`, ref])).values()];
}
