import type { Rule } from "../../policy/index.ts";
import { contentOf } from "./content.ts";

/** One place in the rules of a policy in two states: the same rule, an edited one, or one that only one state has. */
export interface RuleSlot {
  readonly base: Rule | undefined;
  readonly head: Rule | undefined;
  readonly isSame: boolean;
}

/** Lists of rules above this size are aligned by their content alone: the table of the exact way would be too large. */
const MOST_CELLS = 1_000_000;

/** Puts the rules of one policy in two states beside each other: equal ones in order, then edited ones beside what they were. */
export function alignRules(base: readonly Rule[], head: readonly Rule[]): readonly RuleSlot[] {
  const [mine, theirs] = [base.map(ruleKey), head.map(ruleKey)];
  const slots: RuleSlot[] = [];
  let [i, j] = [0, 0];
  for (const [at, to] of [...commonOf(mine, theirs), [base.length, head.length] as const]) {
    slots.push(...pairUp(base.slice(i, at), head.slice(j, to)));
    if (at < base.length) slots.push({ base: base[at], head: head[to], isSame: true });
    [i, j] = [at + 1, to + 1];
  }
  return slots;
}

/** What a rule says, wherever it stands in its list. */
export function ruleKey({ direction, action, peers, traffic, condition }: Rule): string {
  return contentOf({ direction, action, peers: peersKey(peers), traffic, condition });
}

function peersKey(peers: Rule["peers"]): readonly string[] {
  return peers.map(contentOf).toSorted(); // any of them: their order says nothing
}

/** The longest common subsequence of two lists, as pairs of indexes. */
function commonOf(
  a: readonly string[],
  b: readonly string[],
): readonly (readonly [number, number])[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1])
    [endA, endB] = [endA - 1, endB - 1];
  const middle = middleOf(a.slice(start, endA), b.slice(start, endB));
  return [
    ...Array.from({ length: start }, (_, index) => [index, index] as const),
    ...middle.map(([i, j]) => [i + start, j + start] as const),
    ...Array.from({ length: a.length - endA }, (_, index) => [endA + index, endB + index] as const),
  ];
}

function middleOf(
  a: readonly string[],
  b: readonly string[],
): readonly (readonly [number, number])[] {
  if (a.length * b.length > MOST_CELLS) return greedy(a, b);
  const width = b.length + 1;
  const length = new Int32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const here = i * width + j;
      length[here] =
        a[i] === b[j]
          ? length[here + width + 1]! + 1
          : Math.max(length[here + width]!, length[here + 1]!);
    }
  }
  const out: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) out.push([i++, j++]);
    else if (length[(i + 1) * width + j]! >= length[i * width + j + 1]!) i++;
    else j++;
  }
  return out;
}

/** Each item with the next equal one behind the last pair. */
function greedy(
  a: readonly string[],
  b: readonly string[],
): readonly (readonly [number, number])[] {
  const places = Map.groupBy(b.keys(), (index) => b[index]!);
  const out: (readonly [number, number])[] = [];
  let next = 0;
  for (const [i, key] of a.entries()) {
    const j = places.get(key)?.find((index) => index >= next);
    if (j === undefined) continue;
    out.push([i, j]);
    next = j + 1;
  }
  return out;
}

/** Rules between equal ones: those that are most alike are one rule that was edited. */
function pairUp(base: readonly Rule[], head: readonly Rule[]): readonly RuleSlot[] {
  const left = new Set(base);
  const partner = new Map<Rule, Rule>();
  for (const keyOf of left.size === 0 || head.length === 0 ? [] : LIKENESS) {
    const keys = new Map([...left].map((rule) => [rule, keyOf(rule)]));
    for (const rule of head) {
      if (partner.has(rule)) continue;
      const key = keyOf(rule);
      const found = [...left].find((other) => keys.get(other) === key);
      if (found === undefined) continue;
      partner.set(rule, found);
      left.delete(found);
    }
  }
  const gone = [...left].map((rule): RuleSlot => ({ base: rule, head: undefined, isSame: false }));
  return [
    ...gone,
    ...head.map((rule): RuleSlot => ({ base: partner.get(rule), head: rule, isSame: false })),
  ];
}

/** What an edited rule most likely kept: its peers, else its ports, else only its direction. */
const LIKENESS: readonly ((rule: Rule) => string)[] = [
  ({ direction, peers }) => `${direction} ${peersKey(peers).join()}`,
  ({ direction, traffic }) => `${direction} ${contentOf(traffic)}`,
  ({ direction }) => direction,
];

/** Which parts of a rule an edit changed, in words. */
export function changedParts(a: Rule, b: Rule): readonly string[] {
  const parts: string[] = [];
  if (a.action !== b.action) parts.push(`action ${a.action} → ${b.action}`);
  if (contentOf(peersKey(a.peers)) !== contentOf(peersKey(b.peers))) parts.push("peers");
  if (contentOf(a.traffic) !== contentOf(b.traffic)) parts.push("ports");
  if (contentOf(a.condition ?? null) !== contentOf(b.condition ?? null)) parts.push("condition");
  return parts;
}
