import assert from "node:assert/strict";
import { test } from "node:test";

import { type ReadCluster, readCluster } from "./read-cluster.ts";

const pod = (name: string): string =>
  JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name }, spec: {} });
const yamlPod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec: {}\n`;

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

function said({ cluster }: ReadCluster): readonly string[] {
  return cluster.diagnostics.map(
    ({ severity, decides, line, text }) => `${severity}${decides ? "!" : ""} ${line}: ${text}`,
  );
}

/** Lists as `kubectl get -o` and people write them: the names of the pods, and what is said. */
const LISTS: readonly [text: string, pods: string, said: readonly string[]][] = [
  ['{"kind": "List", "items": null}', "", []],
  ["kind: List\napiVersion: v1\n", "", []],
  [
    '{"kind": "PodList", "apiVersion": "v1", "items": [{"metadata": {"name": "a"}, "spec": {}}]}',
    "a",
    [],
  ],
  ['{"kind": "NetworkPolicyList", "apiVersion": "networking.k8s.io/v1", "items": null}', "", []],
  [`{"kind": "List", "items": [{"kind": "List", "items": [${pod("a")}]}, ${pod("b")}]}`, "a b", []],
  ["kind: List\nitems: {}\n", "", ["error! 1: `items` must be a list, not `{}`"]],
  [
    `kind: List\nitems:\n- null\n- {}\n- kind: 3\n- ${pod("a")}\n`,
    "a",
    [
      "error! 3: an object was expected, not `null`",
      "error! 4: an object without `kind`, which kubectl refuses: add it",
      "error! 5: `kind` must be text, not `3`: put it in quotes",
    ],
  ],
  [
    `[${pod("a")}, ${pod("b")}]`,
    "a b",
    ["warning 1: kubectl refuses a bare list: it was read, write `kind: List` with `items`"],
  ],
  [
    `- ${pod("a")}\n- 3\n`,
    "a",
    [
      "warning 1: kubectl refuses a bare list: it was read, write `kind: List` with `items`",
      "error! 2: an object was expected, not `3`",
    ],
  ],
  [
    "- op: add\n  value: 3\n",
    "",
    ["warning 1: no Kubernetes object: it has no `kind`, so it was not read"],
  ],
  [
    "apiVersion: v1\nmetadata: {name: a}\n",
    "",
    ["error! 1: an object without `kind`, which kubectl refuses: add it"],
  ],
  [`${pod("a")}\n---\n${yamlPod("b")}`, "a b", []],
  [
    `${pod("a")} trailing`,
    "a",
    ["error 1: cannot be read: no JSON: Unexpected token 'a', \"trailing\" is not valid JSON"],
  ],
  [
    `{\n"kind": "A", "apiVersion": "a/v1", "metadata": {"name": "a"}}\n{"kind": "Pod",\n "x": 1 "y"}\n${pod("b")}`,
    "b",
    ["error! 4: cannot be read: no JSON: Expected ',' or '}' after property value"],
  ],
];

test("lists, typed lists, bare lists, and values that follow one another", async () => {
  for (const [text, pods, expected] of LISTS) {
    const result = await readCluster(["-"], { stdin: chunks(text) });
    const names = result.cluster.workloads.map((one) => one.name);
    assert.equal(names.join(" "), pods, text);
    assert.deepEqual(said(result), expected, text);
  }
});

const BROKEN: readonly [name: string, text: string, decides: boolean][] = [
  ["a policy", "kind: NetworkPolicy\nspec: [", true],
  ["a kind in JSON", '{"kind": "ConfigMap", ', true],
  ["a ConfigMap", "kind: ConfigMap\ndata: [", false],
  ["two kinds", "kind: ConfigMap\ndata: [\nkind: Pod\n", true],
  ["no kind at all", "on: push\njobs: [", false],
  ["an escape", '{"k\\u0069nd": "Pod", ', true],
];

test("a broken document decides, unless it surely cannot", async () => {
  for (const [name, text, decides] of BROKEN) {
    const { cluster } = await readCluster(["-"], { stdin: chunks(text) });
    assert.deepEqual(
      cluster.diagnostics.map((one) => [one.severity, one.decides]),
      [["error", decides]],
      name,
    );
  }
});
