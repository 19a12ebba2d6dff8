import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { runRingfence } from "./run-ringfence.ts";

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: NAME
  namespace: shop
  labels: {app: NAME}
spec: {}
`;
const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector: {}
`;

function pod(name: string): string {
  return POD.replaceAll("NAME", name);
}

/** Ten lines that unfold to a billion values. */
const BOMB = [
  "kind: NetworkPolicy",
  "a: &a [x,x,x,x,x,x,x,x,x]",
  ..."bcdefghi".split("").map((key, index) => {
    const before9 = Array.from({ length: 9 }, () => `*${"abcdefgh"[index]}`).join(",");
    return `${key}: &${key} [${before9}]`;
  }),
].join("\n");

/** Every fault in a file of its own, and pods around them that must not be lost. */
const FILES: Readonly<Record<string, string>> = {
  "bomb.yaml": BOMB,
  "broken.yaml": `${pod("before")}---\nkind: NetworkPolicy\nspec: [\n---\n${pod("behind")}`,
  "first.yaml": POLICY,
  "good.yaml": pod("good"),
  "huge.yaml": pod("huge"),
  "second.yaml": `# the same name again, and it says something else\n${POLICY}  policyTypes: [Egress]\n`,
  "version.yaml": POLICY.replace("io/v1", "io/v9").replace("name: web", "name: newer"),
};

/** What must be said of each, in the order of the files. */
const SAID: readonly (readonly [place: string, text: RegExp])[] = [
  ["bomb.yaml:1", /^cannot be read: its aliases unfold to more than 100000 values$/u],
  ["broken.yaml:11", /^cannot be read: /u],
  ["huge.yaml:1", /^larger than 32 MB/u],
  ["second.yaml:2", /^NetworkPolicy `shop\/web` is declared twice, first at first\.yaml:1/u],
  ["version.yaml:1", /^`NetworkPolicy` of `networking\.k8s\.io\/v9`/u],
];

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "ringfence-bad-"));
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(folder, file), text);
  truncateSync(join(folder, "huge.yaml"), 100 * 1024 * 1024);
});
after(() => rmSync(folder, { recursive: true }));

interface Diagnostic {
  readonly severity: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

test("scan names every fault with file and line, analyses the rest, and exits with 3", async () => {
  const begin = performance.now();
  const { stdout, exit } = await runRingfence(["scan", ".", "-o", "json"], { cwd: folder });
  assert.ok(performance.now() - begin < 3000, "the large file is not read");
  assert.equal(exit, 3);
  const result = JSON.parse(stdout) as {
    readonly incomplete: boolean;
    readonly counts: { readonly workloads: number };
    readonly isolation: unknown;
    readonly diagnostics: readonly Diagnostic[];
  };
  assert.equal(result.incomplete, true);
  const errors = result.diagnostics.filter(({ severity }) => severity === "error");
  assert.deepEqual(
    errors.map(({ file, line }) => `${file}:${line}`),
    SAID.map(([place]) => place),
  );
  for (const [index, [, text]] of SAID.entries()) assert.match(errors[index]!.text, text);
  assert.equal(result.counts.workloads, 3, "before, behind and good");
  assert.deepEqual(result.isolation, {
    ingress: { isolated: 3, of: 3 },
    egress: { isolated: 0, of: 3 },
  });
});

/** Every command that reads says the same, on whichever stream its results do not go to. */
const COMMANDS: readonly (readonly string[])[] = [
  ["scan", "."],
  ["reach", "."],
  ["reach", ".", "-o", "json"],
  ["explain", ".", "--from", "shop/Pod/good", "--to", "shop/Pod/before", "--port", "tcp/80"],
  ["snapshot", ".", "--out", "-"],
];

for (const argv of COMMANDS) {
  test(`ringfence ${argv.slice(0, 4).join(" ")}: exit 3, and 0 with --allow-incomplete`, async () => {
    const [strict, lenient] = await Promise.all([
      runRingfence(argv, { cwd: folder }),
      runRingfence([...argv, "--allow-incomplete"], { cwd: folder }),
    ]);
    assert.deepEqual([strict.exit, lenient.exit], [3, 0]);
    assert.equal(strict.stdout, lenient.stdout, "the answer is the same");
    const said = argv[0] === "scan" ? strict.stdout : strict.stderr;
    // A snapshot keeps objects as they are: what they mean is found when it is read.
    const expected = argv[0] === "snapshot" ? SAID.slice(0, 3) : SAID;
    for (const [place] of expected) assert.ok(said.includes(`${place}: `), `${place} in:\n${said}`);
  });
}

test("what is said first of an incomplete cluster is that it is incomplete", async () => {
  const runs = await Promise.all(
    [
      ["scan", "."],
      ["reach", "."],
      ["reach", ".", "-o", "md"],
    ].map((argv) => runRingfence(argv, { cwd: folder })),
  );
  for (const { stdout } of runs) assert.match(stdout, /^(?:\*\*)?incomplete/iu);
});

test("a folder where nothing can be read is exit 2", async () => {
  const empty = mkdtempSync(join(tmpdir(), "ringfence-empty-"));
  const argvs = [...COMMANDS.slice(0, 3), COMMANDS[4]!, [...COMMANDS[0]!, "--allow-incomplete"]];
  const runs = await Promise.all(argvs.map((argv) => runRingfence(argv, { cwd: empty })));
  rmSync(empty, { recursive: true });
  assert.deepEqual(
    runs.map(({ exit }) => exit),
    argvs.map(() => 2),
  );
  for (const { stdout, stderr } of runs) assert.match(stdout + stderr, /holds no manifests/u);
});
