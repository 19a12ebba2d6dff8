// What `lint`, `test`, `init` and `profiles --compare` print, on the example and on clusters of others, as files that were read line by line.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { runRingfence } from "../run-ringfence.ts";
import { SHARED, needs } from "./shared-data.ts";
import { xmlSchemaProblems } from "./xml-schema.ts";
import { parseXml } from "./xml.ts";

const CLUSTERS = ["bank-of-anthos", "microservices-demo", "sock-shop"];
const INPUTS = [
  { name: "payments", path: "examples/payments", options: {} },
  ...CLUSTERS.map((name) => {
    const path = join("data/clusters", name);
    return { name, path: join(SHARED, path), options: needs(path) };
  }),
];

/** Each command, its arguments besides the path, and the ending of its files. */
const COMMANDS: readonly (readonly [string, readonly string[], string])[] = [
  ["lint", [], "txt"],
  ["test", [], "txt"],
  ["test", ["-o", "junit"], "junit.xml"],
  ["init", ["--out", "-"], "yaml"],
  ["profiles", ["--compare", "kubernetes,kube-network-policies"], "txt"],
];

for (const { name, path, options } of INPUTS) {
  for (const [command, more, ending] of COMMANDS) {
    const said = [command, ...more].join(" ");
    test(`${said} of ${name} is the golden file`, options, async (t) => {
      const { stdout, stderr, exit } = await runRingfence([command, path, ...more]);
      // wherever the data lie, they are named alike
      const shown = `${stdout}${stderr}exit ${exit}\n`.replaceAll(SHARED, "../shared");
      t.assert.fileSnapshot(shown, `test/golden/${command}/${name}.${ending}`, {
        serializers: [(value: unknown) => value as string],
      });
    });
  }
}

/** Two states of each input: without its policies, or a part of it, and all of it. */
const STATES: Readonly<Record<string, string>> = {
  payments: "shop/workloads.yaml",
  "bank-of-anthos": "frontend.yaml",
  "microservices-demo": "base",
  "sock-shop": "base",
};

for (const { name, path, options } of INPUTS) {
  for (const [format, ending] of [
    ["text", "txt"],
    ["md", "md"],
  ] as const) {
    test(`diff -o ${format} of a part of ${name} and all of it is the golden file`, options, async (t) => {
      const before = join(path, STATES[name]!);
      const { stdout, exit } = await runRingfence(["diff", before, path, "-o", format]);
      assert.equal(exit, 0);
      t.assert.fileSnapshot(
        stdout.replaceAll(SHARED, "../shared"),
        `test/golden/diff/${name}.${ending}`,
        { serializers: [(value: unknown) => value as string] },
      );
    });
  }
}

const WISHES = ["test", "examples/payments", "--intents", "examples/payments/wishes.yaml"];

test("what is not met is a failed case with its counterexamples", async (t) => {
  const { stdout, exit } = await runRingfence([...WISHES, "-o", "junit"]);
  assert.equal(exit, 1);
  t.assert.fileSnapshot(stdout, "test/golden/test/wishes.junit.xml", {
    serializers: [(value: unknown) => value as string],
  });
});

const JUNIT = "data/schemas/JUnit.xsd";
test("JUnit of a test keeps to the published schema", needs(JUNIT), () => {
  const schema = parseXml(readFileSync(join(SHARED, JUNIT), "utf8"));
  const text = readFileSync("test/golden/test/wishes.junit.xml", "utf8");
  assert.match(text, /<failure message="/u);
  assert.deepEqual(xmlSchemaProblems(schema, parseXml(text)), []);
});
