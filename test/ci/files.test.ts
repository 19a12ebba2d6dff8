// The files that CI systems read: they fit the script that they run, and no input gets into a shell.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { load } from "js-yaml";

const script = readFileSync("deploy/ci/run.mjs", "utf8");
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly version: string;
};

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly {
      readonly run?: string;
      readonly id?: string;
      readonly env?: Readonly<Record<string, string>>;
    }[];
  };
}

test("the action gives every input to the script by the environment, and to no shell", () => {
  const action = load(readFileSync("deploy/ci/action.yml", "utf8")) as Action;
  const { steps } = action.runs;
  for (const { run = "" } of steps) assert.doesNotMatch(run, /\$\{\{/u);
  const { env = {} } = steps.find(({ id }) => id === "run")!;
  for (const name of Object.keys(action.inputs)) {
    const value = `\${{ inputs.${name} }}`;
    const [variable = ""] = Object.entries(env).find(([, each]) => each === value) ?? [];
    const read = variable.replace(/^INPUT_/u, "");
    assert.ok(script.includes(`"${read}"`), `${name} is read by the script as ${variable}`);
  }
});

test("every output of the action is one that the script writes", () => {
  const action = load(readFileSync("deploy/ci/action.yml", "utf8")) as Action;
  const written = /writeOutputs\(env\["GITHUB_OUTPUT"\], \{([^]*?)\}\);/u.exec(script)?.[1] ?? "";
  const names = [...written.matchAll(/^\s+(\w+)[:,]/gmu)].map(([, name]) => name);
  assert.deepEqual(new Set(Object.keys(action.outputs)), new Set(names));
  for (const [name, { value }] of Object.entries(action.outputs)) {
    assert.equal(value, `\${{ steps.run.outputs.${name} }}`);
  }
});

test("the job of GitLab gives what the script reads, and takes what it writes", () => {
  const jobs = load(readFileSync("deploy/ci/gitlab.yml", "utf8")) as {
    readonly ".ringfence": {
      readonly variables: Readonly<Record<string, string>>;
      readonly artifacts: {
        readonly paths: readonly string[];
        readonly reports: Readonly<Record<string, string>>;
      };
    };
  };
  const { variables, artifacts } = jobs[".ringfence"];
  for (const name of Object.keys(variables).filter((each) => each.startsWith("INPUT_"))) {
    assert.ok(script.includes(`"${name.slice("INPUT_".length)}"`), name);
  }
  assert.equal(variables["RINGFENCE_VERSION"], version);
  for (const path of [...artifacts.paths, ...Object.values(artifacts.reports)]) {
    assert.ok(script.includes(`"${path.replace("ringfence-reports/", "")}"`), path);
  }
});

test("the hooks of pre-commit install this version, and see whole folders", () => {
  const hooks = load(readFileSync(".pre-commit-hooks.yaml", "utf8")) as readonly Readonly<
    Record<string, unknown>
  >[];
  assert.deepEqual(
    hooks.map(({ id }) => id),
    ["ringfence-lint", "ringfence-test"],
  );
  for (const hook of hooks) {
    assert.deepEqual(hook["additional_dependencies"], [`ringfence@${version}`]);
    assert.equal(hook["language"], "node");
    assert.equal(hook["pass_filenames"], false);
    assert.equal(hook["require_serial"], true);
  }
});
