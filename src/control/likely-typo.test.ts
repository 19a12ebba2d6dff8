import assert from "node:assert/strict";
import { test } from "node:test";

import { isMisspelt } from "./likely-typo.ts";

const CASES: readonly (readonly [a: string, b: string, isMisspelt: boolean, why: string])[] = [
  ["cart", "carts", true, "a letter left out"],
  ["carts", "crats", true, "neighbours exchanged"],
  ["payment", "paymint", true, "a letter replaced"],
  ["web", "Web", true, "upper case"],
  ["catalog-db", "catalouge-db", true, "two letters too many in a long text"],
  ["web", "web", false, "the same"],
  ["api", "app", false, "short texts are near one another"],
  ["redis-6", "redis-7", false, "digits count"],
  ["web-1", "web-11", false, "digits count"],
  ["internal", "external", false, "two letters replaced"],
  ["healthy", "unhealthy", false, "two letters together"],
  ["processor", "process", false, "two letters together at the end"],
  ["aabb", "bbaa", false, "parts exchanged"],
];

test("a misspelt text is one letter away, or has two too many in a long word", () => {
  for (const [a, b, expected, why] of CASES) {
    assert.equal(isMisspelt(a, b), expected, why);
    assert.equal(isMisspelt(b, a), expected, why);
  }
});
