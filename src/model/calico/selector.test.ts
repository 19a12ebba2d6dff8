import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { load } from "js-yaml";

import { matchesCalicoSelector, parseCalicoSelector } from "./selector.ts";

interface Row {
  readonly selector: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly match: boolean | "error";
}

const TABLE = new URL("../../../test/conformance/selectors/calico.yaml", import.meta.url);

test("CAL-11: every row of the table of selectors", () => {
  const rows = load(readFileSync(TABLE, "utf8")) as readonly Row[];
  assert.ok(rows.length >= 117);
  for (const { selector, labels, match } of rows) {
    const parsed = parseCalicoSelector(selector);
    const actual = "column" in parsed ? "error" : matchesCalicoSelector(parsed, labels);
    assert.equal(actual, match, `${selector.slice(0, 80)} ${JSON.stringify(labels)}`);
  }
});

test("a fault tells the character", () => {
  const faults: readonly (readonly [string, number, RegExp])[] = [
    ["app = 'cart'", 5, /operator/u],
    ["app == cart", 8, /quotes/u],
    ["a == '1' &&", 12, /label/u],
    ["a == '1' b", 10, /&&/u],
    ["(a == '1'", 10, /`\)`/u],
    ["a in {'x'", 10, /`,` or/u],
    ["a == 'x", 6, /closing/u],
    [`${"!".repeat(300)}has(a)`, 201, /deep/u],
  ];
  for (const [selector, column, text] of faults) {
    const parsed = parseCalicoSelector(selector);
    assert.ok("column" in parsed, selector);
    assert.equal(parsed.column, column, selector);
    assert.match(parsed.text, text);
  }
});
