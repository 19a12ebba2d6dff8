import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { once } from "node:events";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";

import type { Cluster } from "../model/index.ts";
import { type ReadCluster, readCluster } from "./read-cluster.ts";
import { readYaml } from "./yaml-documents.ts";

const root = mkdtempSync(join(tmpdir(), "read-"));
after(() => rmSync(root, { recursive: true }));
let folders = 0;

/** A new folder with these files. */
function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = join(root, String(folders++));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

/** What was said, with names below `folder`. */
function said({ cluster }: ReadCluster, folder: string): readonly string[] {
  return cluster.diagnostics.map(({ severity, decides, file, line, text }) => {
    const place = file.replace(`${folder}/`, "");
    return `${severity}${decides ? "!" : ""} ${place}:${line}: ${text}`;
  });
}

const idsOf = (cluster: Cluster): readonly string[] => cluster.workloads.map((one) => one.id);
const pod = (name: string): string =>
  JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name }, spec: {} });
const yamlPod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec: {}\n`;

const deployment = (spec: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: ${spec}\n`;

async function* chunks(...parts: readonly (string | Buffer)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

const shared = resolve(process.env["RINGFENCE_SHARED"] ?? "../shared", "data");
const skip = existsSync(shared) ? false : `${shared} is not on this machine`;

test("acceptance 2: the workloads of three public applications", { skip }, async () => {
  for (const [name, workloads] of [
    ["microservices-demo", 12],
    ["sock-shop", 14],
    ["bank-of-anthos", 9],
  ] as const) {
    const { cluster } = await readCluster([join(shared, "clusters", name)]);
    assert.equal(cluster.workloads.length, workloads, name);
    assert.equal(cluster.incomplete, false, name);
  }
});

test("every case of the policy tables is read without an error", { skip }, async () => {
  const folder = join(shared, "policies/cases");
  let count = 0;
  for (const name of readdirSync(folder)) {
    if (!/^(?:cluster)?networkpolicy-.*\.yaml$/u.test(name)) continue;
    const [document] = readYaml(readFileSync(join(folder, name), "utf8"));
    const cases = (document?.value ?? []) as readonly { name: string; objects: string }[];
    for (const one of cases) {
      const { cluster } = await readCluster(["-"], { stdin: chunks(one.objects) });
      const errors = cluster.diagnostics.filter(({ severity }) => severity === "error");
      assert.deepEqual(errors, [], one.name);
      count++;
    }
  }
  assert.equal(count, 111);
});

const BOMB = [
  "a: &a [x,x,x,x,x,x,x,x,x]",
  ..."bcdefghi".split("").map((key, index) => {
    const before = `*${"abcdefgh"[index]}`;
    return `${key}: &${key} [${Array.from({ length: 9 }, () => before).join(",")}]`;
  }),
  "kind: Pod",
].join("\n");

test("acceptance 5: each fault with file and line, the rest is read", async () => {
  const folder = folderOf({
    "1-broken.yaml": `${yamlPod("a")}---\nkind: NetworkPolicy\nspec: [\n---\n${yamlPod("b")}`,
    "2-bomb.yaml": BOMB,
    "3-big.yaml": "",
    "4-version.yaml": `# note\n${yamlPod("c").replace("v1", "networking.k8s.io/v2").replace("Pod", "NetworkPolicy")}`,
    "5-one.yaml": yamlPod("d"),
    "6-two.yaml": yamlPod("d").replace("{}", "{hostNetwork: true}"),
  });
  truncateSync(join(folder, "3-big.yaml"), 100 * 1024 * 1024);
  const begin = performance.now();
  const result = await readCluster([folder]);
  assert.ok(performance.now() - begin < 500, "the large file is refused by its size");
  assert.deepEqual(idsOf(result.cluster), ["default/Pod/a", "default/Pod/b", "default/Pod/d"]);
  assert.equal(result.cluster.incomplete, true);
  const lines = said(result, folder);
  assert.equal(lines.length, 5);
  assert.match(lines[0] ?? "", /^error! 1-broken.yaml:[89]: cannot be read: /u);
  assert.match(lines[1] ?? "", /^error! 2-bomb.yaml:1: cannot be read: its aliases unfold/u);
  assert.match(lines[2] ?? "", /^error! 3-big.yaml:1: larger than 32 MB/u);
  assert.match(
    lines[3] ?? "",
    /^error! 4-version.yaml:2: `NetworkPolicy` of `networking.k8s.io\/v2`/u,
  );
  assert.match(
    lines[4] ?? "",
    /^error! 6-two.yaml:1: Pod `default\/d` is declared twice, first at .*5-one.yaml:1/u,
  );
});

test("folders: which files, in which order", async () => {
  const folder = folderOf({
    "b.yml": yamlPod("b"),
    "a/z.yaml": yamlPod("az"),
    "a.json": pod("a"),
    "c.ndjson": `${pod("c")}\n${pod("d")}`,
    "e.jsonl.gz": gzipSync(pod("e")),
    "f.yaml.gz": gzipSync(yamlPod("f")),
    "g.json": `${pod("g")}${pod("h")}\n${pod("i")}`,
    "j.json": "{apiVersion: v1, kind: Pod, metadata: {name: j}, spec: {}}",
    "k.txt": yamlPod("no"),
    ".hidden/x.yaml": yamlPod("no"),
    "node_modules/x.yaml": yamlPod("no"),
    "l.json": JSON.stringify({ kind: "List", apiVersion: "v1", items: [JSON.parse(pod("l"))] }),
    "m.yaml": "# nothing\n",
    "n.json": "  \n",
    "o.yaml": Buffer.from(`\uFEFF${yamlPod("o")}`, "utf16le"),
    "p.yaml": `\uFEFF${yamlPod("p")}---\n\uFEFF${yamlPod("q")}`,
  });
  const { cluster, readable } = await readCluster([folder]);
  assert.deepEqual(
    idsOf(cluster).map((id) => id.slice("default/Pod/".length)),
    ["a", "az", "b", "c", "d", "e", "f", "g", "h", "i", "j", "l", "o", "p", "q"],
  );
  assert.deepEqual(cluster.diagnostics, []);
  assert.equal(readable, 13);
  const files = cluster.workloads.map((one) => one.origin?.file ?? "");
  assert.equal(files[1], `${folder}/a/z.yaml`);
});

test("the same path is read once", async () => {
  const folder = folderOf({ "a.yaml": yamlPod("a") });
  const { cluster, readable } = await readCluster([folder, join(folder, "a.yaml")]);
  assert.deepEqual([cluster.diagnostics, readable], [[], 1]);
});

test("the same file on two ways is read once", async () => {
  const folder = folderOf({ "a/a.yaml": yamlPod("a") });
  symlinkSync(join(folder, "a"), join(folder, "b"));
  const { cluster } = await readCluster([join(folder, "b/a.yaml"), join(folder, "a")]);
  assert.deepEqual([cluster.diagnostics, cluster.objects], [[], 1]);
});

test("sockets and devices: in a folder they are told, by name they are read as far as the limits", async () => {
  const folder = folderOf({ "a.yaml": yamlPod("a"), "-": yamlPod("dash") });
  const server = createServer().listen(join(folder, "pipe.yaml"));
  await once(server, "listening");
  const result = await readCluster([folder]);
  server.close();
  assert.deepEqual(said(result, folder), [
    `warning! pipe.yaml:1: \`${folder}/pipe.yaml\` is no regular file: it was not read, name it`,
  ]);
  const endless = await readCluster(["/dev/zero"]);
  assert.deepEqual(said(endless, folder), [
    "error! /dev/zero:1: larger than 32 MB, the limit for YAML: not read; split it or make a snapshot",
  ]);
});

test("an input that was named and holds nothing is told, and is none", async () => {
  const folder = folderOf({ "a.yaml": "---\n# nothing\n" });
  const table: readonly [path: string, file: string][] = [
    ["-", "-"],
    ["/dev/null", "/dev/null"],
    [join(folder, "a.yaml"), "a.yaml"],
  ];
  for (const [path, file] of table) {
    const result = await readCluster([path], { stdin: chunks() });
    assert.deepEqual(said(result, folder), [
      `warning ${file}:1: it is empty: there is no object to read`,
    ]);
    assert.equal(result.readable, 0);
  }
  const list = await readCluster(["-"], { stdin: chunks('{"kind": "List", "items": null}') });
  assert.deepEqual([list.readable, list.cluster.diagnostics], [1, []]);
});

test("links: inside the folder once, out of it not at all, loops never", async () => {
  const outside = folderOf({ "x.yaml": yamlPod("outside") });
  const folder = folderOf({ "a.yaml": yamlPod("a"), ".data/b.yaml": yamlPod("b") });
  symlinkSync(join(folder, "a.yaml"), join(folder, "0-link.yaml"));
  symlinkSync(join(folder, ".data/b.yaml"), join(folder, "b.yaml"));
  symlinkSync(folder, join(folder, "loop"));
  symlinkSync(join(outside, "x.yaml"), join(folder, "out.yaml"));
  symlinkSync(join(folder, "gone"), join(folder, "gone.yaml"));
  const result = await readCluster([folder]);
  assert.deepEqual(idsOf(result.cluster), ["default/Pod/a", "default/Pod/b"]);
  const lines = said(result, folder);
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? "", /^error! gone.yaml:1: .* cannot be read: it does not exist/u);
  assert.match(lines[1] ?? "", /^warning! out.yaml:1: .* leads out of the folder/u);
});

test("paths that lead to nothing", async () => {
  const folder = folderOf({ "readme.txt": "x" });
  const missing = await readCluster([join(folder, "nope")]);
  assert.match(said(missing, folder)[0] ?? "", /^error! nope:1: .* it does not exist/u);
  assert.equal(missing.readable, 0);
  const empty = await readCluster([folder]);
  assert.match(said(empty, folder)[0] ?? "", /holds no manifests/u);
  assert.equal(empty.readable, 0);
});

test("what is no object of a cluster", async () => {
  const files = { "values.yaml": "a: 1\n---\nb: 2\n", "list.json": "[1]" };
  const folder = folderOf(files);
  const inFolder = await readCluster([folder]);
  assert.deepEqual(
    inFolder.cluster.diagnostics.map((one) => one.severity),
    ["info", "info"],
  );
  const byName = await readCluster([join(folder, "values.yaml")]);
  assert.deepEqual(
    byName.cluster.diagnostics.map((one) => one.severity),
    ["warning"],
  );
  assert.equal(byName.cluster.incomplete, false);
});

test("a kustomization gives one note, and its manifests are read", async () => {
  const folder = folderOf({
    "kustomization.yaml": "resources: [a.yaml]\n",
    "a.yaml": yamlPod("a"),
    "component/x.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
    "flux.yaml":
      "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: f}\n",
  });
  const result = await readCluster([folder]);
  assert.deepEqual(idsOf(result.cluster), ["default/Pod/a"]);
  assert.equal(result.cluster.others.length, 1);
  assert.equal(result.cluster.incomplete, false);
  const lines = said(result, folder);
  assert.equal(lines.length, 2);
  assert.ok(lines.every((one) => one.startsWith("info ") && one.includes("kustomize build ")));
});

test("the patches of a kustomization are no objects: one warning that decides", async () => {
  const folder = folderOf({
    "base/kustomization.yaml": "resources: [d.yaml]\n",
    "base/d.yaml": deployment("{template: {spec: {}}}"),
    "prod/Kustomization":
      "patches: [{path: p.yaml}, {patch: 'x: 1'}]\npatchesStrategicMerge: [../q.yaml, \"a: 1\\nb: 2\"]\n",
    "prod/p.yaml": deployment("{replicas: 3}"),
    "q.yaml": deployment("{template: {spec: {hostNetwork: true}}}"),
  });
  const result = await readCluster([folder]);
  assert.deepEqual(idsOf(result.cluster), ["default/Deployment/d"]);
  assert.deepEqual(said(result, folder), [
    `info base/kustomization.yaml:1: a kustomization: the manifests were read as they are; for its result run \`kustomize build ${folder}/base | ringfence scan -\``,
    `warning! prod/Kustomization:1: a kustomization: the manifests were read without its \`patches\`, \`patchesStrategicMerge\`: run \`kustomize build ${folder}/prod | ringfence scan -\``,
  ]);
});

test("a Helm chart gives one diagnostic with the command, and no error for a template", async () => {
  const folder = folderOf({
    "chart/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    "chart/values.yaml": "a: 1\n",
    "chart/templates/a.yaml": "{{ if }}\nkind: NetworkPolicy\n",
    "chart/charts/sub/templates/a.yaml": "{{ if }}\n",
    "chart/crds/crd.yaml": yamlPod("crd"),
    "b.yaml": yamlPod("b"),
  });
  const result = await readCluster([folder]);
  assert.deepEqual(idsOf(result.cluster), ["default/Pod/b", "default/Pod/crd"]);
  assert.deepEqual(said(result, folder), [
    `warning! chart/Chart.yaml:1: a Helm chart: its templates were not read, and may hold policies: run \`helm template ${folder}/chart | ringfence scan -\``,
  ]);
  const templates = await readCluster([join(folder, "chart/templates")]);
  assert.equal(templates.cluster.diagnostics.length, 1);
  assert.equal(templates.cluster.incomplete, true);
  const below = folderOf({ "c/Chart.yaml": "name: c\n", "c/templates/web/a.yaml": "{{ if }}\n" });
  assert.deepEqual(said(await readCluster([join(below, "c/templates/web")]), below), [
    `warning! c/templates/web:1: a Helm chart: its templates were not read, and may hold policies: run \`helm template ${below}/c | ringfence scan -\``,
  ]);
});

test("newline-delimited JSON: a broken or deep line is told, and the others are read", async () => {
  const deep = `{"kind":"Pod","x":${"[".repeat(101)}${"]".repeat(101)}}`;
  const folder = folderOf({ "a.ndjson": `${pod("a")}\n{"kind":\n${deep}\n\n${pod("b")}\n` });
  const result = await readCluster([folder]);
  assert.deepEqual(idsOf(result.cluster), ["default/Pod/a", "default/Pod/b"]);
  assert.equal(result.cluster.workloads[1]?.origin?.line, 5);
  const lines = said(result, folder);
  assert.match(lines[0] ?? "", /^error! a.ndjson:2: cannot be read: /u);
  assert.match(lines[1] ?? "", /^error! a.ndjson:3: cannot be read: nests deeper than 100/u);
});

test("a file of lines that holds none gives few errors, UTF-16 one, and a byte order mark none", async () => {
  const table: readonly [name: string, data: string | Buffer, said: RegExp][] = [
    [
      "pretty.ndjson",
      JSON.stringify(JSON.parse(pod("a")), null, 1),
      /^error! pretty.ndjson:3: no newline-delimited JSON/u,
    ],
    ["yaml.jsonl", yamlPod("a"), /^error! yaml.jsonl:3: no newline-delimited JSON/u],
    ["wide.ndjson", Buffer.from(`\uFEFF${pod("a")}`, "utf16le"), /^error! .* it is UTF-16/u],
  ];
  for (const [name, data, expected] of table) {
    const folder = folderOf({ [name]: data });
    const lines = said(await readCluster([folder]), folder);
    assert.match(lines.at(-1) ?? "", expected);
    assert.ok(lines.length <= 4, name);
  }
  const { cluster } = await readCluster([
    folderOf({ "a.ndjson": `\uFEFF${pod("a")}\n${pod("b")}` }),
  ]);
  assert.deepEqual([idsOf(cluster).length, cluster.diagnostics], [2, []]);
});

test("a gzip bomb is stopped by the length of its line, damaged gzip by its end", async () => {
  const packed = gzipSync(`${pod("a")}\n${" ".repeat(20 * 1024 * 1024)}`);
  const folder = folderOf({
    "a.ndjson.gz": packed,
    "b.ndjson.gz": gzipSync(`${pod("b")}\n`).subarray(0, 60),
  });
  const result = await readCluster([folder]);
  const lines = said(result, folder);
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? "", /^error! a.ndjson.gz:1: .*a line is longer than 16 MB/u);
  assert.match(lines[1] ?? "", /^error! b.ndjson.gz:1: .*gzip data is damaged/u);
  assert.ok(idsOf(result.cluster).includes("default/Pod/a"));
});

test("a JSON value that is broken behind others", async () => {
  const folder = folderOf({ "a.json": `${pod("a")}\n\n{"kind": "Pod"` });
  const result = await readCluster([folder]);
  assert.match(said(result, folder)[0] ?? "", /^error! a.json:3: cannot be read: /u);
});

test("standard input: YAML, JSON, lines, packed, in any pieces", async () => {
  const lines = `${pod("a")}\n${pod("b")}\n`;
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: [JSON.parse(pod("a"))] });
  const table: readonly [parts: readonly (string | Buffer)[], count: number][] = [
    [[yamlPod("a"), "---\n", yamlPod("b")], 2],
    [[list], 1],
    [[JSON.stringify(JSON.parse(list), null, 2)], 1],
    [[lines], 2],
    [lines.split(""), 2],
    [[gzipSync(lines)], 2],
    [[gzipSync(yamlPod("a")).subarray(0, 1), gzipSync(yamlPod("a")).subarray(1)], 1],
  ];
  for (const [parts, count] of table) {
    const { cluster } = await readCluster(["-"], { stdin: chunks(...parts) });
    assert.equal(cluster.workloads.length, count);
    assert.deepEqual(cluster.diagnostics, []);
  }
});

test("diagnostics show the line of the very field", async () => {
  const text = `${yamlPod("a")}---\n# note\n${yamlPod("b").replace("spec:", "  labels:\n    app: 1\nspec:")}`;
  const folder = folderOf({ "a.yaml": text });
  assert.match(
    said(await readCluster([folder]), folder)[0] ?? "",
    /^error! a.yaml:13: label value/u,
  );
  const { cluster } = await readCluster(["-"], { stdin: chunks(text) });
  assert.equal(cluster.diagnostics[0]?.line, 13);
});
