import {
  type LabelSelector,
  type Labels,
  type Requirement,
  matchesSelector,
} from "../model/index.ts";
import type { Kind } from "./kinds.ts";
import type { EndpointSelector, NamespaceTest } from "./policy.ts";

/** Finds the kinds that selectors match, each selector once. */
export interface SelectorIndex {
  /** The numbers of the kinds that the selector matches, ascending. */
  readonly select: (selector: EndpointSelector) => Int32Array;
  /** Kinds whose labels were looked at so far. */
  readonly evaluations: () => number;
}

/** A text that is the same for selectors that cannot differ. */
export function selectorKey({ namespaces, pods, hostNetwork }: EndpointSelector): string {
  const where =
    namespaces.kind === "name" ? `=${namespaces.name}` : `~${requirementsKey(namespaces.selector)}`;
  return `${where}|${requirementsKey(pods)}|${hostNetwork ? "h" : ""}`;
}

/** A text that is the same for label selectors that cannot differ. */
export function requirementsKey(selector: LabelSelector): string {
  const { requirements } = selector;
  if (requirements.length === 0) return "";
  const texts = requirements.map(
    ({ key, operator, values }) => `${key} ${operator} ${values.toSorted().join(",")}`,
  );
  return texts.toSorted().join(";");
}

/** An index over the kinds of a cluster. `hostPods`: whether host-network pods may be meant by a selector at all. */
export function buildSelectorIndex(
  kinds: readonly Kind[],
  namespaces: ReadonlyMap<string, Labels>,
  hostPods: boolean,
): SelectorIndex {
  const inNamespace = new Map<string, number[]>();
  const all: number[] = [];
  for (const [number, kind] of kinds.entries()) {
    if (kind.type !== "pod" && !(hostPods && kind.type === "host-pod")) continue;
    all.push(number);
    push(inNamespace, kind.namespace, number);
  }
  const postings = new Map<string, Map<string, number[]>>();
  const posting = (key: string): Map<string, number[]> => {
    let found = postings.get(key);
    if (found === undefined) {
      found = new Map();
      for (const number of all) {
        const value = kinds[number]!.labels[key];
        if (value !== undefined) push(found, value, number);
      }
      postings.set(key, found);
    }
    return found;
  };
  const testNamespaces = namespaceTester(namespaces);
  let evaluations = 0;

  const select = ({ namespaces: where, pods, hostNetwork }: EndpointSelector): Int32Array => {
    const allowed = testNamespaces(where);
    const inScope =
      allowed === undefined ? all : [...allowed].flatMap((name) => inNamespace.get(name) ?? []);
    const candidates = narrow(pods.requirements, inScope, posting);
    evaluations += candidates.length;
    const out: number[] = [];
    for (const number of candidates) {
      const kind = kinds[number]!;
      if (kind.type === "host-pod" && !hostNetwork) continue;
      if (allowed !== undefined && candidates !== inScope && !allowed.has(kind.namespace)) continue;
      if (matchesSelector(pods, kind.labels)) out.push(number);
    }
    return Int32Array.from(out).toSorted();
  };
  return { select, evaluations: () => evaluations };
}

/** The shortest list that holds every match: those in the namespaces, or those with a value that the selector requires. */
function narrow(
  requirements: readonly Requirement[],
  inScope: readonly number[],
  posting: (key: string) => ReadonlyMap<string, readonly number[]>,
): readonly number[] {
  let best = inScope;
  if (inScope.length <= 16) return best; // not worth a look
  for (const { key, operator, values } of requirements) {
    if (operator !== "In") continue;
    const lists = values.map((value) => posting(key).get(value) ?? []);
    const size = lists.reduce((sum, list) => sum + list.length, 0);
    if (size < best.length) best = lists.length === 1 ? lists[0]! : [...new Set(lists.flat())];
  }
  return best;
}

/** The names of the namespaces that a test admits, `undefined` for all of them; each test is evaluated once. */
function namespaceTester(
  namespaces: ReadonlyMap<string, Labels>,
): (test: NamespaceTest) => ReadonlySet<string> | undefined {
  const known = new Map<string, ReadonlySet<string>>();
  return (test) => {
    if (test.kind === "name") return new Set([test.name]);
    if (test.selector.requirements.length === 0) return undefined;
    const key = requirementsKey(test.selector);
    let found = known.get(key);
    if (found === undefined) {
      const matching = [...namespaces].filter(([, labels]) =>
        matchesSelector(test.selector, labels),
      );
      found = new Set(matching.map(([name]) => name));
      known.set(key, found);
    }
    return found;
  };
}

/** How a node selector matches labels that may not be known: 2 surely, 1 perhaps, 0 not. */
export function matchNodeLabels(selector: LabelSelector, labels: Labels | undefined): 0 | 1 | 2 {
  if (selector.requirements.length === 0) return 2;
  if (labels === undefined) return 1;
  return matchesSelector(selector, labels) ? 2 : 0;
}

function push<Key>(map: Map<Key, number[]>, key: Key, value: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
