import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";
import type { Path } from "../model/index.ts";
import { readPlainYaml } from "./plain-yaml.ts";
import { countLines, readYaml } from "./yaml-documents.ts";
import { type OffsetOf, yamlOffsets } from "./yaml-offsets.ts";

/** The same text for the whole parser, which alone reads characters that are not ASCII. */
function whollyRead(text: string): string {
  return `${text}\n# é\n`;
}

function readWhole(text: string): readonly unknown[] {
  return [...readYaml(whollyRead(text))].map(({ value, problems }) => ({ value, problems }));
}

/** Every path of a value, and behind each one that does not exist. */
function pathsOf(value: unknown): readonly Path[] {
  if (typeof value !== "object" || value === null) return [[], ["none"]];
  const steps: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  const below = steps.flatMap(([step, child]) => pathsOf(child).map((path) => [step, ...path]));
  return [[], ["none"], ...below];
}

const READ: readonly (readonly [text: string, value: unknown])[] = [
  ["a: b", { a: "b" }],
  ["---\na: b\n", { a: "b" }],
  ["--- # note\n\n# note\na: b\n", { a: "b" }],
  ["a:\nb:  \n", { a: null, b: null }],
  ["a: 1\nb: 0x10\nc: 1.5\nd: on\ne: ~\nf: -1\n", { a: 1, b: 16, c: 1.5, d: true, e: null, f: -1 }],
  ["a: 'x: y'\nb: \" # \"\nc: {}\nd: []\n", { a: "x: y", b: " # ", c: {}, d: [] }],
  [
    "a:\n  b:\n    - c: 1\n      d: 2\n    - e\n  f: g\n",
    { a: { b: [{ c: 1, d: 2 }, "e"], f: "g" } },
  ],
  ["a:\n- b\n-   c: 1\n    d: 2\ne: f\n", { a: ["b", { c: 1, d: 2 }], e: "f" }],
  [
    "a: http://b:80/c#d\nb: 10.0.0.0/8\nc: x y  \n",
    { a: "http://b:80/c#d", b: "10.0.0.0/8", c: "x y" },
  ],
];

test("the plain style is read", () => {
  for (const [text, value] of READ) assert.deepEqual(readPlainYaml(text), value, text);
});

const LEFT: readonly string[] = [
  "a: 1\na: 2",
  "__proto__: {}",
  "on: 1",
  "8080: 1",
  '"a": 1',
  "a: b: c",
  "a: b # c",
  "a: b\n  c",
  "a: b\n # c\n  d",
  "a:\n  b",
  "a: |\n  b",
  "a: &x 1",
  "a: *x",
  "a: !x 1",
  "a: [1]",
  "a: {b: 1}",
  'a: "\\n"',
  "a: 'it''s'",
  "a: .inf",
  "a:\tb",
  "a: b\r\n",
  "a: é",
  "? a\n: b",
  "- a",
  "a",
  "{a: 1}",
  "a:\n- - b",
  "a:\n-\n  b: 1",
  "a:\n    b: 1\n  c: 2",
  "a:\n - b\n- c",
  "a: 1\n...\n",
  "%YAML 1.1\n---\na: 1",
];

test("everything else is left to the whole parser", () => {
  for (const text of LEFT) assert.equal(readPlainYaml(text), undefined, text);
});

/** Mostly `usual`, so that whole texts come out plain. */
function seldom(usual: fc.Arbitrary<string>, odd: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

const KEYS = Array.from("abcdefgh", (letter) => `${letter}:`);
const ODD_KEYS = ["on:", "y:", "null:", "1:", '"k":', "a :", "<<:", "a", "#", "a.b/c-d:", "f"];
const USUAL = [
  "",
  "x",
  "1",
  "x y",
  "007",
  "1_0",
  "1:30",
  "1e3",
  "No",
  "~",
  "'q'",
  '"q"',
  "{}",
  "[]",
];
const ODD = [
  "x: y",
  "x:",
  "x #",
  "x#",
  ":x",
  "-x",
  "--- x",
  "...",
  "{{ x }}",
  "=",
  "<<",
  "0o7",
  "-0",
];
const MARKS = Array.from("ab1-.:#'\"{}[]|>&*!%@,?~ +_=<$/\\\t");

const LINE = fc.tuple(
  seldom(fc.constantFrom("", "", "", "  "), fc.constantFrom(" ", "    ")),
  seldom(fc.constantFrom("", "", "", "- "), fc.constantFrom("-  ", "-", "#")),
  seldom(fc.constantFrom(...KEYS), fc.constantFrom("", ...ODD_KEYS)),
  seldom(fc.constant(" "), fc.constantFrom("", "  ")),
  seldom(
    fc.constantFrom(...USUAL),
    fc.oneof(fc.constantFrom(...ODD), fc.string({ maxLength: 6, unit: fc.constantFrom(...MARKS) })),
  ),
  seldom(fc.constant(""), fc.constantFrom(" ", " # c")),
);

test("what is read is what the whole parser reads", () => {
  let read = 0;
  const lines = fc.array(LINE, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(lines, (parts) => {
      const text = parts.map((part) => part.join("")).join("\n");
      const value = readPlainYaml(text);
      if (value === undefined) return;
      read++;
      assert.deepEqual(readWhole(text), [{ value, problems: [] }], text);
      const [plain, whole] = [yamlOffsets(text), yamlOffsets(whollyRead(text))];
      for (const path of pathsOf(value)) {
        const lineOf = (offsetOf: OffsetOf): number => countLines(text, 0, offsetOf(path) ?? -1);
        assert.equal(lineOf(plain), lineOf(whole), `${path.join()} in\n${text}`);
      }
    }),
    { numRuns: 5000, seed: 1 },
  );
  assert.ok(read > 200, `${read} of the texts were read`);
});
