// What `scan` prints in every format, on the example and on clusters of others, as files that were read line by line.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { type ScanResult, openSession, scanCluster } from "../../src/app/index.ts";
import { CONTROLS } from "../../src/control/index.ts";
import { readCluster } from "../../src/files/index.ts";
import {
  FINDING_FORMATS,
  type FindingContext,
  type Write,
  writeScanMarkdown,
  writeScanText,
  writeScanYaml,
} from "../../src/report/index.ts";
import { schemaProblems } from "./json-schema.ts";
import { PLAIN, written } from "./written.ts";
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

/** The endings of the files by format. */
const ENDINGS: Readonly<Record<string, string>> = {
  text: "txt",
  yaml: "yaml",
  md: "md",
  csv: "csv",
  sarif: "sarif.json",
  junit: "junit.xml",
  gitlab: "gitlab.json",
};

async function scanOf(path: string): Promise<ScanResult> {
  const exclude = { folder: path, globs: ["wishes.yaml"] };
  const settings = { profile: undefined, podRanges: undefined, nodeRanges: undefined, exclude };
  const session = await openSession(readCluster, [path], settings);
  assert.ok(typeof session !== "string");
  // wherever the data lie, they are named alike
  return JSON.parse(
    JSON.stringify(scanCluster(session)).replaceAll(SHARED, "../shared"),
  ) as ScanResult;
}

const contextOf = ({ incomplete, diagnostics }: ScanResult): FindingContext => ({
  command: "scan",
  version: "0.0.0",
  controls: CONTROLS,
  incomplete,
  diagnostics,
  pathOf: (file) => file,
});

async function writeScan(result: ScanResult, format: string, write: Write): Promise<void> {
  const context = contextOf(result);
  switch (format) {
    case "text":
      writeScanText(result, { controls: CONTROLS, style: PLAIN, width: 100 }, write);
      break;
    case "yaml":
      await writeScanYaml(result, write);
      break;
    case "md":
      writeScanMarkdown(result, context, write);
      break;
    default:
      FINDING_FORMATS[format]!(result.findings, context, write);
  }
}

for (const { name, path, options } of INPUTS) {
  for (const [format, ending] of Object.entries(ENDINGS)) {
    test(`scan -o ${format} of ${name} is the golden file`, options, async (t) => {
      const output = await written(async (write) => writeScan(await scanOf(path), format, write));
      t.assert.fileSnapshot(output, `test/golden/scan/${name}.${ending}`, {
        serializers: [(value: unknown) => value as string],
      });
    });
  }
}

const SARIF = "data/schemas/sarif-schema-2.1.0.json";
test("SARIF golden files keep to the published schema", needs(SARIF), () => {
  const schema = JSON.parse(readFileSync(join(SHARED, SARIF), "utf8")) as Record<string, unknown>;
  for (const { name } of INPUTS) {
    const document = JSON.parse(readFileSync(`test/golden/scan/${name}.sarif.json`, "utf8")) as {
      readonly runs: readonly Record<string, unknown>[];
    };
    assert.deepEqual(schemaProblems(schema, document), [], name);
    const [{ tool, ...broken }] = document.runs as [Record<string, unknown>];
    assert.ok(tool !== undefined);
    const [problem] = schemaProblems(schema, { ...document, runs: [broken], more: 1 });
    assert.match(problem ?? "", /^\$/u, "a broken document is seen");
  }
});

const JUNIT = "data/schemas/JUnit.xsd";
test("JUnit golden files keep to the published schema", needs(JUNIT), () => {
  const schema = parseXml(readFileSync(join(SHARED, JUNIT), "utf8"));
  for (const { name } of INPUTS) {
    const text = readFileSync(`test/golden/scan/${name}.junit.xml`, "utf8");
    assert.deepEqual(xmlSchemaProblems(schema, parseXml(text)), [], name);
    for (const [from, to] of [
      ["<properties/>", ""],
      ["<system-err/>", "<system-in/>"],
      [' time="0"', ""],
      [' time="0"', ' time="soon"'],
      [' tests="', ' trials="'],
      ['timestamp="1970-01-01T00:00:00"', 'timestamp="today"'],
    ] as const) {
      const broken = xmlSchemaProblems(schema, parseXml(text.replace(from, to)));
      assert.ok(broken.length > 0, `${from} → ${to} is seen`);
    }
  }
});
