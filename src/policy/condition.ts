import { type DomainPattern, matchesDomain } from "./domain.ts";
import type { Fact } from "./fact.ts";

/** A condition on the request: one of its tests must hold. */
export interface Condition {
  /** As shown to people: `http GET /public`. */
  readonly text: string;
  readonly anyOf: readonly RequestTest[];
  /** `deny`: traffic that fits the rule but not the condition is denied and no later rule is asked (ANT-23). */
  readonly otherwise: "continue" | "deny";
}

/** What one request must be like. A field that is not given is anything. */
export type RequestTest =
  | {
      readonly kind: "http";
      readonly methods?: readonly TextPattern[];
      readonly hosts?: readonly TextPattern[];
      readonly paths?: readonly TextPattern[];
    }
  /** A lookup of one of these names. */
  | { readonly kind: "dns"; readonly names: readonly DomainPattern[] }
  /** Something that no fact tells of, such as a header. */
  | { readonly kind: "unknown" };

/** A test of one text of a request. `regex` is a whole match of an RE2 expression. */
export interface TextPattern {
  readonly kind: "exact" | "prefix" | "suffix" | "regex";
  readonly text: string;
}

/** Whether a condition holds for the request that the facts tell of; `undefined` where they do not tell. */
export function holds({ anyOf }: Condition, facts: readonly Fact[]): boolean | undefined {
  const answers = anyOf.map((test) => passes(test, facts));
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

function passes(test: RequestTest, facts: readonly Fact[]): boolean | undefined {
  switch (test.kind) {
    case "http": {
      const requests = facts.filter((fact) => fact.kind === "http");
      if (requests.length === 0) return otherRequest(facts);
      return some(
        requests.map(({ method, host, path }) =>
          every([
            matchesOne(test.methods, method),
            host === undefined && test.hosts !== undefined
              ? undefined
              : matchesOne(test.hosts, host ?? ""),
            matchesOne(test.paths, path),
          ]),
        ),
      );
    }
    case "dns": {
      const asked = facts.filter((fact) => fact.kind === "dns");
      if (asked.length === 0) return otherRequest(facts);
      return asked.some(({ name }) => test.names.some((each) => matchesDomain(each, name)));
    }
    case "unknown":
      return undefined;
  }
}

/** A request of another protocol does not fulfil the test; without any request it is not known. */
function otherRequest(facts: readonly Fact[]): false | undefined {
  return facts.some(({ kind }) => kind === "http" || kind === "dns") ? false : undefined;
}

function some(answers: readonly (boolean | undefined)[]): boolean | undefined {
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

function every(answers: readonly (boolean | undefined)[]): boolean | undefined {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

/** `undefined`: an expression that cannot be tried. */
function matchesOne(
  patterns: readonly TextPattern[] | undefined,
  text: string,
): boolean | undefined {
  if (patterns === undefined) return true;
  return some(patterns.map((pattern) => matchesText(pattern, text)));
}

function matchesText(pattern: TextPattern, text: string): boolean | undefined {
  switch (pattern.kind) {
    case "exact":
      return pattern.text === text;
    case "prefix":
      return text.startsWith(pattern.text);
    case "suffix":
      return text.endsWith(pattern.text);
    case "regex":
      return undefined;
  }
}
