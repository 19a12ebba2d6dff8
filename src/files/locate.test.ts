import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import type { Origin, Path } from "../model/index.ts";
import { createLocate } from "./locate.ts";
import { readPaths } from "./read-paths.ts";

const YAML = `# first
apiVersion: v1
kind: List
items:
  - kind: Pod
    metadata:
      labels:
        a/b: x
        ? c
        : "y"
---
spec: {ingress: [{from: []},
  {to: 1}]}
kind: Other
`;

const JSON_TEXT = `
{
  "kind": "List", "a\\"b": [1, {"x": "}]"}],
  "items": [
    {"kind": "Pod", "metadata": {
      "labels": {"a/b": "x",
        "c\\u0064": 1}}},
    {"kind": "Pod"}
  ]
}
{"kind":
  "B"}`;

/** The origins of the objects of a file, and the finder for it. */
async function read(
  name: string,
  bytes: string | Buffer,
): Promise<{
  origins: readonly Origin[];
  lineOf: (origin: Origin | undefined, ...path: Path) => number | undefined;
  remove: () => void;
}> {
  const folder = mkdtempSync(join(tmpdir(), "locate-"));
  const file = join(folder, name);
  writeFileSync(file, bytes);
  const origins: Origin[] = [];
  await readPaths([file], { object: (_, origin) => origins.push(origin), report() {} });
  const locate = createLocate(new Map());
  const lineOf = (origin: Origin | undefined, ...path: Path): number | undefined =>
    origin && locate(origin, path).line;
  return { origins, lineOf, remove: () => rmSync(folder, { recursive: true }) };
}

test("lines of fields in YAML, in a List and in flow style", async () => {
  for (const [name, bytes] of [
    ["a.yaml", YAML],
    ["a.yaml.gz", gzipSync(YAML)],
  ] as const) {
    const { origins, lineOf, remove } = await read(name, bytes);
    const [pod, other] = origins;
    assert.equal(lineOf(pod), 5);
    assert.equal(lineOf(pod, "metadata", "labels", "a/b"), 8);
    assert.equal(lineOf(pod, "metadata", "labels", "c"), 9);
    assert.equal(lineOf(pod, "metadata", "name"), 6, "the nearest parent");
    assert.equal(lineOf(pod, "spec", "containers", 0), 5);
    assert.equal(lineOf(other), 12);
    assert.equal(lineOf(other, "spec", "ingress", 1, "to"), 13);
    assert.equal(lineOf(other, "kind"), 14);
    remove();
    const again = createLocate(new Map());
    assert.equal(other && again(other, ["kind"]).line, 12, "the file is gone");
  }
});

test("lines of fields in JSON values, one after another", async () => {
  const { origins, lineOf, remove } = await read("a.json", JSON_TEXT);
  const [first, second, third] = origins;
  assert.equal(lineOf(first), 5);
  assert.equal(lineOf(first, "metadata", "labels", "a/b"), 6);
  assert.equal(lineOf(first, "metadata", "labels", "cd"), 7);
  assert.equal(lineOf(second, "kind"), 8);
  assert.equal(lineOf(second, "spec"), 8);
  assert.equal(lineOf(third), 11);
  assert.equal(lineOf(third, "kind"), 11);
  remove();
});

test("of newline-delimited JSON it is the line", async () => {
  const { origins, lineOf, remove } = await read(
    "a.ndjson",
    '{"kind":"A"}\n\n{"kind":"B","x":{"y":1}}\n',
  );
  assert.equal(lineOf(origins[1], "x", "y"), 3);
  remove();
});

test("standard input is found again in its text", () => {
  const text = "kind: A\nspec:\n  x: 1\n";
  const origin: Origin = {
    file: "-",
    line: 1,
    start: 0,
    end: text.length,
    format: "yaml",
    inside: [],
  };
  assert.equal(createLocate(new Map([["-", text]]))(origin, ["spec", "x"]).line, 3);
  assert.equal(createLocate(new Map())(origin, ["spec", "x"]).line, 1);
});
