import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";

import { runProgram, runRingfence } from "./run-ringfence.ts";

const PROGRAM = `"${process.execPath}" "${resolve("src/cli/main.ts")}"`;

test("every way to ask for help and version", async () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as {
    readonly version: string;
  };
  const [help, short, word, none, ...versions] = await Promise.all(
    ["--help", "-h", "help", undefined, "--version", "-v", "version"].map((argument) =>
      runRingfence(argument === undefined ? [] : [argument]),
    ),
  );
  for (const run of [short, word]) assert.deepEqual(run, help);
  assert.deepEqual(none, { ...help, exit: 2 });
  assert.equal(help!.exit, 0);
  for (const run of versions) {
    assert.deepEqual(run, { stdout: `ringfence ${version}\n`, stderr: "", exit: 0 });
  }
});

test("who reads only the beginning of an output gets no error", async () => {
  const command = `${PROGRAM} reach -o csv examples/payments | head -n 1; echo "exits: \${PIPESTATUS[0]}"`;
  const { stdout, stderr } = await runProgram("bash", ["-c", command], {});
  const [header, exits] = stdout.trimEnd().split("\n");
  assert.equal(header, "from,to,ports,family,verdict,conditions,reasons");
  assert.equal(exits, "exits: 0");
  assert.equal(stderr, "");
});

test("an output that cannot be written is a fault, not a success", async () => {
  const command = `${PROGRAM} reach -o json examples/payments > /dev/full`;
  const { stderr, exit } = await runProgram("bash", ["-c", command], {});
  assert.equal(exit, 4);
  assert.match(stderr, /^ringfence: the output cannot be written: .*\n$/u);
});

test("colours are for terminals and for who asks", async () => {
  const argvs = [[], ["--color", "never"], ["--color", "always"]];
  const [auto, never, always] = await Promise.all(
    argvs.map((flags) => runRingfence(["scan", "examples/payments", ...flags])),
  );
  assert.ok(!auto!.stdout.includes("\u001B["));
  assert.deepEqual(never, auto);
  assert.ok(always!.stdout.includes("\u001B[31m"));
  assert.equal(stripVTControlCharacters(always!.stdout), auto!.stdout);
});
