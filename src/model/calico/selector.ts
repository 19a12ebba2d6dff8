import type { Labels } from "../selector.ts";

/** A selector of Calico as it is parsed (CAL-11). */
export type CalicoSelector =
  | { readonly kind: "all" }
  /** Legal only as a namespace selector; as a test of labels it holds. */
  | { readonly kind: "global" }
  | {
      readonly kind: "label";
      readonly key: string;
      readonly operator: CalicoOperator;
      /** Of the text operators exactly one, of `Exists` none. */
      readonly values: readonly string[];
    }
  | { readonly kind: "and" | "or"; readonly of: readonly CalicoSelector[] }
  | { readonly kind: "not"; readonly of: CalicoSelector };

/** What is asked of a label; `NotIn` holds also where it is absent. */
export type CalicoOperator = "In" | "NotIn" | "Exists" | "Contains" | "StartsWith" | "EndsWith";

/** What is wrong with a selector, and at which character, counted from 1. */
export interface SelectorFault {
  readonly text: string;
  readonly column: number;
}

/** Labels are at most this long, selectors twice that (CAL-11). */
const MAX_LABEL = 512;
const MAX_SELECTOR = 1024;
/** How deep brackets and negations may nest; no selector of 1,024 characters that people write needs it. */
const MAX_DEPTH = 200;

/** Parses a selector; an empty one is `all()`. Gives the first fault where it is none. */
export function parseCalicoSelector(text: string): CalicoSelector | SelectorFault {
  if (text.length > MAX_SELECTOR) {
    return { text: `it has more than ${MAX_SELECTOR} characters`, column: MAX_SELECTOR + 1 };
  }
  const parser: Parser = { text, at: 0, depth: 0 };
  try {
    skipBlanks(parser);
    if (parser.at === text.length) return { kind: "all" };
    const selector = parseOr(parser);
    if (parser.at < text.length) fail(parser, "an operator `&&` or `||` was expected");
    return selector;
  } catch (error) {
    if (error instanceof Fault) return { text: error.message, column: error.column };
    throw error;
  }
}

/** Whether labels fulfil a selector. */
export function matchesCalicoSelector(selector: CalicoSelector, labels: Labels): boolean {
  switch (selector.kind) {
    case "all":
    case "global":
      return true;
    case "and":
      return selector.of.every((each) => matchesCalicoSelector(each, labels));
    case "or":
      return selector.of.some((each) => matchesCalicoSelector(each, labels));
    case "not":
      return !matchesCalicoSelector(selector.of, labels);
    case "label": {
      const { key, operator, values } = selector;
      return matchesOperator(
        operator,
        values,
        Object.hasOwn(labels, key) ? labels[key] : undefined,
      );
    }
  }
}

/** Whether a label of this value, or an absent one, passes. */
export function matchesOperator(
  operator: CalicoOperator,
  values: readonly string[],
  value: string | undefined,
): boolean {
  const [text = ""] = values;
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "Contains":
      return value?.includes(text) === true;
    case "StartsWith":
      return value?.startsWith(text) === true;
    case "EndsWith":
      return value?.endsWith(text) === true;
  }
}

class Fault extends Error {
  readonly column: number;
  constructor(text: string, column: number) {
    super(text);
    this.column = column;
  }
}

interface Parser {
  readonly text: string;
  at: number;
  depth: number;
}

function fail({ at }: Parser, text: string): never {
  throw new Fault(text, at + 1);
}

/** Only blank and tab are whitespace. */
function skipBlanks(parser: Parser): void {
  while (parser.text[parser.at] === " " || parser.text[parser.at] === "\t") parser.at++;
}

/** Takes a word of punctuation, with the blanks behind it. */
function take(parser: Parser, word: string): boolean {
  if (!parser.text.startsWith(word, parser.at)) return false;
  parser.at += word.length;
  skipBlanks(parser);
  return true;
}

function parseOr(parser: Parser): CalicoSelector {
  const of = [parseAnd(parser)];
  while (take(parser, "||")) of.push(parseAnd(parser));
  return of.length === 1 ? of[0]! : { kind: "or", of };
}

function parseAnd(parser: Parser): CalicoSelector {
  const of = [parseOperation(parser)];
  while (take(parser, "&&")) of.push(parseOperation(parser));
  return of.length === 1 ? of[0]! : { kind: "and", of };
}

function parseOperation(parser: Parser): CalicoSelector {
  if (++parser.depth > MAX_DEPTH) fail(parser, "it nests too deep");
  const selector = parseNegated(parser);
  parser.depth--;
  return selector;
}

function parseNegated(parser: Parser): CalicoSelector {
  const { text, at } = parser;
  if (text[at] === "!" && text[at + 1] !== "=") {
    take(parser, "!");
    return { kind: "not", of: parseOperation(parser) };
  }
  if (take(parser, "(")) {
    const inner = parseOr(parser);
    if (!take(parser, ")")) fail(parser, "`)` was expected");
    return inner;
  }
  return parseCall(parser) ?? parseLabel(parser);
}

const CALL = /(?:(all|global)\([ \t]*\)|has\([ \t]*([A-Za-z0-9_./-]+)[ \t]*\))/uy;

function parseCall(parser: Parser): CalicoSelector | undefined {
  CALL.lastIndex = parser.at;
  const match = CALL.exec(parser.text);
  if (match === null) return undefined;
  const [, word, key] = match;
  if (key !== undefined) checkLength(parser, key);
  parser.at = CALL.lastIndex;
  skipBlanks(parser);
  if (word === "all") return { kind: "all" };
  if (word === "global") return { kind: "global" };
  return { kind: "label", key: key!, operator: "Exists", values: [] };
}

const IDENTIFIER = /[A-Za-z0-9_./-]+/uy;

function parseLabel(parser: Parser): CalicoSelector {
  IDENTIFIER.lastIndex = parser.at;
  const [key] = IDENTIFIER.exec(parser.text) ?? [];
  if (key === undefined) fail(parser, "a label, `has(…)`, `all()`, `!` or `(` was expected");
  checkLength(parser, key);
  parser.at += key.length;
  skipBlanks(parser);
  const [operator, many] = parseOperator(parser);
  const values = many ? parseSet(parser) : [parseText(parser)];
  return { kind: "label", key, operator, values };
}

function checkLength(parser: Parser, key: string): void {
  if (key.length > MAX_LABEL) fail(parser, `a label has more than ${MAX_LABEL} characters`);
}

/** Words end where no character of an identifier follows. */
const OPERATORS: readonly (readonly [RegExp, CalicoOperator, boolean])[] = [
  [/==/uy, "In", false],
  [/!=/uy, "NotIn", false],
  [/contains(?![A-Za-z0-9_./-])/uy, "Contains", false],
  [/starts[ \t]*with(?![A-Za-z0-9_./-])/uy, "StartsWith", false],
  [/ends[ \t]*with(?![A-Za-z0-9_./-])/uy, "EndsWith", false],
  [/not[ \t]*in(?![A-Za-z0-9_./-])/uy, "NotIn", true],
  [/in(?![A-Za-z0-9_./-])/uy, "In", true],
];

function parseOperator(parser: Parser): readonly [CalicoOperator, boolean] {
  for (const [pattern, operator, many] of OPERATORS) {
    pattern.lastIndex = parser.at;
    if (!pattern.test(parser.text)) continue;
    parser.at = pattern.lastIndex;
    skipBlanks(parser);
    return [operator, many];
  }
  return fail(parser, "an operator such as `==`, `!=`, `in` or `contains` was expected");
}

function parseText(parser: Parser): string {
  const quote = parser.text[parser.at];
  if (quote !== "'" && quote !== '"') fail(parser, "a text in quotes was expected");
  const end = parser.text.indexOf(quote, parser.at + 1);
  if (end < 0) fail(parser, `the closing ${quote} is missing`);
  const value = parser.text.slice(parser.at + 1, end);
  parser.at = end + 1;
  skipBlanks(parser);
  return value;
}

/** A comma may stand behind the last text. */
function parseSet(parser: Parser): readonly string[] {
  if (!take(parser, "{")) fail(parser, "`{` was expected");
  const values: string[] = [];
  while (!take(parser, "}")) {
    values.push(parseText(parser));
    if (take(parser, ",")) continue;
    if (take(parser, "}")) return values;
    fail(parser, "`,` or `}` was expected");
  }
  return values;
}
