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
  const texts = requirements.map(({ key, operator, values }) => {
    const list = values.length > 1 ? values.toSorted().join(",") : (values[0] ?? "");
    return `${key} ${operator} ${list}`;
  });
  return texts.length > 1 ? texts.toSorted().join(";") : texts[0]!;
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
  const posting = createPostings(all, (number) => kinds[number]!.labels);
  const scopeOf = createScopes(namespaces, inNamespace);
  let evaluations = 0;

  const select = ({ namespaces: where, pods, hostNetwork }: EndpointSelector): Int32Array => {
    const scope = scopeOf(where);
    const inScope = scope?.kinds ?? all;
    const candidates = narrow(pods.requirements, inScope, posting);
    evaluations += candidates.length;
    const out: number[] = [];
    for (const number of candidates) {
      const kind = kinds[number]!;
      if (kind.type === "host-pod" && !hostNetwork) continue;
      if (candidates !== inScope && scope?.names.has(kind.namespace) === false) continue;
      if (matchesSelector(pods, kind.labels)) out.push(number);
    }
    return Int32Array.from(out).toSorted();
  };
  return { select, evaluations: () => evaluations };
}

/** Items by the value of a label key, each key's lists made when it is first asked for. */
type Postings<Item> = (key: string) => ReadonlyMap<string, readonly Item[]>;

function createPostings<Item>(
  items: Iterable<Item>,
  labelsOf: (item: Item) => Labels,
): Postings<Item> {
  const postings = new Map<string, Map<string, Item[]>>();
  return (key) => {
    let found = postings.get(key);
    if (found === undefined) {
      found = new Map();
      for (const item of items) {
        const value = labelsOf(item)[key];
        if (value !== undefined) push(found, value, item);
      }
      postings.set(key, found);
    }
    return found;
  };
}

/** The shortest list that holds every match: those in scope, or those with a value that the selector requires. */
function narrow<Item>(
  requirements: readonly Requirement[],
  inScope: readonly Item[],
  posting: Postings<Item>,
): readonly Item[] {
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

/** The namespaces that a test admits, with the kinds in them. */
interface Scope {
  readonly names: ReadonlySet<string>;
  readonly kinds: readonly number[];
}

/** Gives the scope of a test, `undefined` for all namespaces; each test is evaluated once. */
function createScopes(
  namespaces: ReadonlyMap<string, Labels>,
  inNamespace: ReadonlyMap<string, readonly number[]>,
): (test: NamespaceTest) => Scope | undefined {
  const all = [...namespaces.keys()];
  const labelsOf = (name: string): Labels => namespaces.get(name)!;
  const posting = createPostings(all, labelsOf);
  const known = new Map<string, Scope>();
  const namesOf = (test: NamespaceTest): readonly string[] => {
    if (test.kind === "name") return [test.name];
    return narrow(test.selector.requirements, all, posting).filter((name) =>
      matchesSelector(test.selector, labelsOf(name)),
    );
  };
  return (test) => {
    if (test.kind === "labels" && test.selector.requirements.length === 0) return undefined;
    const key = test.kind === "name" ? `=${test.name}` : `~${requirementsKey(test.selector)}`;
    let scope = known.get(key);
    if (scope === undefined) {
      const names = namesOf(test);
      const kinds = names.flatMap((name) => inNamespace.get(name) ?? []);
      scope = { names: new Set(names), kinds };
      known.set(key, scope);
    }
    return scope;
  };
}

/** How a node selector matches labels that may not be known: 2 surely, 1 perhaps, 0 not. */
export function matchNodeLabels(selector: LabelSelector, labels: Labels | undefined): 0 | 1 | 2 {
  if (selector.requirements.length === 0) return 2;
  if (labels === undefined) return 1;
  return matchesSelector(selector, labels) ? 2 : 0;
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
