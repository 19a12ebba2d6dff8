import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { blocksOf } from "./blocks.ts";

const side = fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 1 });

test("every pair stands in one block, with exactly the products that hold it", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ from: side, to: side }), { maxLength: 6 }), (products) => {
      const expected: Record<string, readonly number[]> = {};
      for (let from = 0; from < 8; from++) {
        for (let to = 0; to < 8; to++) {
          const items = [...products.keys()].filter(
            (item) => products[item]!.from.includes(from) && products[item]!.to.includes(to),
          );
          if (items.length > 0) expected[`${from} ${to}`] = items;
        }
      }
      const seen: Record<string, readonly number[]> = {};
      for (const { from, to, items } of blocksOf(products)) {
        for (const a of from) {
          for (const b of to) {
            assert.equal(seen[`${a} ${b}`], undefined, "a pair stands twice");
            seen[`${a} ${b}`] = items;
          }
        }
      }
      assert.deepEqual(seen, expected);
    }),
  );
});
