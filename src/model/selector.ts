/** Labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/** One requirement on labels. `values` is empty for Exists and DoesNotExist. */
export interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values: readonly string[];
}

/** A Kubernetes label selector: all requirements must hold; without any it matches everything. `matchLabels` is here as `In` with one value. */
export interface LabelSelector {
  readonly requirements: readonly Requirement[];
  /** How many of them, the first ones, stand in `matchLabels`; the others are the items of `matchExpressions`. */
  readonly matchLabels?: number;
}

/** The selector that matches everything. */
export const MATCH_ALL: LabelSelector = { requirements: [] };

/** Whether `labels` fulfil the selector. `NotIn` and `DoesNotExist` match what lacks the key (NP-9). */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  for (const requirement of selector.requirements) {
    if (!matchesRequirement(requirement, labels)) return false;
  }
  return true;
}

/** Whether `labels` fulfil one requirement. */
export function matchesRequirement(
  { key, operator, values }: Requirement,
  labels: Labels,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}
