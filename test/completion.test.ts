import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";

import { runProgram, runRingfence } from "./run-ringfence.ts";

const BASH = "/bin/bash";
const skip = existsSync(BASH) ? false : "there is no bash on this machine";

/** What is offered behind a command line whose last word is being typed. */
const LINES: readonly (readonly [line: string, offered: string])[] = [
  ["ringfence s", "scan snapshot"],
  ["ringfence --v", "--version"],
  ["ringfence scan -o ", "text json yaml md csv sarif junit gitlab"],
  ["ringfence reach x --output c", "csv"],
  ["ringfence explain x -o n", "ndjson"],
  ["ringfence explain x --family ", "4 6"],
  ["ringfence reach x --p", "--port --pairs --profile --pod-cidr"],
  ["ringfence snapshot x --pa", ""],
  ["ringfence pro", "profiles"],
  ["ringfence profiles x --fail-on ", "any"],
  ["ringfence completion ", "bash zsh fish"],
  ["ringfence scan tsc", "tsconfig.json"],
];

test("bash offers what the command line takes", { skip }, async () => {
  const { stdout: script } = await runRingfence(["completion", "bash"]);
  const asked = LINES.map(([line]) => {
    const words = line.split(" ").map((word) => `'${word}'`);
    return `COMP_WORDS=(${words.join(" ")}); COMP_CWORD=${words.length - 1}; COMPREPLY=(); _ringfence; echo "\${COMPREPLY[@]}"`;
  });
  const run = await runProgram(BASH, ["--norc"], {
    stdin: [script, ...asked, ""].join("\n"),
  });
  assert.deepEqual([run.stderr, run.exit], ["", 0]);
  const offered = run.stdout.split("\n").slice(0, -1);
  assert.deepEqual(
    offered.map((words, index) => [LINES[index]![0], words]),
    LINES,
  );
});
