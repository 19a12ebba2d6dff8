// Architecture is a test: who may import whom, held over every source file. Cycles are oxlint's (`import/no-cycle`).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { after, test } from "node:test";

import { type FileUse, usesOf } from "./file-uses.ts";

/** Which module may import which; every module may import itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  model: ["base"],
  policy: ["base", "model"],
  analysis: ["base", "model", "policy"],
  control: ["base", "model", "policy", "analysis"],
  files: ["base", "model"],
  git: ["base", "model"],
  app: ["base", "model", "policy", "analysis", "control"],
  report: ["base", "model", "policy", "analysis", "control", "app"],
  cli: ["base", "model", "policy", "analysis", "control", "files", "git", "app", "report"],
};

/** Which module may import which package of the registry; the others none. */
const MAY_USE_PACKAGE: Readonly<Record<string, readonly string[]>> = {
  base: ["valibot"],
  analysis: ["valibot"],
  control: ["valibot"],
  app: ["valibot"],
  files: ["js-yaml", "valibot", "yaml"],
  report: ["js-yaml"],
};

/** Pure and synchronous: no I/O, no clock, no process. What they need of these is an argument. */
const ENGINES: ReadonlySet<string> = new Set([
  "base",
  "model",
  "policy",
  "analysis",
  "control",
  "app",
]);
const NODE_MODULES_OF_ENGINES: ReadonlySet<string> = new Set(["node:crypto"]);
const GLOBALS_NOT_IN_ENGINES: ReadonlySet<string> = new Set(
  "Date fetch process console performance globalThis setTimeout setInterval setImmediate".split(
    " ",
  ),
);

/** The specification, executable. It shares the vocabulary of the engine and none of its code. */
const REFERENCE = "policy/reference/";
const REFERENCE_TAKES: ReadonlySet<string> = new Set(
  ["board", "connection", "decision", "fact", "policy", "traffic"].map(
    (name) => `policy/${name}.ts`,
  ),
);

/** Folders whose members (a file or a folder each) do not know one another. */
const STRANGERS: readonly string[] = ["policy/dialect/", "control/catalog/"];

/** Files that nothing in `src/` has to import: the program, and what only tests ask. */
const ENTRIES: ReadonlySet<string> = new Set(["cli/main.ts", `${REFERENCE}index.ts`]);

const isTest = (file: string): boolean => file.endsWith(".test.ts");
const moduleOf = (file: string): string => file.split("/")[0] ?? "";

/** What is wrong with each file of the tree under `src`, as `file: problem`, sorted. */
function problemsIn(src: string): readonly string[] {
  const files = sourcesIn(src);
  const uses = new Map(files.map((file) => [file, usesOf(join(src, file))]));
  const imported = new Set<string>();
  for (const [file, { specifiers }] of uses)
    if (!isTest(file))
      for (const each of specifiers) if (each !== undefined) imported.add(targetOf(file, each));
  return files
    .flatMap((file) => [
      ...specifierProblems(file, uses.get(file)!),
      ...globalProblems(file, uses.get(file)!),
      ...orphanProblems(file, imported),
    ])
    .toSorted();
}

function sourcesIn(src: string): readonly string[] {
  const found = globSync("**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}", { cwd: src });
  return found.map((file) => file.split(sep).join("/")).toSorted();
}

const targetOf = (file: string, specifier: string): string =>
  relative(".", resolve(dirname(file), specifier))
    .split(sep)
    .join("/");

function specifierProblems(file: string, { specifiers }: FileUse): readonly string[] {
  return specifiers.flatMap((specifier) => {
    const problem =
      specifier === undefined
        ? "an import that is not a literal cannot be checked: name the file"
        : specifier.startsWith(".")
          ? fileProblem(file, targetOf(file, specifier))
          : packageProblem(file, specifier);
    return problem === undefined ? [] : [`${file}: ${problem}`];
  });
}

function fileProblem(file: string, target: string): string | undefined {
  const [from, to] = [moduleOf(file), moduleOf(target)];
  if (MAY_IMPORT[from] === undefined) return `module \`${from}\` is not in the table`;
  if (!isTest(file)) {
    if (isTest(target)) return "production code imports no test";
    if (target.startsWith("../")) return `\`${target}\` is outside of src`;
    if (target.startsWith(REFERENCE) && !file.startsWith(REFERENCE))
      return "only tests ask `policy/reference`";
  }
  if (target.startsWith("../")) return undefined;
  if (from !== to) {
    if (!MAY_IMPORT[from].includes(to)) return `\`${from}\` may not import \`${to}\``;
    return target === `${to}/index.ts` ? undefined : `enter \`${to}\` through its index.ts`;
  }
  return isTest(file) ? undefined : neighbourProblem(file, target);
}

/** Boundaries inside a module. */
function neighbourProblem(file: string, target: string): string | undefined {
  if (file.startsWith(REFERENCE) && !target.startsWith(REFERENCE) && !REFERENCE_TAKES.has(target))
    return `\`policy/reference\` takes from \`policy\` its vocabulary only, not \`${target}\``;
  for (const folder of STRANGERS) {
    if (!file.startsWith(folder) || !target.startsWith(folder)) continue;
    const [mine, other] = [file, target].map((path) => path.slice(folder.length).split("/")[0]);
    if (mine !== other) return `\`${folder}${mine}\` may not know \`${folder}${other}\``;
  }
  return undefined;
}

function packageProblem(file: string, specifier: string): string | undefined {
  if (isTest(file)) return undefined;
  const from = moduleOf(file);
  if (specifier.startsWith("node:")) {
    if (!ENGINES.has(from) || NODE_MODULES_OF_ENGINES.has(specifier)) return undefined;
    return `an engine does not use \`${specifier}\`: take what it gives as an argument`;
  }
  if (MAY_USE_PACKAGE[from]?.includes(specifier) === true) return undefined;
  return `\`${from}\` may not use the package \`${specifier}\``;
}

function globalProblems(file: string, { names }: FileUse): readonly string[] {
  if (isTest(file) || !ENGINES.has(moduleOf(file))) return [];
  return [...names]
    .filter((name) => GLOBALS_NOT_IN_ENGINES.has(name))
    .map(
      (name) => `${file}: an engine does not use \`${name}\`: take what it gives as an argument`,
    );
}

function orphanProblems(file: string, imported: ReadonlySet<string>): readonly string[] {
  if (isTest(file) || ENTRIES.has(file) || imported.has(file)) return [];
  return [`${file}: no source file imports it: delete it`];
}

test("every source file keeps to the import table", () => {
  assert.deepEqual(problemsIn("src"), []);
});

test("every source file was read", () => {
  const list = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "src"];
  const tracked = execFileSync("git", list, { encoding: "utf8" })
    .split("\n")
    .filter((file) => file !== "" && existsSync(file))
    .map((file) => file.slice("src/".length));
  const data = /(?:^|\/)(?:fixtures|testdata)\/|\/examples\.yaml$/u;
  assert.deepEqual(
    sourcesIn("src").filter((file) => !data.test(file)),
    tracked.filter((file) => !data.test(file)).toSorted(),
  );
  assert.ok(tracked.length >= 20, `${tracked.length} source files`);
});

test("the folders of src are the modules of the table", () => {
  const folders = [...new Set(sourcesIn("src").map(moduleOf))];
  assert.deepEqual(folders, Object.keys(MAY_IMPORT).toSorted());
});

/** Violations, one a line: the file, what is written to it, and a part of the complaint. */
const PLANTED = `
base/p.ts | import { matchesSelector } from "../model/index.ts" | \`base\` may not import \`model\`
base/p.ts | import type { Labels } from "../model/index.ts" | \`base\` may not import \`model\`
base/p.ts | import { type Labels } from "../model/index.ts" | \`base\` may not import \`model\`
base/p.ts | export type { Labels } from "../model/index.ts" | \`base\` may not import \`model\`
base/p.ts | export * from "../model/index.ts" | \`base\` may not import \`model\`
base/p.ts | export type L = import("../model/index.ts").Labels | \`base\` may not import \`model\`
base/p.ts | export const l = () => import("../model/index.ts") | \`base\` may not import \`model\`
base/p.ts | new Worker(new URL("../model/index.ts", import.meta.url)) | \`base\` may not import \`model\`
base/p.ts | import model = require("../model/index.ts") | \`base\` may not import \`model\`
base/p.ts | export const l = (name: string) => import(name) | not a literal
base/p.ts | export const l = (name: string) => import(\`./\${name}.ts\`) | not a literal
model/p.ts | import { assert } from "../base/assert.ts" | enter \`base\` through its index.ts
policy/p.ts | import { readCluster } from "../files/index.ts" | \`policy\` may not import \`files\`
analysis/p.ts | import "../app/index.ts" | \`analysis\` may not import \`app\`
app/p.ts | import { readCluster } from "../files/index.ts" | \`app\` may not import \`files\`
files/p.ts | import "../policy/index.ts" | \`files\` may not import \`policy\`
report/p.ts | import "../cli/main.ts" | \`report\` may not import \`cli\`
stray/p.ts | import { assert } from "../base/index.ts" | module \`stray\` is not in the table
model/p.ts | import { readFileSync } from "node:fs" | does not use \`node:fs\`
app/p.ts | export const load = () => import("node:fs") | does not use \`node:fs\`
policy/p.ts | export const now = () => Date.now() | does not use \`Date\`
policy/p.ts | export type When = Date | does not use \`Date\`
analysis/p.ts | export const get = () => fetch("x") | does not use \`fetch\`
app/p.ts | export const all = { process } | does not use \`process\`
base/p.ts | setTimeout(() => undefined, 1) | does not use \`setTimeout\`
base/p.ts | globalThis["Date"].now() | does not use \`globalThis\`
model/p.ts | console.log(1) | does not use \`console\`
model/p.ts | import { load } from "js-yaml" | \`model\` may not use the package \`js-yaml\`
policy/p.ts | import type { GenericSchema } from "valibot" | \`policy\` may not use the package \`valibot\`
cli/p.ts | import "../policy/p.test.ts" | production code imports no test
cli/p.ts | import "../../test/file-uses.ts" | outside of src
policy/p.ts | import { evaluateReference } from "./reference/index.ts" | only tests ask \`policy/reference\`
cli/p.ts | import "../policy/reference/index.ts" | only tests ask \`policy/reference\`
policy/reference/p.ts | import { compilePolicies } from "../compile.ts" | takes from \`policy\` its vocabulary only
policy/reference/p.ts | import "../index.ts" | takes from \`policy\` its vocabulary only
policy/dialect/p.ts | import "./network-policy.ts" | \`policy/dialect/p.ts\` may not know
policy/dialect/p/index.ts | import "../network-policy.ts" | \`policy/dialect/p\` may not know
policy/p.ts | export const nobody = 1 | no source file imports it
`
  .trim()
  .split("\n")
  .map((line) => line.split(" | "));

let copy: string | undefined;
/** One copy of the sources for all planted files; each is taken away again. */
function copyOfSources(): string {
  if (copy === undefined) {
    copy = mkdtempSync(join(tmpdir(), "ringfence-imports-"));
    cpSync("src", copy, { recursive: true });
  }
  return copy;
}
after(() => copy !== undefined && rmSync(copy, { recursive: true }));

for (const [file = "", code = "", complaint = ""] of PLANTED) {
  test(`a planted violation is seen: ${file} ${code}`, () => {
    const path = join(copyOfSources(), file);
    const made = mkdirSync(dirname(path), { recursive: true });
    try {
      writeFileSync(path, `${code};\n`);
      const seen = problemsIn(copyOfSources()).filter((problem) => problem.startsWith(`${file}: `));
      const orphan = `${file}: no source file imports it: delete it`;
      assert.ok(seen.includes(orphan), "a planted file has no importer");
      const others = orphan.includes(complaint) ? seen : seen.filter((each) => each !== orphan);
      assert.equal(others.length, 1, others.join("\n"));
      assert.ok(others[0]?.includes(complaint), others[0]);
    } finally {
      rmSync(made ?? path, { recursive: true });
    }
  });
}

test("what is allowed is not complained about", () => {
  const path = join(copyOfSources(), "policy/p.test.ts");
  writeFileSync(
    path,
    `import "./reference/index.ts";\nimport "node:fs";\nconsole.log(Date.now());\n`,
  );
  const own = join(copyOfSources(), "policy/reference/p.ts");
  mkdirSync(dirname(own), { recursive: true });
  writeFileSync(
    own,
    `import "../traffic.ts";\nexport const f = (x: P) => ({ process: x.Date });\n`,
  );
  const seen = problemsIn(copyOfSources()).filter((problem) =>
    /\/p(?:\.test)?\.ts: /u.test(problem),
  );
  assert.deepEqual(seen, ["policy/reference/p.ts: no source file imports it: delete it"]);
  rmSync(path);
  rmSync(own);
});
