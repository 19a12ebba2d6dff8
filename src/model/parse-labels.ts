import type { Path } from "./origin.ts";
import { type Raw, type Report, checkedList, checkedRaw, kindOfValue, warnUnknown } from "./raw.ts";
import { type LabelSelector, type Labels, MATCH_ALL, type Requirement } from "./selector.ts";

const NAME = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$/u;
const PREFIX = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/u;

/** Whether a text is a label key: a name of at most 63 characters, behind an optional DNS prefix and a slash. */
export function isLabelKey(key: string): boolean {
  const slash = key.indexOf("/");
  if (slash < 0) return NAME.test(key);
  const prefix = key.slice(0, slash);
  return prefix.length <= 253 && PREFIX.test(prefix) && NAME.test(key.slice(slash + 1));
}

/** Whether a text is a label value: empty, or a name of at most 63 characters. */
export function isLabelValue(value: string): boolean {
  return value === "" || NAME.test(value);
}

/** Reads a label map. A value that is no string is what the API server refuses: it is reported and left out. */
export function parseLabels(value: unknown, path: Path, report: Report): Labels {
  if (value === undefined || value === null) return {};
  const raw = checkedRaw(value, path, report);
  if (raw === undefined) return {};
  for (const [key, text] of Object.entries(raw)) {
    if (typeof text !== "string") {
      report(
        [...path, key],
        `label \`${key}\` must be a string, not ${kindOfValue(text)}: write it in quotes`,
      );
      return Object.fromEntries(
        Object.entries(raw).filter(
          (entry): entry is [string, string] => typeof entry[1] === "string",
        ),
      );
    }
  }
  return raw as Labels;
}

/** Reads a label selector by the API's rules; null is the empty one. */
export function parseSelector(value: unknown, path: Path, report: Report): LabelSelector {
  if (value === undefined || value === null) return MATCH_ALL;
  const raw = checkedRaw(value, path, report);
  if (raw === undefined) return MATCH_ALL;
  warnUnknown(raw, ["matchLabels", "matchExpressions"], path, report);
  const labels = parseLabels(raw["matchLabels"], [...path, "matchLabels"], report);
  const requirements: Requirement[] = Object.entries(labels).map(([key, text]) => {
    checkKey(key, [...path, "matchLabels", key], report);
    checkValue(text, [...path, "matchLabels", key], report);
    return { key, operator: "In", values: [text] };
  });
  const expressions = checkedList(raw, "matchExpressions", path, report);
  for (const [index, item] of expressions.entries()) {
    const where = [...path, "matchExpressions", index];
    const expression = checkedRaw(item, where, report);
    if (expression === undefined) continue;
    const requirement = parseExpression(expression, where, report);
    if (requirement !== undefined) requirements.push(requirement);
  }
  return requirements.length === 0 ? MATCH_ALL : { requirements };
}

function parseExpression(raw: Raw, path: Path, report: Report): Requirement | undefined {
  warnUnknown(raw, ["key", "operator", "values"], path, report);
  const { key, operator } = raw;
  if (typeof key !== "string") {
    report(path, "an expression needs a `key`");
    return undefined;
  }
  checkKey(key, [...path, "key"], report);
  const values = checkedList(raw, "values", path, report);
  if (!values.every((value) => typeof value === "string")) {
    report([...path, "values"], "every one of `values` must be a string: write it in quotes");
    return undefined;
  }
  switch (operator) {
    case "In":
    case "NotIn":
      if (values.length === 0) report(path, `\`${operator}\` needs at least one of \`values\``);
      for (const value of values) checkValue(value, [...path, "values"], report);
      return { key, operator, values };
    case "Exists":
    case "DoesNotExist":
      if (values.length > 0) report([...path, "values"], `\`${operator}\` takes no \`values\``);
      return { key, operator, values: [] };
    default:
      report(
        [...path, "operator"],
        `unknown operator ${kindOfValue(operator)}: write In, NotIn, Exists or DoesNotExist`,
      );
      return undefined;
  }
}

function checkKey(key: string, path: Path, report: Report): void {
  if (!isLabelKey(key)) report(path, `\`${key}\` is no label key`);
}

function checkValue(value: string, path: Path, report: Report): void {
  if (!isLabelValue(value)) report(path, `\`${value}\` is no label value`);
}

/** Whether a field is given: not absent and not null (NP-1: nil is not empty). */
export function isGiven(raw: Raw, key: string): boolean {
  return raw[key] !== undefined && raw[key] !== null;
}
