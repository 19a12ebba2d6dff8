// `ringfence diff` as it is started: states of every kind, exit codes, expectations.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";

import { NODE_COMPILE_CACHE } from "../run-ringfence.ts";
import type { DiffDocument } from "./documents.ts";

const root = mkdtempSync(join(tmpdir(), "ringfence-diff-"));
after(() => rmSync(root, { recursive: true }));
const example = resolve(import.meta.dirname, "../../examples/payments");
const program = resolve(import.meta.dirname, "../../src/cli/main.ts");

interface Run {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

function ringfence(args: readonly string[], { cwd = root, input = "" } = {}): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "diff", ...args], {
    cwd,
    input,
    encoding: "utf8",
    env: { ...process.env, NODE_COMPILE_CACHE, NO_COLOR: "1" },
  });
  return { exit: status, out: stdout, err: stderr };
}

/** Two states: the second lets the mailer send to port 25, no more to 587. */
before(() => {
  for (const name of ["before", "after"]) cpSync(example, join(root, name), { recursive: true });
  const file = join(root, "after/shop/network-policies.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("- port: 587", "- port: 25"));
});

function changesOf({ out }: Run): DiffDocument["changes"] {
  return (JSON.parse(out) as DiffDocument).changes;
}

function placeIn(state: string, folder: string): object {
  const policy = "networking.k8s.io/NetworkPolicy/shop/mailer";
  const file = `${folder}/shop/network-policies.yaml`;
  return { state, policy, rule: "egress[0]", file, line: 248 };
}

function statesOf(list: DiffDocument["changes"]): readonly unknown[] {
  return list.map(({ from, to, before: old, after: now }) => [from, to, old, now]);
}

function endsOf(run: Run): readonly unknown[] {
  return changesOf(run).map(({ from, to }) => [from, to]);
}

test("json: whole connections, causes with places, sorted", () => {
  const run = ringfence(["before", "after", "-o", "json"]);
  assert.deepEqual([run.exit, run.err], [0, ""]);
  const changes = changesOf(run);
  const [change] = changes.filter(({ family }) => family === undefined);
  const text = "`egress[0]` of policy `networking.k8s.io/NetworkPolicy/shop/mailer` changed: ports";
  assert.deepEqual(change, {
    from: ["shop/Deployment/mailer"],
    to: ["outside/3"],
    before: { allow: ["tcp/587"], depends: ["icmp", "proto"] },
    after: { allow: ["tcp/25"], depends: ["icmp", "proto"] },
    causes: [
      { code: "rule-changed", text, refs: [placeIn("base", "before"), placeIn("head", "after")] },
    ],
  });
  assert.equal(ringfence(["before", "after", "-o", "json"]).out, run.out);
});

test("exit codes", () => {
  const cases: readonly (readonly [exit: number, ...args: readonly string[]])[] = [
    [0, "before", "before", "--fail-on", "any"],
    [0, "before", "after"],
    [1, "before", "after", "--fail-on", "added"],
    [1, "before", "after", "--fail-on", "removed"],
    [1, "before", "after", "--fail-on", "any"],
    [2, "before"],
    [2, "before", "after", "before"],
    [2, "before", "nowhere"],
    [2, "-", "-"],
    [2, "before", "after", "--fail-on", "opened"],
    [2, "--base", "-x", "before"],
  ];
  for (const [exit, ...args] of cases) {
    const run = ringfence(args);
    assert.equal(run.exit, exit, `${args.join(" ")}: ${run.err}`);
    if (exit === 2) assert.match(run.err, /^(?:error: .*\n)?ringfence: \S.*\n$/u);
  }
});

test("an incomplete state is said, and is exit 3", () => {
  cpSync(join(root, "before"), join(root, "broken"), { recursive: true });
  writeFileSync(join(root, "broken/x.yaml"), "kind: NetworkPolicy\nspec: [\n");
  const run = ringfence(["before", "broken", "--fail-on", "any", "-o", "md"]);
  assert.equal(run.exit, 3);
  assert.match(run.err, /^error: broken\/x\.yaml:\d: /u);
  assert.match(
    run.out,
    /^<!-- ringfence diff -->\n[^\n]*\n\n\*\*Incomplete:\*\* an object of the head/u,
  );
  assert.equal(ringfence(["before", "broken", "--allow-incomplete"]).exit, 0);
});

test("standard input, a snapshot and a single file are states", () => {
  const [was, is] = ["before", "after"].map((name) =>
    ["namespaces.yaml", "shop/workloads.yaml", "shop/network-policies.yaml"]
      .map((file) => readFileSync(join(root, name, file), "utf8"))
      .join("\n---\n"),
  );
  writeFileSync(join(root, "one.yaml"), was!);
  const piped = ringfence(["one.yaml", "-", "-o", "json"], { input: is! });
  assert.equal(piped.exit, 0, piped.err);
  assert.equal(changesOf(piped)[0]?.causes[0]?.refs[1]?.["file"], "-");
  const snapshot = [program, "snapshot", "after", "--out", "after.ndjson.gz"];
  execFileSync(process.execPath, snapshot, { cwd: root, stdio: "ignore" });
  const folders = changesOf(ringfence(["before", "after", "-o", "json"]));
  const packed = changesOf(ringfence(["before", "after.ndjson.gz", "-o", "json"]));
  assert.deepEqual(statesOf(packed), statesOf(folders));
});

const EXPECTED = `
- from: shop/Deployment/mailer
  to: 192.0.2.32/28
  change: any
  reason: the relay moves to port 25
- from: [shop/]
  to: [data/, observability/, other-nodes, own-node]
  ports: [tcp/25, tcp/587]
  change: any
  reason: pods and nodes may be in the relay's range
`;

test("expected changes do not count, and one that never comes is said", () => {
  const file = join(root, "expected.yaml");
  writeFileSync(file, EXPECTED);
  const args = ["before", "after", "--fail-on", "any", "--expect", "expected.yaml"];
  const all = ringfence([...args, "-o", "json"]);
  assert.deepEqual([all.exit, all.err], [0, ""]);
  assert.ok(changesOf(all).every(({ expected }) => expected !== undefined));
  writeFileSync(file, EXPECTED.replace("any", "added"));
  assert.equal(ringfence(args).exit, 1, "the port that closed is not expected");
  assert.equal(ringfence(args.with(3, "added")).exit, 0);
  writeFileSync(file, EXPECTED.replace("[tcp/25, tcp/587]", "[tcp/587]"));
  assert.equal(ringfence(args.with(3, "removed")).exit, 0);
  assert.equal(ringfence(args.with(3, "added")).exit, 1);
  writeFileSync(file, `${EXPECTED}- {from: any, to: data/Deployment/no, change: any, reason: x}\n`);
  const unused = ringfence(args);
  assert.equal(unused.exit, 0);
  assert.match(unused.err, /^warning: expected\.yaml:11: no change fits this expectation \(x\)/u);
});

test("every mistake in a file of expected changes is said with its line", () => {
  const bad = `
- {from: a, to: b, change: more, reason: x}
- {form: a, to: b, change: any, reason: x}
- {from: a, to: b, change: any, ports: [tcp/x]}
- 3
`;
  writeFileSync(join(root, "bad.yaml"), bad);
  const run = ringfence(["before", "after", "--expect", "bad.yaml"]);
  assert.equal(run.exit, 2);
  const lines = run.err
    .trim()
    .split("\n")
    .map((line) => line.replace(/: write .*/u, ""));
  assert.deepEqual(lines, [
    "error: bad.yaml:2: `change`: `more` is not known",
    "error: bad.yaml:3: `from`: it is missing; unknown key `form`: did you mean `from`?",
    "error: bad.yaml:4: `ports[0]`: cannot read the port `tcp/x`",
    "error: bad.yaml:5: it must be an object, not `3`",
    "ringfence: `bad.yaml` cannot be used: see the errors above",
  ]);
});

const hasGit = spawnSync("git", ["--version"]).status === 0;
const skip = hasGit ? false : "git is not installed";

/** A repository whose commit is the first state and whose work tree is the second. */
function repository(name: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  const git = (...args: readonly string[]): void => {
    const who = ["-c", "user.name=a", "-c", "user.email=a@example", "-c", "commit.gpgsign=false"];
    execFileSync("git", [...who, ...args], { cwd: folder, stdio: "ignore" });
  };
  git("init", "-q");
  cpSync(join(root, "before"), join(folder, "deploy"), { recursive: true });
  writeFileSync(join(folder, "Readme.md"), "x");
  mkdirSync(join(folder, "deploy/.hidden"));
  writeFileSync(join(folder, "deploy/.hidden/x.yaml"), "kind: NetworkPolicy\nspec: [\n");
  symlinkSync("namespaces.yaml", join(folder, "deploy/again.yaml"));
  git("add", "-A");
  git("commit", "-q", "-m", "first");
  git("tag", "v1");
  cpSync(join(root, "after"), join(folder, "deploy"), { recursive: true });
  return folder;
}

test("git: a revision against the work tree, and against another revision", { skip }, () => {
  const cwd = repository("repository");
  const run = ringfence(["--base", "HEAD", "deploy", "-o", "json"], { cwd });
  assert.deepEqual([run.exit, run.err], [0, ""]);
  const refs = changesOf(run)[0]?.causes[0]?.refs;
  assert.deepEqual(
    refs?.map(({ file, line }) => `${String(file)}:${String(line)}`),
    ["HEAD:deploy/shop/network-policies.yaml:248", "deploy/shop/network-policies.yaml:248"],
  );
  const folders = endsOf(ringfence(["before", "after", "-o", "json"]));
  assert.deepEqual(endsOf(run), folders);
  const inside = { cwd: join(cwd, "deploy/shop") };
  for (const [args, where] of [
    [["v1:deploy", "deploy"], { cwd }],
    [["--base", "v1"], { cwd }],
    [["--base", "v1", ".."], inside],
    [["--base", "v1", join(cwd, "deploy")], { cwd: root }],
    [["HEAD", "."], { cwd: join(cwd, "deploy") }],
  ] as const) {
    assert.deepEqual(endsOf(ringfence([...args, "-o", "json"], where)), folders, args.join(" "));
  }
  assert.deepEqual(changesOf(ringfence(["v1", "HEAD", "-o", "json"], { cwd })), []);
});

test("git: what is no revision, what is not in it, and what it cannot tell", { skip }, () => {
  const cwd = repository("other");
  const said = (...args: readonly string[]): string => {
    const { exit, err } = ringfence(args, { cwd });
    return `${exit} ${err.trim()}`;
  };
  const hint = "write a commit, branch or tag";
  assert.equal(
    said("--base", "--output=x", "deploy"),
    `2 ringfence: \`--output=x\` is no revision: ${hint}`,
  );
  assert.equal(
    said("--base", "nope", "deploy"),
    `2 ringfence: there is no revision \`nope\`: ${hint} that is in this clone`,
  );
  assert.match(
    said("--base", "v1", "deploy", "../before"),
    /^2 ringfence: `..\/before` is not in the/u,
  );
  assert.match(
    said("--base", "v1", "../before"),
    /^2 ringfence: `v1` cannot be read: not a git rep/u,
  );
  assert.match(said("--base", "v1", "-"), /^2 ringfence: `-` is in no revision/u);
  mkdirSync(join(cwd, "new"));
  cpSync(join(cwd, "deploy/data"), join(cwd, "new"), { recursive: true });
  const added = ringfence(["--base", "v1", "new"], { cwd });
  assert.equal(added.exit, 0, added.err);
  assert.match(added.err, /^warning: v1:new:1: there are no manifests at `v1:new`/u);
  assert.match(added.out, /^came data\/CronJob\/db-backup, /mu);
  symlinkSync("nowhere.yaml", join(cwd, "new/link.yaml"));
  for (const args of [
    ["add", "-A"],
    ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"],
  ]) {
    execFileSync("git", args, { cwd, stdio: "ignore" });
  }
  assert.match(said("HEAD:new", "HEAD:new"), /^3 warning: HEAD:new\/link\.yaml:1: .* is a link/u);
});

test(
  "the configuration is the base's: a pull request does not choose what is read of it",
  { skip },
  () => {
    const cwd = repository("configured");
    const config = join(cwd, "deploy/ringfence.yaml");
    const hide = 'exclude: ["shop/network-policies.yaml"]\n';
    writeFileSync(config, hide);
    const args = ["--base", "v1", "deploy", "-o", "json"];
    const plain = changesOf(ringfence(["before", "after", "-o", "json"]));
    assert.deepEqual(statesOf(changesOf(ringfence(args, { cwd }))), statesOf(plain));
    const asked = ringfence([...args, "--config", "deploy/ringfence.yaml"], { cwd });
    assert.deepEqual([asked.exit, changesOf(asked)], [0, []]);
    for (const list of [
      ["add", "-A"],
      ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"],
    ]) {
      execFileSync("git", list, { cwd, stdio: "ignore" });
    }
    writeFileSync(join(cwd, "deploy/shop/network-policies.yaml"), "");
    const hidden = ringfence(["--base", "HEAD", "deploy", "-o", "json"], { cwd });
    assert.deepEqual([hidden.exit, changesOf(hidden)], [0, []], hidden.err);
    writeFileSync(join(root, "before/ringfence.yaml"), hide);
    assert.deepEqual(changesOf(ringfence(["before", "after", "-o", "json"])), []);
    cpSync(join(example, "ringfence.yaml"), join(root, "before/ringfence.yaml"));
  },
);
