import assert from "node:assert/strict";
import { test } from "node:test";

import { MUTATIONS, mutate } from "./mutations.ts";
import { sourceOf } from "./planted-engine.ts";

test("the text of every mutation stands in its file exactly once", () => {
  assert.ok(MUTATIONS.length >= 10, `${MUTATIONS.length} mutations`);
  assert.equal(new Set(MUTATIONS.map(({ name }) => name)).size, MUTATIONS.length);
  for (const mutation of MUTATIONS) {
    const source = sourceOf(mutation);
    const planted = mutate(mutation, source);
    assert.notEqual(planted, source, mutation.name);
    assert.equal(planted.length - source.length, mutation.becomes.length - mutation.text.length);
  }
});

test("a mutation whose text is gone or stands twice is refused", () => {
  const mutation = { ...MUTATIONS[0]!, text: "a < b" };
  assert.equal(mutate({ ...mutation, becomes: "a > b" }, "if (a < b)"), "if (a > b)");
  assert.throws(() => mutate(mutation, "if (a > b)"), /stands not in/u);
  assert.throws(() => mutate(mutation, "a < b && a < b"), /stands 2 times in/u);
});
