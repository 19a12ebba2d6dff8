import {
  type CalicoSelector,
  MATCH_ALL,
  type Requirement,
  matchesOperator,
} from "../../../model/index.ts";
import type { EndpointTest } from "../../endpoint-test.ts";
import type { EndpointSelector, NamespaceTest } from "../../policy.ts";
import {
  NAMESPACE_KEY,
  NAMESPACE_PREFIX,
  ORCHESTRATOR_KEY,
  SERVICE_ACCOUNT_KEY,
  SERVICE_ACCOUNT_PREFIX,
} from "./scope.ts";

type LabelOf = Extract<CalicoSelector, { readonly kind: "label" }>;

/** The pods that a selector means (CAL-10): what the index of selectors can look up is told apart from the rest. `accounts` are the names of all service accounts. */
export function podsOf(selector: CalicoSelector, accounts: readonly string[]): EndpointSelector {
  const pods: Requirement[] = [];
  const namespaces: Requirement[] = [];
  const where: EndpointTest[] = [];
  let namespace: string | undefined;
  for (const each of conjuncts(selector)) {
    const [test, negated] = each.kind === "not" ? [each.of, true] : [each, false];
    const requirement = test.kind === "label" ? requirementOf(test, negated) : undefined;
    if (requirement === undefined) where.push(testOf(each, accounts));
    else if ("requirement" in requirement) {
      (requirement.on === "pod" ? pods : namespaces).push(requirement.requirement);
    } else if (namespace === undefined) namespace = requirement.name;
    else where.push(testOf(each, accounts));
  }
  const inNamespaces: NamespaceTest =
    namespace === undefined
      ? {
          kind: "labels",
          selector: namespaces.length === 0 ? MATCH_ALL : { requirements: namespaces },
        }
      : { kind: "name", name: namespace };
  if (namespace !== undefined) {
    where.push(
      ...namespaces.map((each): EndpointTest => ({ kind: "label", on: "namespace", ...each })),
    );
  }
  const base = {
    kind: "pods",
    namespaces: inNamespaces,
    pods: pods.length === 0 ? MATCH_ALL : { requirements: pods },
    hostNetwork: false, // CAL-15: host-network pods are no endpoints
  } as const;
  if (where.length === 0) return base;
  return { ...base, where: where.length === 1 ? where[0]! : { kind: "all", of: where } };
}

/** Parts that must all hold; what always holds is left out. */
function conjuncts(selector: CalicoSelector): readonly CalicoSelector[] {
  if (selector.kind === "all" || selector.kind === "global") return [];
  return selector.kind === "and" ? selector.of.flatMap(conjuncts) : [selector];
}

type Indexed =
  | { readonly on: "pod" | "namespace"; readonly requirement: Requirement }
  | { readonly on: "name"; readonly name: string };

/** A test of one label as a requirement, where it can be said as one. */
function requirementOf({ key, operator, values }: LabelOf, negated: boolean): Indexed | undefined {
  if (operator === "Contains" || operator === "StartsWith" || operator === "EndsWith") {
    return undefined;
  }
  if (key === NAMESPACE_KEY && operator === "In" && values.length === 1 && !negated) {
    return { on: "name", name: values[0]! };
  }
  const plain = key.startsWith(NAMESPACE_PREFIX) ? key.slice(NAMESPACE_PREFIX.length) : key;
  if (isNameKey(key) || key.startsWith(SERVICE_ACCOUNT_PREFIX)) return undefined;
  const on = plain === key ? "pod" : "namespace";
  const requirement = { key: plain, operator: negated ? OPPOSITE[operator] : operator, values };
  return { on, requirement };
}

const OPPOSITE = { In: "NotIn", NotIn: "In", Exists: "DoesNotExist" } as const;

/** Labels that Calico makes of names. */
function isNameKey(key: string): boolean {
  return (
    [NAMESPACE_KEY, SERVICE_ACCOUNT_KEY, ORCHESTRATOR_KEY].includes(key) ||
    nameOfPrefixed(key) !== undefined
  );
}

/** Namespaces and service accounts carry their name as a label (CAL-10). */
function nameOfPrefixed(key: string): "namespace" | "service-account" | undefined {
  if (key === `${NAMESPACE_PREFIX}projectcalico.org/name`) return "namespace";
  return key === `${SERVICE_ACCOUNT_PREFIX}projectcalico.org/name` ? "service-account" : undefined;
}

const HOLDS: EndpointTest = { kind: "all", of: [] };
const NEVER: EndpointTest = { kind: "any", of: [] };

/** A selector as a test of pods. */
function testOf(selector: CalicoSelector, accounts: readonly string[]): EndpointTest {
  switch (selector.kind) {
    case "all":
    case "global":
      return HOLDS;
    case "not":
      return { kind: "not", of: testOf(selector.of, accounts) };
    case "and":
    case "or": {
      const of = selector.of.map((each) => testOf(each, accounts));
      return { kind: selector.kind === "and" ? "all" : "any", of };
    }
    case "label":
      return labelTest(selector, accounts);
  }
}

function labelTest(test: LabelOf, accounts: readonly string[]): EndpointTest {
  const { key, operator, values } = test;
  if (key === ORCHESTRATOR_KEY) {
    return matchesOperator(operator, values, "k8s") ? HOLDS : NEVER;
  }
  const of =
    key === NAMESPACE_KEY
      ? "namespace"
      : key === SERVICE_ACCOUNT_KEY
        ? "service-account"
        : nameOfPrefixed(key);
  if (of !== undefined) return nameTest(of, test, accounts);
  if (key.startsWith(NAMESPACE_PREFIX)) {
    return {
      kind: "label",
      on: "namespace",
      key: key.slice(NAMESPACE_PREFIX.length),
      operator,
      values,
    };
  }
  if (key.startsWith(SERVICE_ACCOUNT_PREFIX)) {
    const plain = key.slice(SERVICE_ACCOUNT_PREFIX.length);
    return { kind: "label", on: "service-account", key: plain, operator, values };
  }
  return { kind: "label", on: "pod", key, operator, values };
}

/** Every pod is in a namespace and runs as a service account. */
function nameTest(
  of: "namespace" | "service-account",
  { operator, values }: LabelOf,
  accounts: readonly string[],
): EndpointTest {
  if (operator === "Exists") return HOLDS;
  if (operator === "In") return { kind: "name", of, names: values };
  if (operator === "NotIn") return { kind: "not", of: { kind: "name", of, names: values } };
  if (of === "namespace") {
    return { kind: "label", on: of, key: "kubernetes.io/metadata.name", operator, values };
  }
  return {
    kind: "name",
    of,
    names: accounts.filter((name) => matchesOperator(operator, values, name)),
  };
}
