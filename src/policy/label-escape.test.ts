import assert from "node:assert/strict";
import { test } from "node:test";

import type { LabelSelector, Requirement } from "../model/index.ts";
import { labelsEscape } from "./label-escape.ts";

const is = (key: string, ...values: string[]): Requirement => ({ key, operator: "In", values });
const isNot = (key: string, ...values: string[]): Requirement => ({
  key,
  operator: "NotIn",
  values,
});
const has = (key: string): Requirement => ({ key, operator: "Exists", values: [] });
const lacks = (key: string): Requirement => ({ key, operator: "DoesNotExist", values: [] });
const all = (...requirements: Requirement[]): LabelSelector => ({ requirements });

const TABLE: readonly (readonly [string, readonly LabelSelector[], boolean])[] = [
  ["nothing selects", [], true],
  ["the empty selector takes all", [all()], false],
  ["one value", [all(is("app", "a"))], true],
  ["there or not there", [all(has("app")), all(lacks("app"))], false],
  ["a value or any other, also none", [all(is("app", "a")), all(isNot("app", "a"))], false],
  ["a gap between values", [all(is("app", "a")), all(isNot("app", "a", "b"))], true],
  [
    "two keys leave a corner",
    [all(has("a")), all(lacks("a"), has("b")), all(lacks("a"), is("b", "x"))],
    true,
  ],
  [
    "two keys leave no corner",
    [all(has("a")), all(lacks("a"), has("b")), all(lacks("a"), lacks("b"))],
    false,
  ],
  ["all values of a set are taken apart", [all(isNot("a", "x", "y")), all(is("a", "x"))], true],
  [
    "no value of a set is left",
    [all(isNot("a", "x", "y")), all(is("a", "x")), all(is("a", "y"))],
    false,
  ],
  ["a selector that nothing can match", [all(has("a"), lacks("a"))], true],
];

test("labels that no selector matches (NP-9)", () => {
  for (const [name, selectors, expected] of TABLE) {
    assert.equal(labelsEscape(selectors), expected, name);
    assert.equal(labelsEscape(selectors.toReversed()), expected, `${name}, the other way round`);
  }
});

test("a namespace with many policies of two labels each is answered at once, wherever the one for all stands", () => {
  const many = Array.from({ length: 400 }, (_, index) =>
    all(is("name", `n${index}`), is("instance", `i${index}`)),
  );
  assert.equal(labelsEscape([...many, all()]), false);
  assert.equal(labelsEscape([...many, all(has("tier")), all(lacks("tier"))]), false);
  assert.equal(labelsEscape(many), true);
});
