import assert from "node:assert/strict";
import { test } from "node:test";

import { parseFuzzArguments } from "./fuzz-arguments.ts";

test("arguments are read, and what is wrong with them is said in one line", () => {
  const none = { mutations: false, seed: undefined, minutes: 1, verdicts: Infinity };
  const table: readonly (readonly [text: string, expected: unknown])[] = [
    ["", none],
    ["--minutes 0.5", { ...none, minutes: 0.5 }],
    ["--minutes=5 --seed 0", { ...none, minutes: 5, seed: 0 }],
    ["--verdicts 1000", { ...none, minutes: Infinity, verdicts: 1000 }],
    ["--verdicts 1000 --minutes 2", { ...none, minutes: 2, verdicts: 1000 }],
    ["--mutations --seed 7", { ...none, mutations: true, seed: 7 }],
    ["--hours 1", /unknown flag `--hours`/u],
    ["-m", /unknown flag `-m`/u],
    ["5", /`5` is not a flag/u],
    ["--minutes", /`--minutes` cannot be read/u],
    ["--minutes x", /`--minutes x` cannot be read/u],
    ["--minutes 0", /`--minutes 0` cannot be read/u],
    ["--verdicts 1.5", /`--verdicts 1.5` cannot be read/u],
    ["--seed -1", /`--seed -1` cannot be read/u],
    ["--seed 1 --seed 2", /`--seed` is given twice/u],
    ["--mutations=no", /`--mutations no` cannot be read/u],
    ["--mutations --minutes 1", /`--minutes` does not go with `--mutations`/u],
  ];
  for (const [text, expected] of table) {
    const given = parseFuzzArguments(text.split(" ").filter((word) => word !== ""));
    if (expected instanceof RegExp) {
      assert.ok(typeof given === "string", text);
      assert.match(given, expected);
      assert.ok(!given.includes("\n"), text);
    } else assert.deepEqual(given, expected, text);
  }
});
