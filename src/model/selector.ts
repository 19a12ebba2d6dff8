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

/** The selector that asks for exactly these labels and allows others, as a Service's `selector` does. */
export function selectorOfLabels(labels: Labels): LabelSelector {
  const requirements = Object.entries(labels).map(([key, value]): Requirement => ({
    key,
    operator: "In",
    values: [value],
  }));
  return { requirements, matchLabels: requirements.length };
}

/** Whether `labels` fulfil the selector. `NotIn` and `DoesNotExist` match what lacks the key (NP-9). */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  for (const requirement of selector.requirements) {
    if (!matchesRequirement(requirement, labels)) return false;
  }
  return true;
}

/** Whether `labels` fulfil one requirement. */
export function matchesRequirement(requirement: Requirement, labels: Labels): boolean {
  const { key } = requirement;
  return allowsValue(requirement, Object.hasOwn(labels, key) ? labels[key] : undefined);
}

/** Whether a label of this value fulfils a requirement on its key; `undefined`: the label is absent. */
export function allowsValue({ operator, values }: Requirement, value: string | undefined): boolean {
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

/** Whether all labels that fulfil `a`, those of objects to come included, fulfil `b`. */
export function impliesSelector(a: LabelSelector, b: LabelSelector): boolean {
  return b.requirements.every((wanted) => {
    const known = a.requirements.filter(({ key }) => key === wanted.key);
    return possibleValues([...known, wanted]).every(
      (value) => !known.every((each) => allowsValue(each, value)) || allowsValue(wanted, value),
    );
  });
}

/** One value of each kind that requirements on a key can tell apart: those that they name, any other, and none. */
export function possibleValues(
  requirements: readonly Requirement[],
): readonly (string | undefined)[] {
  return [undefined, "\u0000", ...requirements.flatMap(({ values }) => values)];
}
