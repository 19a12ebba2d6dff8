import {
  type LabelSelector,
  type Labels,
  type Requirement,
  matchesRequirement,
} from "../model/index.ts";

/** The first requirement that the labels do not fulfil, as text in backticks; `undefined` if they fulfil all. */
export function matchRequirementText(selector: LabelSelector, labels: Labels): string | undefined {
  const missed = selector.requirements.find((each) => !matchesRequirement(each, labels));
  return missed === undefined ? undefined : `\`${formatRequirement(missed)}\``;
}

/** A selector as kubectl writes it, in backticks; one that matches everything is nothing. */
export function formatSelector(selector: LabelSelector): string {
  const text = selectorText(selector);
  return text === undefined ? "" : `\`${text}\``;
}

/** A requirement as kubectl writes it: `app=db`, `tier in (a,b)`, `tier notin (a)`, `tier`, `!tier`. */
function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case "In":
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(",")})`;
    case "NotIn":
      return `${key} notin (${values.join(",")})`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
  }
}

/** A selector as kubectl writes it, `undefined` if it matches everything. */
export function selectorText({ requirements }: LabelSelector): string | undefined {
  return requirements.length === 0 ? undefined : requirements.map(formatRequirement).join(",");
}
