import type { Policy, Rule } from "../../policy/index.ts";
import { type RuleSlot, alignRules, changedParts, ruleKey } from "./align-rules.ts";
import { contentOf } from "./content.ts";
import { type Edit, type EditCode, type Mark, markPolicy } from "./edit.ts";

/** One policy in two states: its edits, and the policy with some of them made. */
export interface PolicyVersions {
  readonly edits: readonly Edit[];
  /** The policy of the base with the edits of `made`; `undefined` if it then does not exist. */
  readonly mix: (made: ReadonlySet<Edit>) => Policy | undefined;
}

/** Compares a policy that either state has. Everything that decides nothing (order of peers, place in the file) is no edit. */
export function comparePolicy(base: Policy | undefined, head: Policy | undefined): PolicyVersions {
  if (base === undefined || head === undefined) return whole(base, head);
  const parts = partsOf(base, head);
  const rules = editsOfRules(base, head);
  const edits = [...parts.map(({ edit }) => edit), ...new Set(rules.values())];
  const slots = alignedOf(base, head);
  return {
    edits,
    mix: (made) => {
      let policy = base;
      for (const { edit, fields } of parts) if (made.has(edit)) policy = { ...policy, ...fields };
      const mixed = slots.flatMap((slot) => {
        const edit = rules.get(slot);
        return (edit === undefined || made.has(edit) ? slot.head : slot.base) ?? [];
      });
      return { ...policy, rules: mixed };
    },
  };
}

const slotsOf = new WeakMap<Policy, WeakMap<Policy, readonly RuleSlot[]>>();

/** The aligned rules of two versions, worked out once: edits are told apart by the slot. */
function alignedOf(base: Policy, head: Policy): readonly RuleSlot[] {
  const row = slotsOf.get(base) ?? new WeakMap<Policy, readonly RuleSlot[]>();
  slotsOf.set(base, row);
  const slots = row.get(head) ?? alignRules(base.rules, head.rules);
  row.set(head, slots);
  return slots;
}

function whole(base: Policy | undefined, head: Policy | undefined): PolicyVersions {
  const policy = base ?? head;
  if (policy === undefined) return { edits: [], mix: () => undefined };
  const [code, state] =
    base === undefined
      ? (["policy-added", "head"] as const)
      : (["policy-removed", "base"] as const);
  const text = `policy \`${policy.id}\` was ${base === undefined ? "added" : "removed"}`;
  const edit: Edit = { code, text, marks: [markPolicy(state, policy)] };
  return { edits: [edit], mix: (made) => (made.has(edit) ? head : base) };
}

interface Part {
  readonly edit: Edit;
  /** What the policy becomes by it. */
  readonly fields: Partial<Policy>;
}

/** Edits of everything but rules. */
function partsOf(base: Policy, head: Policy): readonly Part[] {
  const marks: readonly Mark[] = [
    { ...markPolicy("base", base), path: ["spec"] },
    { ...markPolicy("head", head), path: ["spec"] },
  ];
  const at = (names: readonly string[]): readonly Mark[] =>
    marks.map((mark) => ({ ...mark, path: ["spec", ...names] }));
  const part = (code: EditCode, what: string, fields: Partial<Policy>): Part => {
    const text = `${what} of policy \`${head.id}\` changed`;
    return { edit: { code, text, marks: at(pathOf(code, head)) }, fields };
  };
  const parts: Part[] = [];
  if (differ(base.subject, head.subject)) {
    parts.push(part("subject-changed", "the selector", { subject: head.subject }));
  }
  if (differ(base.isolates, head.isolates)) {
    parts.push(part("isolation-changed", "the policy types", { isolates: head.isolates }));
  }
  if (differ(orderOf(base), orderOf(head))) {
    parts.push(part("order-changed", "the tier or priority", orderOf(head)));
  }
  return parts;
}

function orderOf({ slot, order, tieName, state }: Policy): Partial<Policy> {
  return { slot, order, tieName, state };
}

/** Where people look for it in the object; an API that has no such field shows the object's `spec`. */
function pathOf(code: EditCode, { id }: Policy): readonly string[] {
  if (code === "isolation-changed") return ["policyTypes"];
  if (code === "order-changed") return ["priority"];
  return [id.startsWith("networking.k8s.io/") ? "podSelector" : "subject"];
}

function differ(a: unknown, b: unknown): boolean {
  return contentOf(a) !== contentOf(b);
}

/** The edit of each slot whose rule is not the same; a rule that only moved is one edit of two slots. */
function editsOfRules(base: Policy, head: Policy): ReadonlyMap<RuleSlot, Edit> {
  const slots = alignedOf(base, head).filter(({ isSame }) => !isSame);
  const added = slots.filter((slot) => slot.base === undefined);
  const edits = new Map<RuleSlot, Edit>();
  for (const slot of slots) {
    if (edits.has(slot)) continue;
    const { base: old, head: now } = slot;
    if (old !== undefined && now === undefined) {
      const key = ruleKey(old);
      const moved = added.find((other) => !edits.has(other) && ruleKey(other.head!) === key);
      if (moved !== undefined) {
        const text = `\`${nameOf(old)}\` of policy \`${head.id}\` moved to \`${nameOf(moved.head!)}\``;
        const marks = [markPolicy("base", base, old), markPolicy("head", head, moved.head)];
        const edit: Edit = { code: "rule-moved", text, marks };
        edits.set(slot, edit).set(moved, edit);
        continue;
      }
    }
    edits.set(slot, ruleEdit({ base, head }, old, now));
  }
  return edits;
}

function ruleEdit(
  { base, head }: { readonly base: Policy; readonly head: Policy },
  old: Rule | undefined,
  now: Rule | undefined,
): Edit {
  const marks = [
    ...(old === undefined ? [] : [markPolicy("base", base, old)]),
    ...(now === undefined ? [] : [markPolicy("head", head, now)]),
  ];
  if (old === undefined) {
    return {
      code: "rule-added",
      text: `\`${nameOf(now!)}\` was added to policy \`${head.id}\``,
      marks,
    };
  }
  if (now === undefined) {
    const text = `\`${nameOf(old)}\` was removed from policy \`${head.id}\``;
    return { code: "rule-removed", text, marks };
  }
  const was = old.index === now.index ? "" : ` (was \`${nameOf(old)}\`)`;
  const parts = changedParts(old, now).join(", ");
  const text = `\`${nameOf(now)}\`${was} of policy \`${head.id}\` changed: ${parts}`;
  return { code: "rule-changed", text, marks };
}

function nameOf({ direction, index }: Rule): string {
  return `${direction}[${index}]`;
}
