import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { type LabelSelector, type Requirement, matchesSelector } from "../model/index.ts";
import { canEscape } from "./escape.ts";

function is(key: string, ...values: readonly string[]): Requirement {
  return { key, operator: "In", values };
}

function isNot(key: string, ...values: readonly string[]): Requirement {
  return { key, operator: "NotIn", values };
}

function has(key: string): Requirement {
  return { key, operator: "Exists", values: [] };
}

function lacks(key: string): Requirement {
  return { key, operator: "DoesNotExist", values: [] };
}

function selector(...requirements: readonly Requirement[]): LabelSelector {
  return { requirements };
}

const CASES: readonly (readonly [
  what: string,
  selectors: readonly LabelSelector[],
  escapes: boolean,
])[] = [
  ["no selector", [], true],
  ["one that fits all", [selector(is("app", "a")), selector()], false],
  ["one label", [selector(is("app", "a"))], true],
  ["a key and its absence", [selector(has("app")), selector(lacks("app"))], false],
  ["a value and every other", [selector(is("app", "a")), selector(isNot("app", "a"))], false],
  [
    "two values, and every other",
    [selector(is("app", "a")), selector(is("app", "b")), selector(isNot("app", "a", "b"))],
    false,
  ],
  [
    "a value, and every other one but b",
    [selector(is("app", "a")), selector(isNot("app", "a", "b"))],
    true,
  ],
  [
    "all four of two keys",
    [
      selector(has("x"), has("y")),
      selector(has("x"), lacks("y")),
      selector(lacks("x"), has("y")),
      selector(lacks("x"), lacks("y")),
    ],
    false,
  ],
  [
    "three of the four",
    [selector(has("x"), has("y")), selector(has("x"), lacks("y")), selector(lacks("x"), has("y"))],
    true,
  ],
];

for (const [what, selectors, escapes] of CASES) {
  test(`labels that escape ${what}: ${escapes ? "some" : "none"}`, () => {
    assert.equal(canEscape(selectors), escapes);
  });
}

test("it says what trying all labels says", () => {
  const key = fc.constantFrom("x", "y", "z");
  const value = fc.constantFrom("a", "b");
  const values = fc.uniqueArray(value, { minLength: 1, maxLength: 2 });
  const requirement = fc.oneof(
    fc.record({ key, operator: fc.constantFrom("In" as const, "NotIn" as const), values }),
    fc.record({
      key,
      operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const),
      values: fc.constant([]),
    }),
  );
  const one = fc.record({ requirements: fc.array(requirement, { minLength: 1, maxLength: 3 }) });
  const possible = [undefined, "a", "b", "other"];
  const all = possible.flatMap((x) => possible.flatMap((y) => possible.map((z) => ({ x, y, z }))));
  const labels = all.map((each) => JSON.parse(JSON.stringify(each)) as Record<string, string>);
  const seen = { true: 0, false: 0 };
  fc.assert(
    fc.property(fc.array(one, { maxLength: 8 }), (selectors) => {
      const expected = labels.some((each) => selectors.every((it) => !matchesSelector(it, each)));
      seen[`${expected}`]++;
      assert.equal(canEscape(selectors), expected);
    }),
    { numRuns: 2000, seed: 1 },
  );
  assert.ok(seen.true > 50 && seen.false > 50, JSON.stringify(seen));
});

test("many policies with several labels cost little, wherever the one for all stands", () => {
  const many = Array.from({ length: 2000 }, (_, index) =>
    selector(is("app", `a${index}`), is("tier", `t${index}`), is("env", `e${index}`)),
  );
  const begin = performance.now();
  assert.equal(canEscape([...many, selector()]), false);
  assert.equal(canEscape(many), true);
  assert.equal(canEscape([...many, selector(has("app")), selector(lacks("app"))]), false);
  const each = Array.from({ length: 30 }, (_, index) => `k${index}`);
  const hard = each.flatMap((key, index) => [
    selector(has(key), has(each[(index + 1) % 30]!), has(each[(index + 2) % 30]!)),
    selector(lacks(key), lacks(each[(index + 1) % 30]!), has(each[(index + 3) % 30]!)),
    selector(lacks(key), has(each[(index + 1) % 30]!), lacks(each[(index + 2) % 30]!)),
  ]);
  canEscape(hard);
  assert.ok(performance.now() - begin < 2000);
});
