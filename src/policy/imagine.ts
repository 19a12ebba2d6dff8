import { type LabelSelector, type Labels, allowsValue, possibleValues } from "../model/index.ts";
import type { ImaginedPod } from "./match.ts";
import type { EndpointSelector } from "./policy.ts";

/** A pod in a namespace that no object can have, without labels: no selector names it but by what it lacks. */
export const UNNAMED_POD: ImaginedPod = {
  namespace: undefined,
  namespaceLabels: {},
  labels: {},
  serviceAccount: "default",
  serviceAccountLabels: {},
};

/** A pod that a selector means and nothing else names: it has the labels that are required and no others. `undefined` if no pod can fulfil the selector. */
export function imaginePod(
  { namespaces, pods }: EndpointSelector,
  labelsOf: (namespace: string) => Labels | undefined,
): ImaginedPod | undefined {
  const labels = labelsFor(pods);
  if (labels === undefined) return undefined;
  if (namespaces.kind === "name") {
    const namespaceLabels = labelsOf(namespaces.name) ?? {
      "kubernetes.io/metadata.name": namespaces.name,
    };
    return { ...UNNAMED_POD, namespace: namespaces.name, namespaceLabels, labels };
  }
  const namespaceLabels = labelsFor(namespaces.selector);
  return namespaceLabels === undefined ? undefined : { ...UNNAMED_POD, namespaceLabels, labels };
}

/** The fewest labels that fulfil a selector; `undefined` if none do. */
function labelsFor({ requirements }: LabelSelector): Labels | undefined {
  const labels: Record<string, string> = {};
  for (const [key, list] of Map.groupBy(requirements, (each) => each.key)) {
    const values = possibleValues(list);
    const fits = values.findIndex((value) => list.every((each) => allowsValue(each, value)));
    if (fits < 0) return undefined;
    const value = values[fits];
    if (value !== undefined) labels[key] = value;
  }
  return labels;
}
