import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import type { FileTree } from "./list-tree.ts";
import { readTree } from "./read-tree.ts";

const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec: {}\n`;

function sizeOf(content: string | Buffer | number): number {
  return typeof content === "number" ? content : Buffer.from(content).length;
}

/** A tree of these files under `rev:`; a number is the size of a file that nobody has. */
function treeOf(
  files: Readonly<Record<string, string | Buffer | number>>,
  rest: Partial<FileTree> = {},
): FileTree {
  return {
    paths: [""],
    files: Object.entries(files).map(([path, content]) => ({ path, size: sizeOf(content) })),
    links: [],
    submodules: [],
    root: "/repository",
    show: (path) => `rev:${path}`,
    read: (paths) => {
      const found = paths.flatMap((path) => {
        const content = files[path];
        return content === undefined || typeof content === "number"
          ? []
          : [[path, Buffer.from(content)] as const];
      });
      return Promise.resolve(new Map(found));
    },
    ...rest,
  };
}

async function read(
  tree: FileTree,
  options: Parameters<typeof readTree>[1] = {},
): Promise<{
  readonly pods: string;
  readonly said: readonly string[];
  readonly incomplete: boolean;
}> {
  const { cluster } = await readTree(tree, options);
  return {
    pods: cluster.workloads.map(({ name }) => name).join(" "),
    said: cluster.diagnostics.map(({ severity, file, text }) => `${severity} ${file}: ${text}`),
    incomplete: cluster.incomplete,
  };
}

test("a tree is read by the rules of folders", async () => {
  const files = {
    "a.yaml": pod("a"),
    "b/c.json": JSON.stringify({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "c" },
      spec: {},
    }),
    "d.yaml.gz": gzipSync(pod("d")),
    "notes.md": "x",
    ".github/e.yaml": pod("hidden"),
    "node_modules/f.yaml": pod("module"),
  };
  assert.deepEqual(await read(treeOf(files)), { pods: "a c d", said: [], incomplete: false });
  const asked = await read(treeOf(files, { paths: [".github", "b/c.json"] }));
  assert.equal(asked.pods, "c hidden", "what is asked for is not hidden");
  const globs = { folder: "/repository", globs: ["b/**", "*.gz"] };
  assert.equal((await read(treeOf(files), { exclude: globs })).pods, "a");
});

test("templates of charts and patches of kustomizations are no manifests", async () => {
  const files = {
    "chart/Chart.yaml": "apiVersion: v2\nname: x\n",
    "chart/templates/a.yaml": "kind: {{ .Values.kind }}\n",
    "chart/crds/b.yaml": pod("b"),
    "kit/kustomization.yaml": "resources: [c.yaml]\npatches: [{path: d.yaml}]\n",
    "kit/c.yaml": pod("c"),
    "kit/d.yaml": pod("patched"),
  };
  const all = await read(treeOf(files));
  assert.equal(all.pods, "b c");
  assert.match(all.said[0]!, /^warning rev:chart\/Chart\.yaml: a Helm chart: its templates/u);
  const inside = await read(treeOf(files, { paths: ["chart/templates"] }));
  assert.deepEqual([inside.pods, inside.incomplete], ["", true]);
});

test("what may hold manifests and is not read makes the result incomplete", async () => {
  const files = { "a.yaml": pod("a"), "deep/b.yaml": pod("b"), "README.md": "x" };
  const cases: readonly (readonly [
    name: string,
    rest: Partial<FileTree>,
    said: RegExp | undefined,
  ])[] = [
    ["a link to a file that is read", { links: [{ path: "l.yaml", target: "a.yaml" }] }, undefined],
    ["a link to a folder that is read", { links: [{ path: "l", target: "deep" }] }, undefined],
    ["a link to text", { links: [{ path: "l", target: "README.md" }] }, undefined],
    [
      "a link outside",
      { links: [{ path: "x/l.yaml", target: "../../y.yaml" }] },
      /rev:x\/l\.yaml.*is a link/u,
    ],
    ["a link to a folder outside", { links: [{ path: "l", target: "../y" }] }, /rev:l.*is a link/u],
    ["a submodule", { submodules: ["lib"] }, /rev:lib.*is a submodule/u],
    ["a submodule elsewhere", { submodules: [".lib"] }, undefined],
  ];
  for (const [name, rest, expected] of cases) {
    const { said, incomplete, pods } = await read(treeOf(files, rest));
    assert.equal(pods, "a b", name);
    assert.equal(incomplete, expected !== undefined, name);
    if (expected !== undefined) assert.match(said.join("\n"), expected, name);
  }
});

test("files that are too large, gone, or named to deceive are said", async () => {
  const { pods, said } = await read(
    treeOf({ "a.yaml": pod("a"), "big.yaml": 40_000_000, "gone.yaml": 10, "n\n.yaml": pod("n") }),
  );
  assert.equal(pods, "a");
  assert.deepEqual(
    said.map((line) => line.replace(/: (?:not read|git does|it was not).*/u, "")),
    [
      "error rev:big.yaml: larger than 32 MB, the limit for YAML",
      "error rev:gone.yaml: `rev:gone.yaml` cannot be read",
      "error rev:n?.yaml: `rev:n?.yaml` has control characters in its name",
    ],
  );
});

test("a tree without manifests is said", async () => {
  const { said } = await read(treeOf({ "a.md": "x" }, { paths: ["deploy"] }));
  assert.deepEqual(said, ["warning rev:deploy: there are no manifests at `rev:deploy`"]);
});
