import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { after, test } from "node:test";
import { gunzipSync } from "node:zlib";

import type { Cluster } from "../model/index.ts";
import { readCluster } from "./read-cluster.ts";
import { writeSnapshot } from "./write-snapshot.ts";

const root = mkdtempSync(join(tmpdir(), "snapshot-"));
after(() => rmSync(root, { recursive: true }));

const source = join(root, "in");
mkdirSync(source);
writeFileSync(
  join(source, "a.yaml"),
  `apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
  - {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {}}
---
kind: NetworkPolicy
spec: [
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{}]}]}
---
apiVersion: v1
kind: Secret
metadata:
  name: s
  annotations: {kubectl.kubernetes.io/last-applied-configuration: hunter2, keep: "1"}
data: {password: hunter2}
stringData: {token: hunter2}
`,
);

/** All of a cluster but where it was read. */
function withoutPlaces(cluster: Cluster): unknown {
  const plain = { ...cluster, namespaces: [...cluster.namespaces] };
  const text = JSON.stringify(plain, (key, value: unknown) => {
    if (/^(?:origin|firstOrigin)$/u.test(key) || key === "file" || key === "line") return undefined;
    return typeof value === "bigint" ? String(value) : value;
  });
  const { diagnostics, others, ...rest } = JSON.parse(text) as {
    diagnostics: { text: string }[];
    others: unknown[];
  };
  const texts = diagnostics.map((one) => JSON.stringify(one).replace(/first at \S+:\d+/u, ""));
  return { ...rest, texts: texts.toSorted(), others: others.length };
}

test("a snapshot scans like its source, but for positions", async () => {
  const direct = await readCluster([source]);
  assert.equal(direct.cluster.incomplete, true);
  assert.equal(direct.cluster.diagnostics.length, 2);
  for (const name of ["plain.ndjson", "packed.ndjson.gz"]) {
    const out = join(root, name);
    const written = await writeSnapshot([source], out);
    assert.equal(written.objects, 4);
    assert.deepEqual(
      written.diagnostics.map((one) => one.severity),
      ["error"],
    );
    const { cluster } = await readCluster([out]);
    assert.deepEqual(withoutPlaces(cluster), withoutPlaces(direct.cluster));
  }
});

test("the values of Secrets are not in it", async () => {
  const out = join(root, "secret.ndjson");
  await writeSnapshot([source], out);
  const text = readFileSync(out, "utf8");
  assert.doesNotMatch(text, /hunter2/u);
  assert.match(text, /"data":\{"password":""\},"stringData":\{"token":""\}/u);
  assert.match(text, /"annotations":\{"keep":"1"\}/u);
});

test("the same source gives the same bytes; what stood there before is replaced", async () => {
  const out = join(root, "again.ndjson.gz");
  await writeSnapshot([source], out);
  const first = readFileSync(out);
  await writeSnapshot([source], out);
  assert.deepEqual(readFileSync(out), first);
  assert.match(gunzipSync(first).toString("utf8"), /^\{"ringfenceSnapshot":1,/u);
  assert.ok(!readdirSync(root).some((name) => name.endsWith(".part")));
});

test("a snapshot into the folder that is read does not read itself", async () => {
  const folder = join(root, "self");
  mkdirSync(folder);
  writeFileSync(join(folder, "a.yaml"), "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n");
  const out = join(folder, "all.ndjson");
  await writeSnapshot([folder], out);
  assert.equal((await writeSnapshot([folder], out)).objects, 1);
});

test("a cut snapshot and one of a later version are noticed", async () => {
  const out = join(root, "whole.ndjson");
  await writeSnapshot([source], out);
  const lines = readFileSync(out, "utf8").trimEnd().split("\n");
  const table: readonly [text: string, expected: RegExp][] = [
    [lines.slice(0, -1).join("\n"), /the snapshot was cut/u],
    [lines.toSpliced(2, 1).join("\n"), /should hold 4 objects, and holds 3/u],
    ['{"ringfenceSnapshot":2}\n{"kind":"X"}', /of version 2, this program reads version 1/u],
  ];
  for (const [text, expected] of table) {
    const file = join(root, "cut.ndjson");
    writeFileSync(file, text);
    const { cluster } = await readCluster([file]);
    assert.ok(
      cluster.diagnostics.some((one) => expected.test(one.text) && one.decides),
      text,
    );
  }
});

test("without a promised end there need not be one", async () => {
  const file = join(root, "bare.ndjson");
  const namespace = '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}}';
  writeFileSync(file, `{"ringfenceSnapshot":1}\n${namespace}\n`);
  assert.deepEqual((await readCluster([file])).cluster.diagnostics, []);
});

test("to standard output", async () => {
  const stdout = new PassThrough();
  const text = (async () => {
    let all = "";
    for await (const chunk of stdout) all += String(chunk);
    return all;
  })();
  await writeSnapshot([source], "-", { stdout });
  stdout.end();
  assert.equal((await text).trimEnd().split("\n").length, 7);
});

test("a target that cannot be written is an error for the caller", async () => {
  await assert.rejects(writeSnapshot([source], join(root, "no", "such", "x.ndjson")), /ENOENT/u);
});

/** Sources with faults of every kind: their snapshots must scan as they do. */
const FAULTY: readonly [name: string, text: string][] = [
  ["items that are none", "kind: List\nitems:\n- null\n- 3\n- []\n- {}\n- {kind: A}\n"],
  ["a list whose items are none", "apiVersion: v1\nkind: List\nitems: {}\n"],
  ["a bare list", '[{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}}, 3]'],
  ["no kind", "apiVersion: v1\nmetadata: {name: a}\n"],
  ["no manifest", "a: 1\n"],
  [
    "one Secret with two values",
    [1, 2]
      .map((n) => `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: "${n}"}\n`)
      .join("---\n"),
  ],
  [
    "keys that are names of JavaScript",
    '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"__proto__": "x", "constructor": "y"}}',
  ],
];

test("a snapshot of faulty sources scans as they do", async () => {
  for (const [name, text] of FAULTY) {
    const file = join(root, "faulty.yaml");
    writeFileSync(file, text);
    const out = join(root, "faulty.ndjson");
    rmSync(out, { force: true });
    const { objects } = await writeSnapshot([file], out);
    assert.equal(existsSync(out), objects > 0, `${name}: no file without an object`);
    if (objects === 0) continue;
    const [direct, again] = [await readCluster([file]), await readCluster([out])];
    assert.deepEqual(withoutPlaces(again.cluster), withoutPlaces(direct.cluster), name);
  }
});

const namespace = (name: string): string =>
  JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

test("snapshots one behind the other are one; what is damaged is told", async () => {
  const header = '{"ringfenceSnapshot":1,"end":true}';
  const table: readonly [lines: readonly string[], texts: readonly RegExp[]][] = [
    [
      [header, namespace("a"), '{"ringfenceEnd":1}', header, namespace("b"), '{"ringfenceEnd":1}'],
      [],
    ],
    [[header, namespace("a"), header, '{"ringfenceEnd":0}'], [/^3: the snapshot was cut/u]],
    [
      [header, '{"ringfenceEnd":0}', namespace("a"), namespace("b")],
      [/^3: an object behind the end/u],
    ],
    [
      [header, '{"ringfenceDiagnostic":{"severity":"x"}}', '{"ringfenceEnd":0}'],
      [/^2: a damaged line/u],
    ],
    [
      [header, '{"ringfenceEnd":"0"}'],
      [/^2: a damaged line/u, /^2: the snapshot was cut/u],
    ],
    [['{"ringfenceSnapshot":"1"}', namespace("a")], [/^1: a snapshot of version "1"/u]],
  ];
  for (const [lines, texts] of table) {
    const file = join(root, "several.ndjson");
    writeFileSync(file, lines.join("\n"));
    const { diagnostics } = (await readCluster([file])).cluster;
    const said = diagnostics.map(({ line, text }) => `${line}: ${text}`);
    assert.equal(said.length, texts.length, said.join("\n"));
    for (const [index, text] of texts.entries()) assert.match(said[index] ?? "", text);
    assert.ok(diagnostics.every((one) => one.decides));
  }
});
