import { faultOfLabelKey, faultOfLabelValue } from "./label-syntax.ts";
import type { LabelSelector, Requirement } from "./selector.ts";

/** Reads a label selector as kubectl takes it: `app=db,tier in (a,b),!canary`. Gives a sentence where it cannot be read. */
export function parseSelector(text: string): LabelSelector | string {
  const requirements: Requirement[] = [];
  // Commas within parentheses are of a list of values.
  for (const part of text.split(/,(?![^()]*\))/u)) {
    const requirement = parseRequirement(part.trim());
    if (requirement === undefined) {
      return `cannot read the label expression \`${text}\`: write it like \`app=web,tier in (a,b)\``;
    }
    const fault =
      faultOfLabelKey(requirement.key) ??
      requirement.values.map(faultOfLabelValue).find((each) => each !== undefined);
    if (fault !== undefined) return fault;
    requirements.push(requirement);
  }
  return { requirements };
}

const SET = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/u;
const EQUALITY = /^([^\s=!]+)\s*(==?|!=)\s*([^\s=!]*)$/u;
const PRESENCE = /^(!?)\s*([^\s=!()]+)$/u;

function parseRequirement(text: string): Requirement | undefined {
  const set = SET.exec(text);
  if (set !== null) {
    const [, key = "", operator, values = ""] = set;
    return {
      key,
      operator: operator === "in" ? "In" : "NotIn",
      values: values.split(",").map((value) => value.trim()),
    };
  }
  const equality = EQUALITY.exec(text);
  if (equality !== null) {
    const [, key = "", sign, value = ""] = equality;
    return { key, operator: sign === "!=" ? "NotIn" : "In", values: [value] };
  }
  const [, not, key] = PRESENCE.exec(text) ?? [];
  if (key === undefined) return undefined;
  return { key, operator: not === "!" ? "DoesNotExist" : "Exists", values: [] };
}
