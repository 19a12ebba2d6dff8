import type { Origin, Path } from "../model/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { ConditionRef, Reason, RuleRef } from "./decision.ts";
import type { Cause, Doubt } from "./planes.ts";
import type { Rule } from "./policy.ts";

/** References to causes, sorted, each once. What a profile builds in has none. */
export function refsOf(compiled: CompiledPolicies, causes: readonly Cause[]): readonly RuleRef[] {
  const refs: RuleRef[] = [];
  for (const cause of causes) {
    const rule = cause.kind === "rule" ? compiled.rules[cause.rule]! : undefined;
    const policy = compiled.policies[cause.kind === "rule" ? rule!.policy : cause.policy]!;
    if (compiled.profile.builtins.includes(policy)) continue;
    refs.push({ policy: policy.id, rule: rule === undefined ? undefined : ruleName(rule.rule) });
  }
  return sortRefs(refs);
}

/** Sorts by policy, then the policy as a whole, then rules by direction and index; each once. */
export function sortRefs(refs: readonly RuleRef[]): readonly RuleRef[] {
  if (refs.length < 2) return refs;
  const unique = new Map(refs.map((ref) => [`${ref.policy} ${ref.rule ?? ""}`, ref]));
  return [...unique.values()].toSorted(compareRefs);
}

/** Where a reference points: the policy's object, and the path of the rule in it. */
export function placeOf(
  compiled: Pick<CompiledPolicies, "byId">,
  ref: RuleRef,
): { readonly origin: Origin; readonly path: Path } | undefined {
  const policy = compiled.byId.get(ref.policy);
  if (policy === undefined) return undefined;
  return { origin: policy.origin, path: ref.rule === undefined ? [] : pathOf(ref.rule) };
}

/** How a rule is referred to: `ingress[0]`, `specs[1].ingressDeny[0]`. */
export function ruleName({ name, direction, index }: Rule): string {
  return name ?? `${direction}[${index}]`;
}

/** The path in the object of a rule that is referred to by name. */
function pathOf(name: string): Path {
  const steps = name.split(/[.[\]]+/u).filter((step) => step !== "");
  const path = steps.map((step) => (/^\d+$/u.test(step) ? Number(step) : step));
  return steps[0] === "specs" ? path : ["spec", ...path];
}

/** Reasons of doubts: one for each code, with all their references. */
export function reasonsOf(compiled: CompiledPolicies, doubts: readonly Doubt[]): readonly Reason[] {
  return mergeReasons(doubts.map(({ code, refs }) => ({ code, refs: refsOf(compiled, refs) })));
}

/** One reason for each code, sorted by code. */
export function mergeReasons(reasons: readonly Reason[]): readonly Reason[] {
  return group(reasons, ({ code }) => code).map(([code, list]) => ({
    code,
    refs: sortRefs(list.flatMap(({ refs }) => refs)),
  }));
}

/** One condition for each text, sorted by text. */
export function mergeConditions(conditions: readonly ConditionRef[]): readonly ConditionRef[] {
  return group(conditions, ({ text }) => text).map(([text, list]) => ({
    text,
    refs: sortRefs(list.flatMap(({ refs }) => refs)),
  }));
}

function group<T, Key extends string>(
  items: readonly T[],
  key: (item: T) => Key,
): readonly (readonly [Key, readonly T[]])[] {
  const lists = Map.groupBy(items, key);
  return [...lists].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** The order of references: by policy, the policy as a whole first, then rules by direction and index. */
export function compareRefs(a: RuleRef, b: RuleRef): number {
  if (a.policy !== b.policy) return a.policy < b.policy ? -1 : 1;
  return compareRuleNames(a.rule ?? "", b.rule ?? "");
}

/** By the words of the names, numbers as numbers. */
function compareRuleNames(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [a, b].map((name) => name.split(/[.[\]]+/u)) as [string[], string[]];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i]!, right[i]!];
    if (x === y) continue;
    return /^\d+$/u.test(x) && /^\d+$/u.test(y) ? Number(x) - Number(y) : x < y ? -1 : 1;
  }
  return left.length - right.length;
}
