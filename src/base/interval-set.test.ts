import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import {
  type IntervalSet,
  contains,
  equals,
  intersect,
  intervalSet,
  isSubset,
  subtract,
  union,
} from "./interval-set.ts";

const SPACE = 40;
const set = fc
  .array(
    fc.tuple(fc.nat(SPACE), fc.nat(6)).map(([lo, size]) => [lo, lo + size]),
    { maxLength: 8 },
  )
  .map((pairs) => intervalSet(pairs.flat()));

/** The members, one by one. */
function membersOf(value: IntervalSet): readonly number[] {
  const out: number[] = [];
  for (let i = -1; i <= SPACE + 8; i++) if (contains(value, i)) out.push(i);
  return out;
}

function assertCanonical(value: IntervalSet): void {
  for (let i = 0; i < value.length; i++) {
    const [at, next] = [value[i]!, value[i + 1]];
    if (next === undefined) continue;
    assert.ok(i % 2 === 0 ? at <= next : at + 1 < next, `${value.join()} is not canonical`);
  }
}

test("union, intersection and difference are those of the members, and canonical", () => {
  fc.assert(
    fc.property(set, set, (a, b) => {
      const [inA, inB] = [new Set(membersOf(a)), new Set(membersOf(b))];
      const cases = [
        [union(a, b), inA.union(inB)],
        [intersect(a, b), inA.intersection(inB)],
        [subtract(a, b), inA.difference(inB)],
      ] as const;
      for (const [result, expected] of cases) {
        assertCanonical(result);
        assert.deepEqual(
          membersOf(result),
          [...expected].toSorted((x, y) => x - y),
        );
      }
      assert.equal(isSubset(a, b), inA.isSubsetOf(inB));
      assert.equal(equals(a, b), inA.size === inB.size && inA.isSubsetOf(inB));
    }),
  );
});

test("the answer is an argument itself where nothing changes", () => {
  const [a, b] = [intervalSet([1, 5, 9, 12]), intervalSet([2, 3])];
  assert.equal(union(a, b), a);
  assert.equal(intersect(a, b), b);
  assert.equal(subtract(b, intervalSet([20, 30])), b);
});
