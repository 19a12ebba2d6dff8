// What runs in CI, in a temporary repository with two revisions, against a program that stands in for ringfence.
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";

import {
  type Answers,
  type Repository,
  makeRepository,
  outputsIn,
  runScript,
} from "./repository.ts";

const SARIF = JSON.stringify({
  runs: [
    {
      results: [
        resultOf("error", "a%20b/x%2Cy%3A1.yaml", "100% bad\n::error::forged"),
        resultOf("warning", "b.yaml", "a warning"),
        { ...resultOf("error", "c.yaml", "waived"), suppressions: [{ kind: "external" }] },
        ...Array.from({ length: 20 }, (_, index) => resultOf("note", "d.yaml", `note ${index}`)),
      ],
    },
  ],
});

function resultOf(level: string, uri: string, text: string): object {
  const physicalLocation = { artifactLocation: { uri }, region: { startLine: 7 } };
  return { level, ruleId: "a-check", message: { text }, locations: [{ physicalLocation }] };
}

const ANSWERS: Answers = {
  "diff added": { print: "the changes\n", code: 1 },
  "diff removed": { code: 0 },
  "diff any": { code: 1 },
  "lint sarif": { print: SARIF },
  "lint gitlab": { print: "[]\n" },
  "lint md": { print: "the findings\n" },
  "lint junit": { print: "<testsuites/>\n" },
  "test junit": { print: "<testsuites><!-- intents --></testsuites>\n" },
};

const repository: Repository = makeRepository(
  { "ringfence.yaml": "version: 1\nwaivers: []\n", "old.json": "{}", "a.yaml": "a: 1\n" },
  {
    "ringfence.yaml": "version: 1\nwaivers: [everything]\nintents: []\n",
    "old.json": undefined,
    "own.yaml": "version: 1\nwaivers: [all]\n",
    "a.yaml": "a: 2\n",
  },
);
after(() => rmSync(dirname(repository.folder), { recursive: true }));

function eventOf(pull: object): string {
  const file = join(dirname(repository.folder), "event.json");
  writeFileSync(file, JSON.stringify({ pull_request: pull }));
  return file;
}
const EVENT = {
  GITHUB_EVENT_NAME: "pull_request",
  GITHUB_EVENT_PATH: eventOf({ number: 7, base: { sha: repository.base } }),
};

describe("what judges is of the base", () => {
  test("the configuration is that of the base, not that of the change", async () => {
    const { calls } = await runScript(repository, ANSWERS, EVENT);
    assert.deepEqual(
      [...new Set(calls.map(({ config }) => config))],
      ["version: 1\nwaivers: []\n"],
    );
    assert.deepEqual(
      calls.map(({ args: [command, , format] }) => `${command} ${format}`),
      ["diff md", "diff md", "lint sarif", "lint gitlab", "lint junit", "lint md"],
    );
    assert.deepEqual(calls[0]!.args.slice(0, 7), [
      "diff",
      "-o",
      "md",
      "--base",
      repository.base,
      "--fail-on",
      "added",
    ]);
  });

  test("a configuration that only the change has counts as none", async () => {
    const { calls } = await runScript(repository, ANSWERS, { ...EVENT, INPUT_CONFIG: "own.yaml" });
    assert.deepEqual([...new Set(calls.map(({ config }) => config))], ["version: 1\n"]);
  });

  test("a baseline is that of the base, though the change takes it away", async () => {
    const env = { ...EVENT, INPUT_BASELINE: "old.json" };
    const { calls } = await runScript(repository, ANSWERS, env);
    const lints = calls.filter(({ args }) => args[0] === "lint");
    assert.ok(lints.length > 0 && lints.every(({ args }) => args.includes("--baseline")));
    const none = await runScript(repository, ANSWERS, { ...EVENT, INPUT_BASELINE: "own.yaml" });
    assert.ok(none.calls.every(({ args }) => !args.includes("--baseline")));
  });

  test("intents are tested where the base has some", async () => {
    const intents = makeRepository({ "ringfence.yaml": "version: 1\nintents: [x]\n" }, {});
    const env = { INPUT_BASE: intents.base };
    const { calls, outputs } = await runScript(intents, ANSWERS, env);
    assert.deepEqual(calls.at(-1)!.args.slice(0, 3), ["test", "-o", "junit"]);
    assert.match(readFileSync(outputs["junit"]!, "utf8"), /intents/u);
    rmSync(dirname(intents.folder), { recursive: true });
  });

  test("on a branch without a base nothing is compared, and the files are as they are", async () => {
    const { calls, outputs } = await runScript(repository, ANSWERS, {});
    assert.ok(calls.every(({ args }) => args[0] !== "diff"));
    assert.match(calls[0]!.config, /everything/u);
    assert.deepEqual([outputs["added"], outputs["removed"]], ["unknown", "unknown"]);
  });
});

test("inputs are arguments, never parts of a command", async () => {
  const paths = ["a b; touch pwned", "$(touch pwned)", "`touch pwned`", "--out=x", "'\"|&"];
  const env = { ...EVENT, INPUT_PATHS: paths.join("\n") };
  const { calls } = await runScript(repository, ANSWERS, env);
  for (const { args } of calls) {
    assert.deepEqual(args.slice(args.indexOf("--") + 1), paths);
  }
  assert.ok(!existsSync(join(repository.folder, "pwned")));
});

/** fail-on, exit codes of `diff added`, `diff removed` and `lint`, and what comes of them. */
const CODES = [
  ["none", 1, 1, 0, 0, "pass"],
  ["added", 1, 0, 0, 1, "fail"],
  ["removed", 1, 0, 0, 0, "pass"],
  ["added, removed", 0, 1, 0, 1, "fail"],
  ["any", 0, 0, 0, 1, "fail"],
  ["high", 0, 0, 1, 1, "fail"],
  ["high", 0, 0, 3, 3, "incomplete"],
  ["added", 1, 3, 0, 3, "incomplete"],
  ["added", 1, 2, 3, 2, "error"],
  ["none", 0, 0, 4, 4, "error"],
] as const;
for (const [failOn, added, removed, lint, code, verdict] of CODES) {
  test(`fail-on ${failOn}: diff ${added} and ${removed}, lint ${lint} give ${code}`, async () => {
    const answers = {
      ...ANSWERS,
      "diff added": { print: "x", code: added },
      "diff removed": { code: removed },
      "lint sarif": { print: SARIF, code: lint },
    };
    const run = await runScript(repository, answers, { ...EVENT, INPUT_FAIL_ON: failOn });
    assert.equal(run.code, code);
    assert.equal(run.outputs["verdict"], verdict);
  });
}

test("the mildest severity of fail-on is that of lint", async () => {
  const env = { ...EVENT, INPUT_FAIL_ON: "critical\nmedium, added" };
  const { calls } = await runScript(repository, ANSWERS, env);
  const { args } = calls.find((call) => call.args[0] === "lint")!;
  assert.equal(args[args.indexOf("--fail-on") + 1], "medium");
});

/** Settings that are refused, and how. */
const REFUSED = [
  [{ GITHUB_EVENT_NAME: "pull_request_target" }, /does not run on pull_request_target/u],
  [{ INPUT_FAIL_ON: "hihg" }, /`hihg` is not known/u],
  [{ INPUT_COMMENT: "yes" }, /`yes` is not known: write true or false/u],
  [{ INPUT_BASE: "--output=x" }, /there is no revision `--output=x`/u],
  [{ INPUT_BASE: "0".repeat(40) }, /fetch-depth: 0/u],
  [{ INPUT_CONFIG: "../ringfence.yaml" }, /leads out/u],
  [{ INPUT_BASELINE: "/etc/passwd" }, /leads out/u],
  [{ RINGFENCE: "no-such-program" }, /cannot run `no-such-program`/u],
] as const;
for (const [env, message] of REFUSED) {
  test(`refused with 2: ${JSON.stringify(env)}`, async () => {
    const run = await runScript(repository, ANSWERS, { ...EVENT, ...env });
    assert.equal(run.code, 2);
    assert.match(run.stdout, message);
    assert.equal(run.outputs["verdict"], "error");
  });
}

describe("what GitHub is told", () => {
  test("annotations are escaped, ten of a kind, none for what is waived", async () => {
    const { stdout } = await runScript(repository, ANSWERS, EVENT);
    const commands = stdout
      .split("\n")
      .filter((line) => /^::(?:error|warning|notice) /u.test(line));
    const error =
      "::error file=a b/x%2Cy%3A1.yaml,line=7,title=ringfence%3A a-check::100%25 bad%0A::error::forged";
    assert.deepEqual(commands.slice(0, 2), [
      error,
      "::warning file=b.yaml,line=7,title=ringfence%3A a-check::a warning",
    ]);
    assert.equal(commands.length, 12);
  });

  test("what the program says cannot be a command", async () => {
    const answers = { ...ANSWERS, stderr: "::set-env name=PATH::/evil\nplain\n" };
    const { stdout } = await runScript(repository, answers, EVENT);
    const [, token, said] = /^::stop-commands::(\S+)\n([^]*?)\n::\1::$/mu.exec(stdout) ?? [];
    assert.equal(said, "::set-env name=PATH::/evil\nplain");
    assert.match(token ?? "", /^[0-9a-f-]{36}$/u);
  });

  test("summary and outputs", async () => {
    const { summary, outputs, stdout } = await runScript(repository, ANSWERS, EVENT);
    assert.equal(summary, "## ringfence: pass\n\nthe changes\n\nthe findings\n");
    const { sarif = "", junit = "", summary: file = "", ...rest } = outputs;
    assert.deepEqual(rest, { verdict: "pass", added: "true", removed: "false" });
    assert.equal(readFileSync(sarif, "utf8"), SARIF);
    assert.equal(readFileSync(junit, "utf8"), "<testsuites/>\n");
    assert.equal(readFileSync(file, "utf8"), summary);
    assert.match(stdout, /ringfence: pass; reports are in/u);
  });

  test("no value of an output can make another", async () => {
    const script = new URL("../../deploy/ci/github.mjs", import.meta.url);
    const { writeOutputs } = (await import(script.href)) as {
      readonly writeOutputs: (file: string, values: Readonly<Record<string, string>>) => void;
    };
    const file = join(dirname(repository.folder), "outputs");
    writeFileSync(file, "");
    const values = { a: "x\nEOF\nb<<EOF\nforged", b: "b<<c\n" };
    writeOutputs(file, values);
    assert.deepEqual(outputsIn(readFileSync(file, "utf8")), values);
    const delimiters = readFileSync(file, "utf8").match(/^\w<<end-\S{36}$/gmu);
    assert.equal(new Set(delimiters?.map((each) => each.slice(3))).size, 2);
  });
});

interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly type: string };
}

/** Runs with a server that stands in for GitHub's; gives what was asked of it. */
async function withComments(
  comments: readonly Comment[],
  answers: Answers,
  status = 200,
): Promise<{ readonly asked: readonly (readonly [string, string])[]; readonly stdout: string }> {
  const asked: [string, string][] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const text = Buffer.concat(parts).toString("utf8");
      const body = text === "" ? "" : (JSON.parse(text) as { body: string }).body;
      const url = new URL(request.url!, "http://localhost");
      assert.equal(request.headers.authorization, "Bearer secret-token");
      asked.push([`${request.method} ${url.pathname}`, body]);
      const page = Number(url.searchParams.get("page") ?? 1) - 1;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(comments.slice(100 * page, 100 * page + 100)));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { readonly port: number };
  const { stdout } = await runScript(repository, answers, {
    ...EVENT,
    INPUT_COMMENT: "true",
    GITHUB_TOKEN: "secret-token",
    GITHUB_REPOSITORY: "org/repo",
    GITHUB_API_URL: `http://127.0.0.1:${port}`,
  });
  await new Promise((done) => server.close(done));
  return { asked, stdout };
}

describe("the comment on a pull request", () => {
  const LIST = "GET /repos/org/repo/issues/7/comments";
  const CREATE = "POST /repos/org/repo/issues/7/comments";
  const PERSON = { id: 1, body: "hello", user: { type: "User" } };

  test("is made once, and changed by the next run", async () => {
    const { asked } = await withComments([PERSON], ANSWERS);
    assert.deepEqual(
      asked.map(([what]) => what),
      [LIST, CREATE],
    );
    const [, body] = asked[1]!;
    assert.match(body, /^<!-- ringfence [0-9a-f]{12} -->\n## ringfence: pass\n\nthe changes\n/u);
    const others = Array.from({ length: 100 }, (_, index) => ({ ...PERSON, id: 100 + index }));
    const own = { id: 42, body, user: { type: "Bot" } };
    const forged = { id: 43, body, user: { type: "User" } };
    const again = await withComments([forged, ...others, own], ANSWERS);
    assert.deepEqual(
      again.asked.map(([what]) => what),
      [LIST, LIST, "PATCH /repos/org/repo/issues/comments/42"],
    );
  });

  test("is not made where there is nothing to say, and is changed where there was", async () => {
    const quiet = { ...ANSWERS, "diff added": { print: "no change\n" } };
    const first = await withComments([PERSON], quiet);
    assert.deepEqual(
      first.asked.map(([what]) => what),
      [LIST],
    );
    const { asked } = await withComments([PERSON], ANSWERS);
    const own = { id: 42, body: asked[1]![1], user: { type: "Bot" } };
    const second = await withComments([own], quiet);
    assert.match(second.asked.at(-1)![1], /no change/u);
  });

  test("keeps to the size that GitHub takes", async () => {
    const long = { ...ANSWERS, "diff added": { print: "x".repeat(100_000), code: 1 } };
    const { asked } = await withComments([], long);
    assert.ok(asked[1]![1].length < 65_536);
    assert.match(asked[1]![1], /… cut here$/u);
  });

  test("that it may not be made is a warning, as for a fork", async () => {
    const { stdout } = await withComments([], ANSWERS, 403);
    assert.match(stdout, /^::warning::ringfence: no comment: GitHub answered 403$/mu);
    assert.doesNotMatch(stdout, /secret-token/u);
  });
});
