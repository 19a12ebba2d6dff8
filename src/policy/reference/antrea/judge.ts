import type { RuleRef } from "../../decision.ts";
import type { Point } from "../decision.ts";
import type { Scene } from "../match.ts";
import { networkPolicyTier } from "../network-policy.ts";
import { type Placed, rulesFor } from "./tiers.ts";

/** ANT-5: the regular tiers, then NetworkPolicies, then the baseline, then allow. */
export function judgeAntrea(scene: Scene): Point {
  const rules = rulesFor(scene);
  const outcomes = new Set<"Allow" | "Deny">();
  const refs: RuleRef[] = [];
  const ids = new Set<string>();
  const walk = (list: readonly Placed[]): boolean => {
    const step = walkRules(list);
    for (const outcome of step.outcomes) if (outcome !== "Pass") outcomes.add(outcome);
    refs.push(...step.refs);
    for (const id of step.ids) ids.add(id);
    return step.outcomes.has("Pass");
  };
  const regular = rules.filter(({ tier }) => tier < 253);
  if (walk(regular)) {
    const step = networkPolicyTier(scene);
    for (const outcome of step.outcomes) if (outcome !== "Pass") outcomes.add(outcome);
    refs.push(...step.refs);
    for (const id of step.ruleIds) ids.add(id);
    // ANT-6: a pod that a NetworkPolicy isolates never reaches the baseline
    const isOpen = step.outcomes.has("Pass") && walk(rules.filter(({ tier }) => tier >= 253));
    if (isOpen) outcomes.add("Allow");
  }
  return { outcomes, refs, ruleIds: [...ids, "ANT-5", "ANT-6"] };
}

interface Walked {
  readonly outcomes: ReadonlySet<"Allow" | "Deny" | "Pass">;
  readonly refs: readonly RuleRef[];
  readonly ids: readonly string[];
}

/** ANT-2: the first rule that matches decides; ANT-3: of rules with equal places any may. */
function walkRules(rules: readonly Placed[]): Walked {
  const outcomes = new Set<"Allow" | "Deny" | "Pass">();
  const refs: RuleRef[] = [];
  const ids: string[] = [];
  const groups = Map.groupBy(rules, ({ tier, priority, index }) => `${tier}/${priority}/${index}`);
  for (const group of groups.values()) {
    if (group.length > 1) ids.push("ANT-3");
    let decided = false;
    for (const { action, match, fits, ref, ids: own } of group) {
      if (match === "no") continue;
      ids.push(...own);
      if (action === "Pass") outcomes.add(action);
      else {
        refs.push(ref);
        // ANT-23: what does not fit is dropped, and no later rule is asked
        if (fits !== false) outcomes.add(action);
        if (fits !== true) outcomes.add("Deny");
      }
      if (match === "yes") decided = true;
    }
    if (decided) return { outcomes, refs, ids };
  }
  outcomes.add("Pass");
  return { outcomes, refs, ids };
}
