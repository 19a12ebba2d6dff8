import assert from "node:assert/strict";
import { test } from "node:test";

import { readYaml } from "./yaml-documents.ts";

const valuesOf = (text: string): unknown[] => [...readYaml(text)].map((one) => one.value);
const valueOf = (scalar: string): unknown => {
  const [value] = valuesOf(`v: ${scalar}`) as [{ v: unknown }];
  return value.v;
};
const problemsOf = (text: string): string[] =>
  [...readYaml(text)].flatMap((one) => one.problems.map((p) => `${p.kind} ${p.line}: ${p.text}`));

/** Plain scalars beside what sigs.k8s.io/yaml makes of them. */
const SCALARS: readonly [text: string, value: unknown][] = [
  ["y", true],
  ["yes", true],
  ["On", true],
  ["n", false],
  ["No", false],
  ["OFF", false],
  ["017", 15],
  ["-017", -15],
  ["0o17", 15],
  ["08", 8],
  ["0b101", 5],
  ["1_000", 1000],
  ["0_7", 7],
  ["0x1F", 31],
  ["1e3", 1000],
  ["12e03", 12_000],
  [".5", 0.5],
  ["1:20", "1:20"],
  ["12:30:45", "12:30:45"],
  ["2001-01-01", "2001-01-01"],
  ["10.0.0.0", "10.0.0.0"],
  ["~", null],
  ['"017"', "017"],
  ["1.2.3", "1.2.3"],
  ["0x", "0x"],
  ["1e400", "1e400"],
  ["!!foo x", "x"],
  ["!foo [1]", [1]],
  ["!foo {a: 1}", { a: 1 }],
  ["!!str 3", "3"],
  ["!!binary aGVsbG8=", "hello"],
  ["!!timestamp 2001-01-01", "2001-01-01"],
  ["!!set {a, b}", { a: null, b: null }],
];

/** What kubectl's parser refuses: the line and why. */
const REFUSED_BY_KUBECTL: readonly [text: string, line: number, reason: RegExp][] = [
  ["a: .inf", 1, /JSON has no such number/u],
  ["a:\n- -.Inf", 2, /JSON has no such number/u],
  ["a: .nan", 1, /JSON has no such number/u],
  ["a: 1\nb: {null: 1}", 2, /a key is null/u],
  ["a: 1\n~: 1", 2, /a key is null/u],
  ["a: 1\nb:\n  ? [x]\n  : 1", 3, /a key is a list or an object/u],
  ["a: 1\n9007199254740993: 1", 2, /beyond 2\^53/u],
  ["a:\n- b\n-\tc", 3, /a tab behind `-`/u],
  ['a: 1\nb: "x\\\\\\/y"', 2, /the escape/u],
  ["%YAML 1.2\n---\na: 1", 1, /YAML 1.1 only/u],
  ["--- {a: 1}", 1, /text behind `---`/u],
  ["---x\na: 1", 1, /text behind `---`/u],
  ["a: 1\n...\n%YAML 1.1\n---\nb: 1", 5, /a `%` line behind `...`/u],
  ["a: 1\r---\rb: 1\r", 1, /behind a carriage return/u],
  ["a: 1\nb: {{ .Values.x }}", 2, /render it first/u],
  ["{{- if .x }}\na: 1", 1, /render it first/u],
];

test("what kubectl's parser refuses is a fault in its line", () => {
  for (const [text, line, reason] of REFUSED_BY_KUBECTL) {
    const [problem, ...more] = problemsOf(text);
    assert.match(problem ?? "", new RegExp(`^fault ${line}: .*${reason.source}`, "u"), text);
    assert.deepEqual(more, [], text);
  }
});

test("what looks like it and is none is read", () => {
  const table: readonly [text: string, value: unknown][] = [
    ["a: |\n  -\tb\n", { a: "-\tb\n" }],
    ['{"a": "x\\/y"}', { a: "x/y" }],
    ['a: "x\\\\/y"', { a: String.raw`x\/y` }],
    ["a: '{{ x }}'", { a: "{{ x }}" }],
    ["a: |\n  %YAML 1.2\n  --- x\n", { a: "%YAML 1.2\n--- x\n" }],
    ["a:\tb", { a: "b" }],
  ];
  for (const [text, value] of table) {
    assert.deepEqual([valuesOf(text), problemsOf(text)], [[value], []], text);
  }
});

test("a text of blank lines is read in one pass", () => {
  const begin = performance.now();
  for (const line of ["\n", "  \r\n", "# x\n", "---\n", "...\n"]) {
    assert.deepEqual(
      valuesOf(`${line.repeat(300_000)}a: 1\n`).at(-1),
      line === "...\n" ? undefined : { a: 1 },
    );
  }
  assert.ok(performance.now() - begin < 2000, "quadratic time would be minutes");
});

test("plain scalars are what kubectl makes of them", () => {
  for (const [text, value] of SCALARS) assert.deepEqual(valueOf(text), value, text);
  assert.deepEqual(valuesOf("017: a\n1e1: b\ny: c\n"), [{ 15: "a", 10: "b", true: "c" }]);
  assert.deepEqual(valuesOf("a: &x {b: 1}\nc: {<<: *x, d: 2}"), [
    { a: { b: 1 }, c: { b: 1, d: 2 } },
  ]);
});

const SPLIT: readonly [text: string, values: readonly unknown[]][] = [
  ["", []],
  ["\n\n# only a comment\n", []],
  ["---\n---\n", []],
  ["a: 1", [{ a: 1 }]],
  ["---\na: 1\n---\nb: 2\n", [{ a: 1 }, { b: 2 }]],
  ["a: 1\n--- # note\nb: 2\n", [{ a: 1 }, { b: 2 }]],
  ["a: 1\r\n---\r\nb: 2\r\n", [{ a: 1 }, { b: 2 }]],
  ["a: 1\n---\t\nb: 2\n", [{ a: 1 }, { b: 2 }]],
  ["a: |\n  ---\n  x\nb: 2\n", [{ a: "---\nx\n", b: 2 }]],
  ["%YAML 1.1\n---\na: 1\n", [{ a: 1 }]],
  ["a: 1\n---\n# only\n---\nb: 2", [{ a: 1 }, { b: 2 }]],
  ["a: 1\n...\n---\nb: 2\n", [{ a: 1 }, { b: 2 }]],
];

test("documents are split as kubectl splits them", () => {
  for (const [text, values] of SPLIT)
    assert.deepEqual(valuesOf(text), values, JSON.stringify(text));
});

test("what follows `...` is dropped by kubectl, and told", () => {
  const text = "a: 1\n...\nb: 2\n---\nc: 3\n";
  assert.deepEqual(valuesOf(text), [{ a: 1 }, undefined, { c: 3 }]);
  assert.deepEqual(problemsOf(text), [
    "warning 3: kubectl ignores what follows `...` up to the next `---`: it was not read",
  ]);
});

test("a broken document is told by its line, and the others are read", () => {
  const text = "a: 1\n---\n# note\nb: 2\nc: [1,\n---\nd: 4\n";
  assert.deepEqual(valuesOf(text), [{ a: 1 }, undefined, { d: 4 }]);
  assert.match(problemsOf(text)[0] ?? "", /^fault [56]: /u);
});

test("the first line of a document is that of its first content", () => {
  const text = "# note\n\n---\n# more\na: 1\n---\nb: 2\n";
  assert.deepEqual(
    [...readYaml(text)].map((one) => one.line),
    [5, 7],
  );
});

test("a key that stands twice: the last one counts, and it is told", () => {
  assert.deepEqual(valuesOf("a: 1\nb:\n  c: 1\n  c: 2\n"), [{ a: 1, b: { c: 2 } }]);
  assert.match(
    problemsOf("a: 1\nb:\n  c: 1\n  c: 2\n")[0] ?? "",
    /^warning 4: a key stands twice/u,
  );
  assert.equal(problemsOf("on: 1\ntrue: 2\n").length, 1);
});

const nested = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const bomb = [
  "a: &a [x,x,x,x,x,x,x,x,x]",
  ..."bcdefghi".split("").map((key, index) => {
    const before = `*${"abcdefgh"[index]}`;
    return `${key}: &${key} [${Array.from({ length: 9 }, () => before).join(",")}]`;
  }),
].join("\n");

const REFUSED: readonly [name: string, text: string, reason: RegExp][] = [
  ["an alias bomb", bomb, /unfold to more than 100000 values/u],
  ["an alias of itself", "a: &a {b: *a}", /contains itself/u],
  ["many aliases", `a: &a x\nb: [${"*a,".repeat(10_001)}]`, /alias/u],
  ["deep nesting", nested(101), /./u],
];

test("what aliases and nesting could blow up is refused at once", () => {
  for (const [name, text, reason] of REFUSED) {
    const [document] = readYaml(text);
    assert.equal(document?.value, undefined, name);
    assert.match(document?.problems[0]?.text ?? "", reason, name);
  }
  assert.deepEqual(problemsOf(nested(90)), []);
  assert.deepEqual(problemsOf(`a: &a x\nb: [${"*a,".repeat(1000)}]`), []);
});
