import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";

import type { Edit, Origin, Path } from "../model/index.ts";
import { openLists } from "../model/index.ts";
import { applyEdits } from "./apply-edits.ts";
import { readText } from "./read-text.ts";
import { unifiedDiff } from "./unified-diff.ts";

type Op =
  | readonly ["remove", ...Path]
  | readonly ["set", unknown, ...Path]
  | readonly ["append", unknown, ...Path]
  | readonly ["remove-object"];

interface Case {
  readonly name: string;
  readonly text: string;
  /** By the index of the object in the text. */
  readonly ops: readonly (readonly [number, ...Op])[];
  readonly after?: string;
  readonly refused?: RegExp;
}

const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web # the shop
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  # the proxy
  - from:
    - podSelector: {}   # everybody
    ports: [{port: 80}, {port: "http"}]
  - {}
  egress:
    - to:
        - ipBlock:
            cidr: 0.0.0.0/0
            except:
              - 10.0.0.0/8
`;

const CASES: readonly Case[] = [
  {
    name: "a list item goes with its line, comments stay",
    text: POLICY,
    ops: [[0, "remove", "spec", "ingress", 1]],
    after: POLICY.replace("  - {}\n", ""),
  },
  {
    name: "the first of two items",
    text: POLICY,
    ops: [[0, "remove", "spec", "ingress", 0]],
    after: POLICY.replace(/  - from:\n.*\n.*\n/u, ""),
  },
  {
    name: "both items leave an empty list",
    text: POLICY,
    ops: [
      [0, "remove", "spec", "ingress", 0],
      [0, "remove", "spec", "ingress", 1],
    ],
    after: POLICY.replace(/  ingress:\n(.*\n){5}/u, "  ingress: []\n  # the proxy\n"),
  },
  {
    name: "the first key behind a dash",
    text: POLICY,
    ops: [[0, "remove", "spec", "ingress", 0, "from"]],
    after: POLICY.replace(/- from:\n.*\n    ports/u, "- ports"),
  },
  {
    name: "items of a flow list: first, last, all",
    text: "kind: A\na: [1, 2, 3]\nb: [1, 2]\nc: [1]\n",
    ops: [
      [0, "remove", "a", 0],
      [0, "remove", "b", 1],
      [0, "remove", "c", 0],
    ],
    after: "kind: A\na: [2, 3]\nb: [1]\nc: []\n",
  },
  {
    name: "the only item of a block list",
    text: POLICY,
    ops: [[0, "remove", "spec", "egress", 0]],
    after: POLICY.replace(/  egress:\n(.*\n){5}$/u, "  egress: []\n"),
  },
  {
    name: "append to block lists, at the end of the file and within",
    text: POLICY,
    ops: [
      [0, "append", "169.254.169.254/32", "spec", "egress", 0, "to", 0, "ipBlock", "except"],
      [0, "append", { from: [{ podSelector: {} }], ports: [{ port: 8080 }] }, "spec", "ingress"],
    ],
    after: `${POLICY.replace(
      "  - {}\n",
      "  - {}\n  - from:\n      - podSelector: {}\n    ports:\n      - port: 8080\n",
    )}              - 169.254.169.254/32\n`,
  },
  {
    name: "append to flow lists and to none",
    text: "kind: A\na: [1]\nb: []\nd:\n",
    ops: [
      [0, "append", { x: "yes" }, "a"],
      [0, "append", 2, "b"],
      [0, "append", 3, "c"],
      [0, "append", 4, "d"],
    ],
    after: 'kind: A\na: [1, {x: "yes"}]\nb:\n  - 2\nd:\n  - 4\nc:\n  - 3\n',
  },
  {
    name: "set a scalar, quoted keys and a comment behind it",
    text: 'kind: A\n"metadata":\n  \'labels\':\n    "a/b": x # why\n',
    ops: [[0, "set", "on", "metadata", "labels", "a/b"]],
    after: 'kind: A\n"metadata":\n  \'labels\':\n    "a/b": "on" # why\n',
  },
  {
    name: "set makes what is missing",
    text: "kind: A\nmetadata:\n  name: x\nspec: {}\n",
    ops: [
      [0, "set", "1", "metadata", "annotations", "ringfence.dev/waive"],
      [0, "set", ["Ingress"], "spec", "policyTypes"],
    ],
    after:
      'kind: A\nmetadata:\n  name: x\n  annotations:\n    ringfence.dev/waive: "1"\nspec:\n  policyTypes:\n    - Ingress\n',
  },
  {
    name: "set of an equal value changes nothing",
    text: POLICY,
    ops: [[0, "set", { app: "web" }, "spec", "podSelector", "matchLabels"]],
    after: POLICY,
  },
  {
    name: "line ends of Windows stay",
    text: POLICY.replaceAll("\n", "\r\n"),
    ops: [
      [0, "append", "169.254.0.0/16", "spec", "egress", 0, "to", 0, "ipBlock", "except"],
      [0, "remove", "spec", "ingress", 1],
    ],
    after: `${POLICY.replace("  - {}\n", "")}              - 169.254.0.0/16\n`.replaceAll(
      "\n",
      "\r\n",
    ),
  },
  {
    name: "without a line end at the end",
    text: "kind: A\nspec:\n  a:\n  - 1",
    ops: [[0, "append", 2, "spec", "a"]],
    after: "kind: A\nspec:\n  a:\n  - 1\n  - 2",
  },
  {
    name: "of many documents only the one that is meant",
    text: "# head\nkind: A\na: 1\n---\nkind: B\na: 1\n---\n# last\nkind: C\na: 1\n",
    ops: [
      [1, "remove", "a"],
      [2, "set", 2, "a"],
    ],
    after: "# head\nkind: A\na: 1\n---\nkind: B\n---\n# last\nkind: C\na: 2\n",
  },
  {
    name: "a whole document goes",
    text: "kind: A\n---\nkind: B\n---\nkind: C\n",
    ops: [
      [0, "remove-object"],
      [1, "remove-object"],
    ],
    after: "---\nkind: C\n",
  },
  {
    name: "in a List: an item's field, and a whole item",
    text: "apiVersion: v1\nkind: List\nitems:\n- kind: A\n  a: 1\n- kind: B\n  a: 1\n- kind: C\n",
    ops: [
      [0, "remove", "a"],
      [1, "remove-object"],
    ],
    after: "apiVersion: v1\nkind: List\nitems:\n- kind: A\n- kind: C\n",
  },
  {
    name: "JSON keeps its layout",
    text: '{\n  "kind": "A",\n  "spec": {\n    "a": [\n      1,\n      2\n    ],\n    "b": {"c": true}\n  }\n}\n',
    ops: [
      [0, "append", { d: "e" }, "spec", "a"],
      [0, "remove", "spec", "b", "c"],
      [0, "set", [], "spec", "n"],
    ],
    after:
      '{\n  "kind": "A",\n  "spec": {\n    "a": [\n      1,\n      2,\n      {"d":"e"}\n    ],\n    "b": {},\n    "n":[]\n  }\n}\n',
  },
  {
    name: "block texts and their line ends",
    text: "kind: A\ndata:\n  a: |\n    one\n    two\n  b: 1\n",
    ops: [
      [0, "set", 2, "data", "a"],
      [0, "set", 3, "data", "c"],
    ],
    after: "kind: A\ndata:\n  a: 2\n  b: 1\n  c: 3\n",
  },
  {
    name: "the only annotation, a block text",
    text: "kind: A\nmetadata:\n  annotations:\n    x: |\n      {}\nspec: {}\n",
    ops: [[0, "remove", "metadata", "annotations", "x"]],
    after: "kind: A\nmetadata:\n  annotations: {}\nspec: {}\n",
  },
  {
    name: "comments behind a key stay when its value changes",
    text: "kind: A\na: # one\n  b: 1\nc: # two\n  d: 1\n",
    ops: [
      [0, "remove", "a", "b"],
      [0, "set", [1], "c"],
    ],
    after: "kind: A\na: {} # one\nc: # two\n  - 1\n",
  },
  {
    name: "an item of a list gets another value",
    text: "kind: A\na:\n- b: 1 # one\n  c: 2\n- d\n",
    ops: [
      [0, "set", { e: 1, f: [2] }, "a", 0],
      [0, "set", "yes", "a", 1],
    ],
    after: 'kind: A\na:\n- e: 1\n  f:\n    - 2\n- "yes"\n',
  },
  {
    name: "what an alias shares is not changed",
    text: "kind: A\na: &x {b: 1}\nc: *x\n",
    ops: [[0, "remove", "c", "b"]],
    refused: /`f\.yaml`: it stands behind an alias/u,
  },
  {
    name: "an anchor that others need is not removed",
    text: "kind: A\na: &x {b: 1}\nc: *x\n",
    ops: [[0, "remove", "a"]],
    refused: /cannot be changed without touching more/u,
  },
  {
    name: "what is not there cannot go",
    text: POLICY,
    ops: [[0, "remove", "spec", "ingress", 7]],
    refused: /nothing stands at `spec\.ingress\.7`/u,
  },
];

function originsOf(text: string): readonly Origin[] {
  const origins: Origin[] = [];
  readText(text, {
    file: "f.yaml",
    take: (value, origin) => {
      for (const found of openLists(value, origin)) origins.push(found.origin);
    },
    report: ({ text: said }) => assert.fail(said),
    pass: () => assert.fail("it is no snapshot"),
    isEmpty: () => origins.length === 0,
    drained: () => Promise.resolve(),
  });
  return origins;
}

function editOf(origin: Origin, [kind, ...rest]: Op): Edit {
  if (kind === "remove-object") return { kind, origin };
  if (kind === "remove") return { kind, origin, path: rest as Path };
  const [value, ...path] = rest;
  return { kind, origin, path: path as Path, value };
}

describe("edits of texts", () => {
  for (const { name, text, ops, after, refused } of CASES) {
    test(name, () => {
      const origins = originsOf(text);
      const edits = ops.map(([index, ...op]) => editOf(origins[index]!, op));
      const result = applyEdits(edits, () => ({ text }));
      if (refused === undefined) assert.deepEqual(result.refused, []);
      else assert.match(result.refused.map(({ reason }) => reason).join("\n"), refused);
      assert.equal(result.files[0]?.after ?? text, after ?? text);
    });
  }
});

test("lines of a snapshot are refused, and files that cannot be read", () => {
  const place = { file: "s.ndjson", line: 1, start: 0, end: 9, inside: [] };
  const line: Edit = { kind: "remove-object", origin: { ...place, format: "line" } };
  const yaml: Edit = { kind: "remove-object", origin: { ...place, file: "-", format: "yaml" } };
  const { refused, files } = applyEdits([line, yaml], () => "it was standard input");
  assert.deepEqual(files, []);
  assert.deepEqual(
    refused.map(({ reason }) => reason),
    [
      "`s.ndjson`: newline-delimited JSON or a snapshot is not changed: change its manifests",
      "`-`: it was standard input",
    ],
  );
});

test("git applies every difference", () => {
  const folder = mkdtempSync(join(tmpdir(), "ringfence-diff-"));
  const long = Array.from({ length: 40 }, (_, index) => `line ${index}\n`).join("");
  const pairs = [
    [long, long.replace("line 3\n", "").replace("line 30\n", "line x\nline y\n")],
    [long, long.replace("line 0\n", "new\nline 0\n").replace(/line 39\n$/u, "line 39")],
    [long, ""],
    ["a\nb\nc", "a\nc"],
    ["", long],
    ["a\nb\na\nb\n", "b\na\nb\na\n"],
  ] as const;
  for (const [before, after] of pairs) {
    writeFileSync(join(folder, "f.yaml"), before);
    const diff = unifiedDiff({ file: "f.yaml", before, after });
    execFileSync("git", ["apply", "--unidiff-zero", "-"], { cwd: folder, input: diff });
    assert.equal(readFileSync(join(folder, "f.yaml"), "utf8"), after, diff);
  }
  rmSync(folder, { recursive: true });
});
