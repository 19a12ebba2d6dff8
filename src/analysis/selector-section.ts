import type { GenericSchema } from "valibot";

import { type ValibotModule, exactObject, oneOf, shown } from "../base/index.ts";
import { type LabelSelector, type Requirement } from "../model/index.ts";

/** A label selector as it stands in `ringfence.yaml`: written as in Kubernetes; without requirements it matches everything. */
export interface SelectorSection {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: Requirement["operator"];
    readonly values?: readonly string[];
  }[];
}

/** The schema of a label selector. */
export function selectorSchema(v: ValibotModule): GenericSchema<unknown, SelectorSection> {
  const value = v.string(
    ({ input }) => `a label value must be text, not ${shown(input)}: quote it`,
  );
  const expression = v.pipe(
    exactObject(v, {
      key: v.string(),
      operator: oneOf(v, ["In", "NotIn", "Exists", "DoesNotExist"]),
      values: v.exactOptional(v.array(value)),
    }),
    v.check(
      ({ operator, values = [] }) => operator.endsWith("In") === values.length > 0,
      "`In` and `NotIn` need `values`, `Exists` and `DoesNotExist` take none",
    ),
  );
  return exactObject(v, {
    matchLabels: v.exactOptional(v.record(v.string(), value)),
    matchExpressions: v.exactOptional(v.array(expression)),
  });
}

/** The selector that a section stands for. */
export function selectorOf({
  matchLabels = {},
  matchExpressions = [],
}: SelectorSection): LabelSelector {
  const labels = Object.entries(matchLabels).map(([key, value]): Requirement => ({
    key,
    operator: "In",
    values: [value],
  }));
  const expressions = matchExpressions.map(({ key, operator, values = [] }): Requirement => ({
    key,
    operator,
    values,
  }));
  return { requirements: [...labels, ...expressions] };
}
