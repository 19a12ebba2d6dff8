import {
  type Field,
  below,
  complain,
  expectKeys,
  isSet,
  nameOf,
  readItems,
  readObject,
  readText,
  readWord,
} from "./field.ts";
import { faultOfLabelKey, faultOfLabelValue } from "./label-syntax.ts";
import { type LabelSelector, MATCH_ALL, type Requirement } from "./selector.ts";

/** How the API server treats null in a label map: it decodes it to the empty text, or drops it from a custom resource. */
export type NullLabels = "empty" | "dropped";

/** Reads a label selector by the API's rules; an absent one and `{}` match everything. */
export function readSelector(field: Field, nulls: NullLabels = "empty"): LabelSelector {
  if (readObject(field) === undefined) return MATCH_ALL;
  expectKeys(field, ["matchLabels", "matchExpressions"]);
  const requirements: Requirement[] = [];
  const matchLabels = below(field, "matchLabels");
  for (const key of Object.keys(readObject(matchLabels) ?? {})) {
    const given = below(matchLabels, key);
    if (!isSet(given) && nulls === "dropped") {
      const text = `${nameOf(given)} is null: the API server drops it, the selector is wider`;
      given.notes.warning(given.path, text);
      continue;
    }
    const value = given.value ?? "";
    const fault = faultOfLabelKey(key) ?? faultOfLabelValue(value);
    if (fault !== undefined) complain(given, fault);
    else if (typeof value === "string") {
      requirements.push({ key, operator: "In", values: [value] });
    }
  }
  const labels = requirements.length;
  for (const item of readItems(below(field, "matchExpressions"))) {
    const requirement = readRequirement(item, nulls);
    if (requirement !== undefined) requirements.push(requirement);
  }
  return requirements.length === 0 ? MATCH_ALL : { requirements, matchLabels: labels };
}

function readRequirement(field: Field, nulls: NullLabels): Requirement | undefined {
  if (!isSet(field) && nulls === "dropped") complain(field, `${nameOf(field)} is null`);
  expectKeys(field, ["key", "operator", "values"]);
  const key = readText(below(field, "key"));
  const operator = readWord(below(field, "operator"), ["In", "NotIn", "Exists", "DoesNotExist"]);
  const valuesField = below(field, "values");
  const values = readItems(valuesField).flatMap((item) => {
    const fault = faultOfLabelValue(nulls === "empty" ? (item.value ?? "") : item.value);
    if (fault !== undefined) complain(item, fault);
    return typeof item.value === "string" ? [item.value] : [""];
  });
  if (key === undefined || operator === undefined) {
    if (!isSet(below(field, "key")) || !isSet(below(field, "operator"))) {
      complain(field, `${nameOf(field)} needs \`key\` and \`operator\``);
    }
    return undefined;
  }
  const fault = faultOfLabelKey(key);
  if (fault !== undefined) complain(below(field, "key"), fault);
  const takesValues = operator === "In" || operator === "NotIn";
  if (takesValues !== values.length > 0) {
    const needs = takesValues ? "needs at least one value" : "takes no values";
    complain(valuesField, `operator \`${operator}\` ${needs} (${nameOf(field)})`);
  }
  return { key, operator, values };
}
