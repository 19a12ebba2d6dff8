import type { RuleRef } from "../../decision.ts";
import type { Point } from "../decision.ts";
import type { Member, TierOf } from "./tiers.ts";

/** What may have happened so far; `open`: something is still undecided. */
export interface State {
  readonly outcomes: Set<"Allow" | "Deny">;
  readonly refs: RuleRef[];
  readonly ids: Set<string>;
  open: boolean;
}

/** Nothing has happened yet. */
export function start(): State {
  return { outcomes: new Set(), refs: [], ids: new Set(), open: true };
}

/** What the point says. */
export function pointOf({ outcomes, refs, ids }: State, more: readonly string[]): Point {
  return { outcomes, refs, ruleIds: [...ids, ...more] };
}

/** CAL-3: the first rule that matches decides; at the end of a tier that acts its default action. `perhaps` selected policies match only perhaps. */
export function walkTier(
  state: State,
  { members }: TierOf,
  end: "Deny" | "Pass",
  perhaps: (member: Member) => boolean = () => false,
): void {
  if (!state.open) return;
  let passed = false;
  for (const member of members) {
    for (const { action, match, ref, ids } of member.hits()) {
      if (match === "no") continue;
      for (const id of ids) state.ids.add(id);
      if (action === "Pass") passed = true;
      else {
        state.outcomes.add(action);
        state.refs.push(ref);
      }
      if (match === "yes" && !perhaps(member)) {
        state.open = passed;
        return;
      }
    }
  }
  const acting = members.filter(({ acts }) => acts);
  if (acting.length === 0 || end === "Pass") return;
  state.outcomes.add("Deny");
  const surely = acting.filter((member) => !perhaps(member));
  const by = surely.length > 0 ? surely : acting;
  state.refs.push(...by.map(({ id }) => ({ policy: id, rule: undefined })));
  state.open = passed || surely.length === 0;
}
