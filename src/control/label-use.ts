import { type Cluster, type LabelSelector, type Labels, matchesSelector } from "../model/index.ts";

/** Objects by their labels: pods, each label set of a namespace once, or namespaces. Without `within` it is all of them, else those of these namespaces. */
export interface LabelUse {
  /** Whether a selector matches something. */
  readonly matches: (selector: LabelSelector, within?: ReadonlySet<string>) => boolean;
  /** The values that each key has. */
  readonly values: (within?: ReadonlySet<string>) => ReadonlyMap<string, ReadonlySet<string>>;
}

interface Labelled {
  readonly namespace: string;
  readonly labels: Labels;
}

/** The labels of pods that exist, or of a template. */
export function labelsOfPods({ workloads }: Cluster): LabelUse {
  const seen = new Map<string, Set<Labels>>();
  for (const { namespace, pods } of workloads) {
    const own = seen.get(namespace) ?? new Set();
    for (const { labels } of pods) own.add(labels); // the reader gives equal label sets one object
    seen.set(namespace, own);
  }
  return createUse(
    [...seen].flatMap(([namespace, sets]) => [...sets].map((labels) => ({ namespace, labels }))),
  );
}

/** The labels of namespaces. */
export function labelsOfNamespaces({ namespaces }: Cluster): LabelUse {
  return createUse(
    [...namespaces.values()].map(({ name, labels }) => ({ namespace: name, labels })),
  );
}

function createUse(items: readonly Labelled[]): LabelUse {
  const byLabel = new Map<string, Labelled[]>();
  for (const item of items) {
    for (const [key, value] of Object.entries(item.labels)) {
      const label = `${key}=${value}`;
      const list = byLabel.get(label);
      if (list === undefined) byLabel.set(label, [item]);
      else list.push(item);
    }
  }
  const known = new WeakMap<object, ReadonlyMap<string, ReadonlySet<string>>>();
  return {
    matches: (selector, within) =>
      candidates(selector, items, byLabel).some(
        ({ namespace, labels }) =>
          matchesSelector(selector, labels) && within?.has(namespace) !== false,
      ),
    values: (within) => {
      const found = known.get(within ?? items) ?? valuesOf(items, within);
      known.set(within ?? items, found);
      return found;
    },
  };
}

function valuesOf(
  items: readonly Labelled[],
  within: ReadonlySet<string> | undefined,
): ReadonlyMap<string, ReadonlySet<string>> {
  const values = new Map<string, Set<string>>();
  for (const { namespace, labels } of items) {
    if (within?.has(namespace) === false) continue;
    for (const [key, value] of Object.entries(labels)) {
      values.set(key, (values.get(key) ?? new Set()).add(value));
    }
  }
  return values;
}

/** What has a value that the selector requires: mostly few of many. */
function candidates(
  { requirements }: LabelSelector,
  all: readonly Labelled[],
  byLabel: ReadonlyMap<string, readonly Labelled[]>,
): readonly Labelled[] {
  let best = all;
  for (const { key, operator, values } of requirements) {
    if (operator !== "In") continue;
    const lists = values.map((value) => byLabel.get(`${key}=${value}`) ?? []);
    const size = lists.reduce((sum, list) => sum + list.length, 0);
    if (size < best.length) best = lists.flat();
  }
  return best;
}
