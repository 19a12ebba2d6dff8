// No text of an object gets out of its place in any format, and no format grows past what its readers take.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";

import { load } from "js-yaml";

import type { ScanResult } from "../../src/app/index.ts";
import {
  FINDING_FORMATS,
  type FindingContext,
  type ReportedFinding,
  writeScanText,
  writeScanYaml,
} from "../../src/report/index.ts";
import { parseCsv } from "./csv.ts";
import { schemaProblems } from "./json-schema.ts";
import { SHARED, needs } from "./shared-data.ts";
import { PLAIN, written } from "./written.ts";
import { xmlSchemaProblems } from "./xml-schema.ts";
import { parseXml } from "./xml.ts";

const HOSTILE: readonly string[] = [
  `a "quoted", comma`,
  "two\nlines\r\nand\ttabs",
  "<script>alert(1)</script><!--",
  "]]></failure><![CDATA[",
  "bell\u0007 escape\u001B[31m null\u0000 delete\u007F c1\u009B",
  "emoji 🦝 combining e\u0301 right\u202Eleft \u2028 \uFFFE lone \uD800",
  "%0A::error file=a::b",
  "\n::error file=a,line=1::forged",
  "##[error]forged",
  "=HYPERLINK(1)",
  "-1+1",
  "@everyone ![x](https://evil.example/a.png) www.evil.example",
  "| a | b |\n| --- | --- |\n# head",
  "`` code ` in ``` code",
  "[link](1) {{ x }} ${{ y }} $(z)",
  "</details></summary><b>",
  "../../etc/passwd",
  "&amp; &lt; 'single' \\ back",
  "yes",
  "- x: {a: [b",
  "",
  " ",
  "x".repeat(5000),
];

const CONTROL = {
  id: "hostile-check",
  title: "No name is hostile",
  severity: "high",
  rationale: "Names are chosen by whoever writes the manifests.",
  remediation: "Escape them.",
  references: ["NP-1", "https://example.com/a"],
} as const;

const CONTEXT: FindingContext = {
  command: "lint",
  version: "0.0.0",
  controls: [CONTROL, { ...CONTROL, id: "passing-check", title: "Something else holds" }],
  incomplete: true,
  diagnostics: HOSTILE.map((text) => ({
    severity: "error",
    file: text,
    line: 0,
    text,
    decides: true,
  })),
  pathOf: (file) => file,
};

const findingOf = (text: string, index = 0): ReportedFinding => ({
  id: CONTROL.id,
  severity: CONTROL.severity,
  subject: text,
  namespace: undefined,
  text,
  fix: text,
  fingerprint: `${CONTROL.id}:${text}`,
  refs: [
    { policy: text, rule: text, file: text, line: index },
    { policy: text, rule: text, file: `/${text}`, line: 2 },
  ],
  ...(index % 2 === 1 ? { waived: { reason: text, approver: text, expires: "2027-01-31" } } : {}),
});
const FINDINGS = HOSTILE.map(findingOf);

async function outputOf(
  format: string,
  findings: readonly ReportedFinding[] = FINDINGS,
): Promise<string> {
  return await written((write) => FINDING_FORMATS[format]!(findings, CONTEXT, write));
}

const SARIF = "data/schemas/sarif-schema-2.1.0.json";
const JUNIT = "data/schemas/JUnit.xsd";

interface Sarif {
  readonly runs: readonly {
    readonly results: readonly {
      readonly message: { readonly text: string };
      readonly partialFingerprints: Readonly<Record<string, string>>;
      readonly suppressions: readonly unknown[];
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: { readonly startLine: number };
        };
      }[];
      readonly relatedLocations: readonly unknown[];
    }[];
    readonly invocations: readonly {
      readonly toolExecutionNotifications: readonly {
        readonly message: { readonly text: string };
      }[];
    }[];
  }[];
}

describe("hostile texts", () => {
  test("sarif: fingerprints are kept, paths stay inside, no text is a link", async () => {
    const [run] = (JSON.parse(await outputOf("sarif")) as Sarif).runs;
    assert.equal(run!.results.length, HOSTILE.length);
    for (const [index, result] of run!.results.entries()) {
      const { fingerprint } = FINDINGS[index]!;
      assert.equal(result.partialFingerprints["ringfence/v1"], fingerprint);
      const { artifactLocation, region } = result.locations[0]!.physicalLocation;
      assert.match(artifactLocation.uri, /^(?!\/|[^/]*:)[\w.~!*'()%/-]+$/u);
      assert.doesNotMatch(artifactLocation.uri, /(?:^|\/)\.\.(?:\/|$)/u);
      assert.ok(region.startLine >= 1);
      assert.equal(result.suppressions.length, index % 2);
      const links = [...result.message.text.matchAll(/\]\(([^)]*)\)/gu)].map(([, to]) => to);
      assert.deepEqual(links, ["1"], result.message.text.slice(0, 200));
    }
  });

  test("sarif: the schema is kept", needs(SARIF), async () => {
    const schema = JSON.parse(readFileSync(join(SHARED, SARIF), "utf8")) as Record<string, unknown>;
    assert.deepEqual(schemaProblems(schema, JSON.parse(await outputOf("sarif"))), []);
  });

  test("junit: well-formed, a case for each, waived ones skipped, the passing check passed", async () => {
    const document = parseXml(await outputOf("junit"));
    const [input, hostile, passing] = document.children;
    const casesOf = (suite: typeof input) =>
      suite!.children.filter(({ name }) => name === "testcase");
    const skipped = String(Math.floor(HOSTILE.length / 2));
    assert.equal(input!.attributes["errors"], String(HOSTILE.length));
    assert.equal(casesOf(hostile).length, HOSTILE.length);
    assert.equal(hostile!.attributes["skipped"], skipped);
    assert.deepEqual(
      casesOf(passing).map(({ attributes, children }) => [attributes["name"], children.length]),
      [["Something else holds", 0]],
    );
    for (const [index, each] of casesOf(hostile).entries()) {
      const clean = HOSTILE[index]!.toWellFormed().replaceAll(
        // oxlint-disable-next-line no-control-regex
        /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE]/gu,
        "\uFFFD",
      );
      assert.equal(each.attributes["name"], clean);
    }
  });

  test("junit: the schema is kept", needs(JUNIT), async () => {
    const schema = parseXml(readFileSync(join(SHARED, JUNIT), "utf8"));
    assert.deepEqual(xmlSchemaProblems(schema, parseXml(await outputOf("junit"))), []);
  });

  test("gitlab: no fingerprint twice, lines from 1, no path that leads away, waived ones left out", async () => {
    const twice = [...FINDINGS, ...FINDINGS];
    const issues = JSON.parse(await outputOf("gitlab", twice)) as {
      readonly fingerprint: string;
      readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
    }[];
    assert.equal(issues.length, 2 * Math.ceil(HOSTILE.length / 2));
    assert.equal(new Set(issues.map(({ fingerprint }) => fingerprint)).size, issues.length);
    for (const { fingerprint, location } of issues) {
      assert.match(fingerprint, /^[0-9a-f]{64}$/u);
      assert.ok(location.lines.begin >= 1);
      assert.doesNotMatch(location.path, /^\/|(?:^|\/)\.\.(?:\/|$)/u);
    }
  });

  test("csv: every text is in its field, and none is a formula", async () => {
    const [head, ...rows] = parseCsv(await outputOf("csv"));
    assert.equal(rows.length, HOSTILE.length);
    for (const [index, row] of rows.entries()) {
      assert.equal(row.length, head!.length);
      assert.doesNotMatch(row.join("\n"), /^[=+\-@\t\r]/u);
      assert.equal(row[2]!.replace(/^'(?=[=+\-@\t\r])/u, ""), HOSTILE[index]);
    }
  });

  test("md: a row stays a row of four cells, and nothing is HTML, a mention or a link", async () => {
    const output = await outputOf("md");
    const rows = output.split("\n").filter((line) => line.startsWith("|"));
    assert.equal(rows.length, 2 + HOSTILE.length);
    for (const row of rows) {
      assert.equal(row.replaceAll(String.raw`\|`, "").split("|").length, 6, row.slice(0, 200));
      const prose = row.replaceAll(/(?<!`)(`+)(?!`)(?:.*?[^`])??\1(?!`)/gu, "");
      assert.doesNotMatch(prose, /<\w|@\w|https?:\/\/|(?<!\\)[[\]]/u, row.slice(0, 200));
    }
    const tags = [...output.matchAll(/^<\/?(?:details|summary)[^>]*>/gmu)].map(([tag]) => tag);
    assert.deepEqual(tags, ["<details open>", "</details>"]);
    assert.doesNotMatch(output, /[\p{Cc}--\n]/v);
  });

  test("text: no control characters, no commands of a job, lines as wide as their longest word", async () => {
    const output = await written((write) =>
      writeScanText(scanWith(FINDINGS), { controls: [CONTROL], style: PLAIN, width: 80 }, write),
    );
    assert.doesNotMatch(output, /[[\p{Cc}\u202E\u2028]--\n]/v);
    for (const line of output.split("\n")) {
      assert.doesNotMatch(line.trim(), /^::[a-z]+.*::|##\[/u);
      assert.ok(line.length <= 90 || line.includes("x".repeat(5000)), line);
    }
  });

  test("yaml: it reads as what it was", async () => {
    const output = await written(async (write) => writeScanYaml(scanWith(FINDINGS), write));
    const { findings } = load(output) as { readonly findings: readonly { subject: string }[] };
    assert.deepEqual(
      findings.map(({ subject }) => subject),
      HOSTILE,
    );
  });
});

function scanWith(findings: readonly ReportedFinding[]): ScanResult {
  const none = { ingress: { isolated: 0, of: 0 }, egress: { isolated: 0, of: 0 } };
  const scopes = { outside: 0, cluster: 0, namespace: 0, selected: 0 };
  return {
    profile: "kubernetes",
    profileWhy: "it was asked for",
    incomplete: true,
    findings,
    controls: [{ ...CONTROL, family: "policy", check: () => [] }],
    waived: [],
    baselined: [],
    gone: [],
    expired: [],
    unused: [],
    refused: [],
    diagnostics: CONTEXT.diagnostics,
    counts: { namespaces: 0, workloads: 0, pods: 0, services: 0, policies: {} },
    isolation: none,
    coverage: HOSTILE.map((namespace) => ({
      namespace,
      workloads: 1,
      ingress: false,
      egress: false,
    })),
    exposure: { ingress: scopes, egress: scopes, namespaces: [] },
    openness: { toAnyAddress: HOSTILE, fromAnyAddress: HOSTILE },
  };
}

describe("30,000 findings", () => {
  const many = Array.from({ length: 30_000 }, (_, index) => {
    const name = `networking.k8s.io/NetworkPolicy/namespace-${index % 97}/policy-${index}`;
    const finding = findingOf(name, 2 * index);
    return { ...finding, refs: finding.refs.slice(0, 1) };
  });

  test("sarif: 25,000 results, packed under 10 MB, and it says what is left out", async () => {
    const output = await outputOf("sarif", many);
    assert.ok(gzipSync(output).length < 10_000_000);
    const [run] = (JSON.parse(output) as Sarif).runs;
    assert.equal(run!.results.length, 25_000);
    const [first] = run!.invocations[0]!.toolExecutionNotifications;
    assert.match(first!.message.text, /^5000 findings are left out/u);
  });

  test("sarif: a finding with very many places keeps to the locations that are taken", async () => {
    const first = many[0]!;
    const refs = Array.from({ length: 3000 }, () => first.refs[0]!);
    const [run] = (JSON.parse(await outputOf("sarif", [{ ...first, refs }])) as Sarif).runs;
    assert.equal(run!.results[0]!.relatedLocations.length, 100);
  });

  test("md: fits into a comment, and says what is left out", async () => {
    const checks = Array.from({ length: 60 }, (_, check) =>
      many.slice(0, 500).map((finding) => ({ ...finding, id: `check-${check}` })),
    );
    const output = await outputOf("md", checks.flat());
    assert.ok(output.length < 60_000, `${output.length} characters`);
    assert.match(output, /450 more: see `-o json`/u);
    assert.match(output, /\d+ findings more: see `-o json`/u);
  });

  test("text: fits on a few screens", async () => {
    const output = await written((write) =>
      writeScanText(scanWith(many), { controls: [CONTROL], style: PLAIN, width: 100 }, write),
    );
    assert.ok(output.split("\n").length < 150);
    assert.match(output, /and 29992 more: see -o json/u);
  });

  test("junit, gitlab and csv have every one", async () => {
    const junit = parseXml(await outputOf("junit", many));
    assert.equal(junit.children[1]!.attributes["failures"], "30000");
    assert.equal((JSON.parse(await outputOf("gitlab", many)) as unknown[]).length, 30_000);
    assert.equal(parseCsv(await outputOf("csv", many)).length, 30_001);
  });
});
