import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";

import { runProgram, runRingfence } from "./run-ringfence.ts";
import { NO_SHARED_DATA, SHARED_DATA } from "./shared-data.ts";

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "ringfence-snapshot-"));
});
after(() => rmSync(folder, { recursive: true }));

async function snapshot(source: string, out: string): Promise<void> {
  const { stdout, stderr, exit } = await runRingfence(["snapshot", source, "--out", out]);
  assert.deepEqual([stdout, exit], ["", 0]);
  assert.match(stderr, /^\d+ objects\n$/mu);
}

/** The same without the places where things stand, which are those of the snapshot. */
function withoutPlaces(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) => {
    if (key === "file" || key === "line") return undefined;
    return key === "text" ? String(value).replaceAll(/[^\s:]+:\d+/gu, "PLACE") : value;
  });
}

test("a snapshot answers like what it was made of, but for positions", async () => {
  const source = "examples/payments";
  const [plain, packed] = [join(folder, "plain.ndjson"), join(folder, "packed.ndjson.gz")];
  await Promise.all([snapshot(source, plain), snapshot(source, packed)]);
  assert.equal(gunzipSync(readFileSync(packed)).toString(), readFileSync(plain, "utf8"));
  for (const command of ["scan", "reach"]) await compareAnswers(command, [source, plain, packed]);
});

for (const source of ["clusters/sock-shop", "policies/np-guard/ipblockstest/input"]) {
  test(`a snapshot of ${source} too`, { skip: NO_SHARED_DATA }, async () => {
    const out = join(folder, "shared.ndjson");
    await snapshot(join(SHARED_DATA, source), out);
    await compareAnswers("scan", [join(SHARED_DATA, source), out]);
  });
}

async function compareAnswers(command: string, paths: readonly string[]): Promise<void> {
  const runs = await Promise.all(paths.map((path) => runRingfence([command, path, "-o", "json"])));
  const [direct, ...others] = runs.map(({ stdout }) => withoutPlaces(stdout));
  for (const other of others) assert.deepEqual(other, direct);
  assert.deepEqual(new Set(runs.map(({ exit }) => exit)), new Set([0]));
}

test("a rule of a snapshot is found on its line of the snapshot", async () => {
  const out = join(folder, "lines.ndjson");
  await snapshot("examples/payments", out);
  const { stdout } = await runRingfence(["scan", out, "-o", "json"]);
  const { findings } = JSON.parse(stdout) as {
    readonly findings: readonly {
      readonly subject: string;
      readonly refs: readonly { readonly file: string; readonly line: number }[];
    }[];
  };
  assert.notEqual(findings.length, 0);
  const lines = readFileSync(out, "utf8").split("\n");
  for (const { subject, refs } of findings) {
    const name = new RegExp(`"name(space)?":"${subject.split("/").at(-1)}"`, "u");
    const texts = refs.map(({ file, line }) => {
      assert.equal(file, out);
      return lines[line - 1]!;
    });
    // Another object may have its part in a finding, and stand first.
    assert.ok(
      texts.some((text) => name.test(text)),
      subject,
    );
  }
});

test("to standard output it is the same bytes, from standard input the same answer", async () => {
  const out = join(folder, "same.ndjson");
  await snapshot("examples/payments", out);
  const [written, again] = await Promise.all([
    runRingfence(["snapshot", "examples/payments", "--out", "-"]),
    runRingfence(["snapshot", out, "--out", "-"]),
  ]);
  assert.equal(written.stdout, readFileSync(out, "utf8"));
  assert.equal(again.stdout, written.stdout, "a snapshot of a snapshot");
  const [piped, direct] = await Promise.all([
    runRingfence(["scan", "-", "-o", "json"], { stdin: written.stdout }),
    runRingfence(["scan", out, "-o", "json"]),
  ]);
  assert.deepEqual(withoutPlaces(piped.stdout), withoutPlaces(direct.stdout));
});

test("what could not be read stays with the snapshot, and so does exit 3", async () => {
  const source = join(folder, "bad");
  const out = join(folder, "bad.ndjson");
  const pod = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {}}\n";
  await runProgram("mkdir", [source], {});
  writeFileSync(join(source, "bad.yaml"), `${pod}---\nkind: NetworkPolicy\nspec: [\n`);
  const made = await runRingfence(["snapshot", source, "--out", out]);
  assert.equal(made.exit, 3);
  assert.match(made.stderr, /bad\.yaml:\d+: cannot be read: .*\n1 object\n$/u);
  const [strict, lenient] = await Promise.all([
    runRingfence(["scan", out]),
    runRingfence(["scan", out, "--allow-incomplete"]),
  ]);
  assert.deepEqual([strict.exit, lenient.exit], [3, 0]);
  assert.match(strict.stdout, /^INCOMPLETE/u);
  assert.match(strict.stdout, /bad\.yaml:\d+: cannot be read/u);
});

test("without any object nothing is written, and what is there stays", async () => {
  const [fresh, old] = [join(folder, "fresh.ndjson"), join(folder, "old.ndjson")];
  await snapshot("examples/payments", old);
  const kept = readFileSync(old, "utf8");
  const runs = await Promise.all(
    [fresh, old].map((out) => runRingfence(["snapshot", "-", "--out", out], { stdin: "" })),
  );
  assert.deepEqual(
    runs.map(({ exit }) => exit),
    [2, 2],
  );
  assert.equal(existsSync(fresh), false);
  assert.equal(readFileSync(old, "utf8"), kept);
  const left = readdirSync(folder).filter((name) => name.endsWith(".part"));
  assert.deepEqual(left, [], "no half-written file is left");
});
