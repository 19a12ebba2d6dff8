import { type Labels, type Requirement, allowsValue } from "../model/index.ts";

/** A test of a pod that label selectors cannot say: on the labels of its namespace or service account, and any combination. */
export type EndpointTest =
  | LabelTest
  | {
      readonly kind: "name";
      readonly of: "namespace" | "service-account";
      readonly names: readonly string[];
    }
  /** All of them; without one it holds. */
  | { readonly kind: "all"; readonly of: readonly EndpointTest[] }
  /** One of them; without one it never holds. */
  | { readonly kind: "any"; readonly of: readonly EndpointTest[] }
  | { readonly kind: "not"; readonly of: EndpointTest };

/** One label of the pod, of its namespace or of its service account. */
export interface LabelTest {
  readonly kind: "label";
  readonly on: "pod" | "namespace" | "service-account";
  readonly key: string;
  readonly operator: Requirement["operator"] | "Contains" | "StartsWith" | "EndsWith";
  /** Of the three text operators exactly one. */
  readonly values: readonly string[];
}

/** What a test looks at. */
export interface TestedEndpoint {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
  readonly serviceAccount: string;
  readonly serviceAccountLabels: Labels;
}

/** Whether an endpoint passes a test. */
export function passesTest(test: EndpointTest, endpoint: TestedEndpoint): boolean {
  switch (test.kind) {
    case "label":
      return passesLabel(test, labelsOf(endpoint, test.on));
    case "name": {
      const name = test.of === "namespace" ? endpoint.namespace : endpoint.serviceAccount;
      return test.names.includes(name);
    }
    case "all":
      return test.of.every((each) => passesTest(each, endpoint));
    case "any":
      return test.of.some((each) => passesTest(each, endpoint));
    case "not":
      return !passesTest(test.of, endpoint);
  }
}

function labelsOf(endpoint: TestedEndpoint, on: LabelTest["on"]): Labels {
  if (on === "pod") return endpoint.labels;
  return on === "namespace" ? endpoint.namespaceLabels : endpoint.serviceAccountLabels;
}

function passesLabel({ key, operator, values }: LabelTest, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const [text = ""] = values;
  switch (operator) {
    case "Contains":
      return value?.includes(text) === true;
    case "StartsWith":
      return value?.startsWith(text) === true;
    case "EndsWith":
      return value?.endsWith(text) === true;
    default:
      return allowsValue({ key, operator, values }, value);
  }
}

/** A text that is the same for tests that are written alike. */
export function testKey(test: EndpointTest): string {
  switch (test.kind) {
    case "label":
      return `${test.on}:${test.key} ${test.operator} ${JSON.stringify(test.values)}`;
    case "name":
      return `${test.of}=${test.names.join()}`;
    case "not":
      return `!(${testKey(test.of)})`;
    default:
      return `${test.kind}(${test.of.map(testKey).join(";")})`;
  }
}
