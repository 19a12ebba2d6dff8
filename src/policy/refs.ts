import type { Origin, Path } from "../model/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { ConditionRef, Reason, RuleRef } from "./decision.ts";
import type { Cause, Doubt } from "./planes.ts";

/** References to causes, sorted, each once. What a profile builds in has none. */
export function refsOf(compiled: CompiledPolicies, causes: readonly Cause[]): readonly RuleRef[] {
  const refs: RuleRef[] = [];
  for (const cause of causes) {
    const rule = cause.kind === "rule" ? compiled.rules[cause.rule]! : undefined;
    const policy = compiled.policies[cause.kind === "rule" ? rule!.policy : cause.policy]!;
    if (compiled.profile.builtins.includes(policy)) continue;
    const text = rule === undefined ? undefined : `${rule.rule.direction}[${rule.rule.index}]`;
    refs.push({ policy: policy.id, rule: text });
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
  const match = /^(ingress|egress)\[(\d+)\]$/u.exec(ref.rule ?? "");
  const path = match === null ? [] : ["spec", match[1]!, Number(match[2])];
  return { origin: policy.origin, path };
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
  const [x, y] = [a.rule ?? "", b.rule ?? ""];
  const [directionX, directionY] = [x.split("[")[0]!, y.split("[")[0]!];
  if (directionX !== directionY) return directionX < directionY ? -1 : 1;
  return indexOf(x) - indexOf(y);
}

function indexOf(rule: string): number {
  return Number(rule.slice(rule.indexOf("[") + 1, -1));
}
