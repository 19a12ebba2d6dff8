import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";

import { runProgram } from "./run-ringfence.ts";

interface Manifest {
  readonly version: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** Errors of npm that mean that no registry could be asked, and nothing else. */
const NO_REGISTRY = /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/u;

/** Without these npm waits for minutes where there is no network. */
const ONE_TRY = ["--fetch-retries=1", "--fetch-retry-mintimeout=500", "--fetch-timeout=10000"];

/** The project's own Node comes first, as on the machine of a user whose Node is new enough; what the npm around this test has set is left out. */
const env = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith("npm_")),
  ),
  PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
};
const root = manifestOf(".");
let packed = "";
let folder = "";
before(async () => {
  // What `npm run pack` runs once the dependencies are there.
  assert.match(root.scripts?.["pack"] ?? "", / node tools\/pack\.ts$/u);
  const { stdout, stderr, exit } = await runProgram(process.execPath, ["tools/pack.ts"], { env });
  assert.equal(exit, 0, stderr);
  packed = stdout.trimEnd().split("\n").at(-1) ?? "";
  folder = mkdtempSync(join(tmpdir(), "ringfence-install-"));
});
after(() => rmSync(folder, { recursive: true }));

test("pack writes the package, and its path is the last line", () => {
  assert.ok(packed.endsWith(`ringfence-${root.version}.tgz`), packed);
  assert.ok(existsSync(packed));
});

test("its manifest has what running it needs, and nothing more", () => {
  const published = manifestOf("build/package");
  assert.deepEqual(Object.keys(published).toSorted(), [
    "bin",
    "dependencies",
    "description",
    "engines",
    "files",
    "license",
    "name",
    "type",
    "version",
  ]);
  assert.deepEqual(published.dependencies, root.dependencies);
  assert.deepEqual(published.engines, { node: ">=24" });
  assert.equal(published.version, root.version);
});

test("it holds the program, and neither tests nor the specification", async () => {
  const { stdout, exit } = await runProgram("tar", ["-tzf", packed], {});
  assert.equal(exit, 0);
  const files = stdout.trimEnd().split("\n");
  const strange = files.filter(
    (file) =>
      !/^package\/(?:package\.json|ringfence\.schema\.json|README\.md|LICENSE|bin\/ringfence\.mjs|ci\/(?:run|github)\.mjs|dist\/[\w-]+\.js(?:\.map)?)$/u.test(
        file,
      ),
  );
  assert.deepEqual(strange, []);
  for (const file of ["bin/ringfence.mjs", "dist/main.js", "LICENSE", "README.md"]) {
    assert.ok(files.includes(`package/${file}`), file);
  }
  for (const file of readdirSync("build/package/dist").filter((name) => name.endsWith(".js"))) {
    const text = readFileSync(join("build/package/dist", file), "utf8");
    assert.ok(!text.includes("evaluateReference"), file);
  }
});

test("installed in an empty folder, npx runs it", async (t) => {
  writeFileSync(join(folder, "package.json"), "{}\n");
  const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error", ...ONE_TRY];
  const installed = await runProgram("npm", ["install", ...flags, packed], { cwd: folder, env });
  if (installed.exit !== 0 && NO_REGISTRY.test(installed.stderr)) {
    t.skip(`no package registry can be reached: ${installed.stderr.trim().split("\n")[0]}`);
    return;
  }
  assert.equal(installed.exit, 0, installed.stderr);
  const inside = readdirSync(join(folder, "node_modules"));
  for (const name of Object.keys(root.dependencies)) assert.ok(inside.includes(name), name);
  for (const name of Object.keys(root.devDependencies ?? {}))
    assert.ok(!inside.includes(name), name);
  const [scan, version, wrong] = await Promise.all([
    runProgram("npx", ["ringfence", "scan", resolve("examples/payments")], { cwd: folder, env }),
    runProgram("npx", ["ringfence", "--version"], { cwd: folder, env }),
    runProgram("npx", ["ringfence", "scan", "nowhere"], { cwd: folder, env }),
  ]);
  assert.match(scan.stdout, /^isolated by a policy +20 of 23 +15 of 23 {2}workloads$/mu);
  assert.equal(scan.exit, 0, scan.stderr);
  assert.deepEqual([version.stdout, version.exit], [`ringfence ${root.version}\n`, 0]);
  assert.deepEqual([wrong.stdout, wrong.exit], ["", 2]);
});

test("an older Node gets one clear line and exit 2", async (t) => {
  for (const place of (process.env["PATH"] ?? "").split(delimiter)) {
    const node = join(place, "node");
    if (place.includes("node_modules") || !existsSync(node)) continue;
    const { stdout } = await runProgram(node, ["--version"], {});
    if (Number(/^v(\d+)/u.exec(stdout)?.[1]) >= 24) continue;
    const run = await runProgram(node, ["tools/bin.mjs", "scan", "examples/payments"], {});
    const said = `ringfence needs Node 24 or newer; this is Node ${stdout.trim().slice(1)}\n`;
    assert.deepEqual(run, { stdout: "", stderr: said, exit: 2 });
    return;
  }
  t.skip("no Node older than 24 is in PATH");
});
