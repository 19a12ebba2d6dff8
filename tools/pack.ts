import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { build } from "esbuild";

type Manifest = {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
};

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
rmSync("build", { recursive: true, force: true });
mkdirSync("build/package/bin", { recursive: true });
await build({
  entryPoints: ["src/cli/main.ts"],
  outdir: "build/package/dist",
  bundle: true,
  splitting: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node24",
  sourcemap: "linked",
  sourcesContent: false,
  logLevel: "warning",
});
cpSync("tools/bin.mjs", "build/package/bin/ringfence.mjs");
for (const file of ["run.mjs", "github.mjs"]) {
  cpSync(`deploy/ci/${file}`, `build/package/ci/${file}`);
}
cpSync("docs/ringfence.schema.json", "build/package/ringfence.schema.json");
for (const file of ["README.md", "LICENSE"]) cpSync(file, `build/package/${file}`);
const published = {
  name: "ringfence",
  version: manifest.version,
  description: "Proves, keeps and records the segmentation of Kubernetes networks",
  license: "Apache-2.0",
  type: "module",
  bin: { ringfence: "bin/ringfence.mjs", "ringfence-ci": "ci/run.mjs" },
  files: ["bin", "ci", "dist", "ringfence.schema.json"],
  engines: { node: ">=24" },
  dependencies: manifest.dependencies,
};
writeFileSync("build/package/package.json", `${JSON.stringify(published, null, 2)}\n`);
const output = execFileSync(
  "npm",
  ["pack", "./build/package", "--pack-destination", "build", "--json", "--loglevel=error"],
  { encoding: "utf8" },
);
const [packed] = JSON.parse(output) as { readonly filename: string }[];
if (packed === undefined) throw new Error("npm pack named no file");
console.log(resolve("build", packed.filename));
