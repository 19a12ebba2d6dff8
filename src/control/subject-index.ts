import type { EndpointSelector, Policy } from "../policy/index.ts";
import type { Implies } from "./peer-cover.ts";

/** Finds, for a policy, the policies that select all that it selects, pods to come included. */
export interface Subjects {
  /** Numbers of policies, itself among them, ascending. */
  readonly around: (policy: number) => readonly number[];
}

/** An index over the subjects of policies. A selector is compared only with those that ask no label which it does not ask itself. */
export function createSubjects(policies: readonly Policy[], implies: Implies): Subjects {
  const buckets = new Map<string, number[]>();
  for (const [number, { subject }] of policies.entries()) {
    if (subject.kind !== "pods") continue;
    const key = bucketOf(subject);
    const list = buckets.get(key);
    if (list === undefined) buckets.set(key, [number]);
    else list.push(number);
  }
  const known = new Map<number, readonly number[]>();
  return {
    around: (number) => {
      let found = known.get(number);
      if (found === undefined) {
        const { subject } = policies[number]!;
        found = subject.kind === "pods" ? search(subject, { policies, buckets, implies }) : [];
        known.set(number, found);
      }
      return found;
    },
  };
}

/** By the namespace, and the first label that is asked: its value where there must be a certain one. */
function bucketOf({ namespaces, pods }: EndpointSelector): string {
  const where = namespaces.kind === "name" ? namespaces.name : "*";
  const [first] = pods.requirements;
  if (first === undefined) return `${where}|`;
  const isOne = first.operator === "In" && first.values.length === 1;
  return `${where}|${first.key}${isOne ? `=${first.values[0]}` : ""}`;
}

function search(
  subject: EndpointSelector,
  {
    policies,
    buckets,
    implies,
  }: {
    readonly policies: readonly Policy[];
    readonly buckets: ReadonlyMap<string, readonly number[]>;
    readonly implies: Implies;
  },
): readonly number[] {
  const { namespaces, pods } = subject;
  const labels = new Set([""]);
  for (const { key, operator, values } of pods.requirements) {
    labels.add(key);
    if (operator === "In") for (const value of values) labels.add(`${key}=${value}`);
  }
  const places = namespaces.kind === "name" ? [namespaces.name, "*"] : [...placesOf(subject), "*"];
  return places
    .flatMap((place) => [...labels].flatMap((label) => buckets.get(`${place}|${label}`) ?? []))
    .filter((number) => {
      const other = policies[number]!.subject;
      return other === subject || (other.kind === "pods" && implies(subject, other));
    })
    .toSorted((a, b) => a - b);
}

/** The namespaces that a selector names by their name label. */
function placesOf({ namespaces }: EndpointSelector): readonly string[] {
  if (namespaces.kind === "name") return [namespaces.name];
  return namespaces.selector.requirements.flatMap(({ key, operator, values }) =>
    key === "kubernetes.io/metadata.name" && operator === "In" ? values : [],
  );
}
