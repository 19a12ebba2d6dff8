import {
  type LabelSelector,
  type Labels,
  type Requirement,
  matchesSelector,
} from "../model/index.ts";
import { type TestedEndpoint, passesTest, testKey } from "./endpoint-test.ts";
import type { Kind } from "./kinds.ts";
import type { EndpointSelector, NamespaceTest, NodeTest } from "./policy.ts";

/** Finds the kinds that selectors match, each selector once. */
export interface SelectorIndex {
  /** The numbers of the kinds that the selector matches, ascending. */
  readonly select: (selector: EndpointSelector) => Int32Array;
  /** Kinds whose labels were looked at so far. */
  readonly evaluations: () => number;
}

/** A text that is the same for selectors that cannot differ. */
export function selectorKey({ namespaces, pods, where, hostNetwork }: EndpointSelector): string {
  const scope =
    namespaces.kind === "name" ? `=${namespaces.name}` : `~${requirementsKey(namespaces.selector)}`;
  const test = where === undefined ? "" : testKey(where);
  return `${scope}|${requirementsKey(pods)}|${hostNetwork ? "h" : ""}${test}`;
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

/** What selectors look up besides kinds. */
export interface SelectorContext {
  readonly namespaces: ReadonlyMap<string, Labels>;
  /** By `NAMESPACE/NAME`. */
  readonly serviceAccounts: ReadonlyMap<string, Labels>;
  /** Whether host-network pods may be meant by a selector at all. */
  readonly hostPods: boolean;
}

/** An index over the kinds of a cluster. */
export function buildSelectorIndex(
  kinds: readonly Kind[],
  { namespaces, serviceAccounts, hostPods }: SelectorContext,
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

  const tested = ({ namespace, labels, serviceAccount }: Kind): TestedEndpoint => ({
    namespace,
    namespaceLabels: namespaces.get(namespace) ?? NO_LABELS,
    labels,
    serviceAccount,
    serviceAccountLabels: serviceAccounts.get(`${namespace}/${serviceAccount}`) ?? NO_LABELS,
  });
  const select = (selector: EndpointSelector): Int32Array => {
    const { pods, where, hostNetwork } = selector;
    const scope = scopeOf(selector.namespaces);
    const inScope = scope?.kinds ?? all;
    const candidates = narrow(pods.requirements, inScope, posting);
    evaluations += candidates.length;
    const out: number[] = [];
    for (const number of candidates) {
      const kind = kinds[number]!;
      if (kind.type === "host-pod" && !hostNetwork) continue;
      if (candidates !== inScope && scope?.names.has(kind.namespace) === false) continue;
      if (!matchesSelector(pods, kind.labels)) continue;
      if (where === undefined || passesTest(where, tested(kind))) out.push(number);
    }
    return Int32Array.from(out).toSorted();
  };
  return { select, evaluations: () => evaluations };
}

const NO_LABELS: Labels = {};

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

/** How a test of nodes matches a host whose labels and name may not be known: 2 surely, 1 perhaps, 0 not. */
export function matchNodeTest(
  test: NodeTest,
  { nodeLabels, nodeName }: Pick<Kind, "nodeLabels" | "nodeName">,
): 0 | 1 | 2 {
  if (test.kind === "names") {
    const { surely, perhaps } = test;
    if (nodeName === undefined) return surely.length + perhaps.length > 0 ? 1 : 0;
    return surely.includes(nodeName) ? 2 : perhaps.includes(nodeName) ? 1 : 0;
  }
  if (test.selector.requirements.length === 0) return 2;
  if (nodeLabels === undefined) return 1;
  return matchesSelector(test.selector, nodeLabels) ? 2 : 0;
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
