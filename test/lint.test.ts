// `ringfence lint` as it is run: exits, baseline, waivers, and fixes of files.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";

import { NODE_COMPILE_CACHE } from "./run-ringfence.ts";

const folder = mkdtempSync(join(tmpdir(), "ringfence-lint-"));
after(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

function ringfence(args: readonly string[], input = ""): Ran {
  const command = [resolve("src/cli/main.ts"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: folder,
    input,
    encoding: "utf8",
    env: { ...process.env, NODE_COMPILE_CACHE },
  });
  return { exit: status ?? -1, out: stdout, err: stderr };
}

const example = join(folder, "payments");
cpSync("examples/payments", example, { recursive: true });

const EXITS: readonly (readonly [readonly string[], number, RegExp])[] = [
  [["lint", "payments"], 0, /^Findings {2}\d+ high, /u],
  [["lint", "payments", "--fail-on", "high"], 1, /allows-any-address/u],
  [["lint", "payments", "--fail-on", "critical"], 0, /allows-any-address/u],
  [["lint", "payments", "--check", "dead-annotation"], 0, /^Findings {2}1 high\n/u],
  [["scan", "payments", "--fail-on", "high"], 1, /Findings/u],
  [["lint", "payments", "--check", "dead-anotation"], 2, /did you mean `dead-annotation`\?/u],
  [["lint", "payments", "--dry-run"], 2, /give both/u],
  [["lint", "payments", "--baseline", "none.json"], 2, /cannot be read/u],
  [["lint", "payments", "-n", "none"], 2, /no namespace `none`/u],
  [["lint"], 2, /no PATH is given/u],
];
for (const [args, exit, said] of EXITS) {
  test(`${args.join(" ")} exits ${exit}`, () => {
    const ran = ringfence(args);
    assert.equal(ran.exit, exit, ran.err);
    assert.match(exit === 2 ? ran.err : ran.out, said);
  });
}

test("a baseline that was written leaves nothing to fail on", () => {
  assert.equal(ringfence(["lint", "payments", "--write-baseline", "b.json"]).exit, 0);
  const ran = ringfence(["lint", "payments", "--baseline", "b.json", "--fail-on", "info"]);
  assert.deepEqual([ran.exit, ran.out.startsWith("Findings  none\n")], [0, true], ran.out);
  const text = readFileSync(join(folder, "b.json"), "utf8");
  writeFileSync(join(folder, "b.json"), text.replace("dead-annotation:", "gone-check:"));
  const other = ringfence(["lint", "payments", "--baseline", "b.json", "--fail-on", "high"]);
  assert.equal(other.exit, 1);
  assert.match(other.out, /not found any more\n {2}gone-check:Namespace\/data/u);
});

test("json has fingerprints, fixes and patches that git takes", () => {
  const { out } = ringfence(["lint", "payments", "-o", "json"]);
  const document = JSON.parse(out) as {
    readonly version: number;
    readonly findings: readonly {
      readonly id: string;
      readonly fingerprint: string;
      readonly fix: string;
      readonly patch?: string;
      readonly refs: readonly { readonly file: string; readonly line: number }[];
    }[];
  };
  assert.equal(document.version, 1);
  for (const { fingerprint, fix, refs } of document.findings) {
    assert.ok(fingerprint.includes(":") && fix !== "" && refs[0]!.line > 0, fingerprint);
  }
  const patches = document.findings.flatMap(({ patch }) => patch ?? []);
  assert.ok(patches.length > 0);
  for (const input of patches) {
    const { status, stderr } = spawnSync("git", ["apply", "--check", "-"], { cwd: folder, input });
    assert.equal(status, 0, stderr.toString());
  }
});

test("--fix changes the files, and then there is nothing left to fix", () => {
  const copy = join(folder, "fixed");
  cpSync(example, copy, { recursive: true });
  const before = readFileSync(join(copy, "namespaces.yaml"), "utf8");
  const shown = ringfence(["lint", "fixed", "--fix", "--dry-run"]);
  assert.match(shown.out, /^--- a\/fixed\/namespaces\.yaml$/mu);
  assert.equal(readFileSync(join(copy, "namespaces.yaml"), "utf8"), before);
  const ran = ringfence(["lint", "fixed", "--fix"]);
  assert.match(ran.err, /^changed fixed\/namespaces\.yaml$/mu);
  const now = readFileSync(join(copy, "namespaces.yaml"), "utf8");
  assert.deepEqual(
    now.split("\n").filter((line) => line.includes("#")),
    before.split("\n").filter((line) => line.includes("#")),
  );
  assert.equal(ringfence(["lint", "fixed", "--fix", "--dry-run"]).out, "");
});

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: a
  annotations:
    net.beta.kubernetes.io/network-policy: "{}"
`;

test("standard input is linted and not fixed", () => {
  const ran = ringfence(["lint", "-", "--fix", "--fail-on", "high"], NAMESPACE);
  assert.equal(ran.exit, 1);
  assert.match(ran.err, /not fixed: dead-annotation of Namespace\/a: .*standard input/u);
});

test("an annotation on the object waives its finding", () => {
  const waived = `${NAMESPACE}    ringfence.dev/waive: "dead-annotation: it goes in May"\n`;
  const one = ["lint", "-", "--check", "dead-annotation", "--fail-on", "info"];
  const ran = ringfence(one, waived);
  assert.deepEqual([ran.exit, ran.out], [0, "Findings  none (1 waived)\n"]);
  const scanned = ringfence(["scan", "-", "--fail-on", "high"], waived);
  assert.deepEqual([scanned.exit, scanned.out.includes(" (1 waived)")], [0, true], scanned.out);
  const bare = ringfence(one, waived.replace(": it goes", " it goes"));
  assert.equal(bare.exit, 1);
  assert.match(bare.out, /refused: .*write `CHECK: reason`.* \(-:7\)/u);
});
