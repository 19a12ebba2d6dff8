// node tools/create-check.ts ID: makes the folder of a new check, with texts to fill in. The catalogue's test fails until they are.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";

const EXAMPLES = `- name: TODO
  expect: fail
  findings: [TODO]
  manifest: |
    TODO
- name: TODO with a difference
  expect: pass
  manifest: |
    TODO
`;

const [id] = process.argv.slice(2);
if (id === undefined || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/u.test(id)) {
  console.error(
    "give the new check an id of words: npm run create-check -- policy-selects-nothing",
  );
  process.exitCode = 2;
} else {
  create(id);
}

function create(name: string): void {
  const folder = new URL(`../src/control/catalog/${name}/`, import.meta.url);
  if (existsSync(folder)) {
    console.error(`src/control/catalog/${name} exists already: choose another id`);
    process.exitCode = 2;
    return;
  }
  mkdirSync(folder);
  writeFileSync(new URL("index.ts", folder), sourceOf(name));
  writeFileSync(new URL("examples.yaml", folder), EXAMPLES);
  console.log(`src/control/catalog/${name}: fill in every TODO, then \`npm run generate\``);
}

function sourceOf(name: string): string {
  return `import type { Control } from "../../control.ts";

/** TODO: what it finds. */
export const control: Control = {
  id: "${name}",
  family: "policy",
  title: "TODO",
  severity: "medium",
  rationale: "TODO",
  remediation: "TODO",
  references: [],
  check: () => [],
};
`;
}
