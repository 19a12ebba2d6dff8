#!/usr/bin/env node
// What the GitHub Action and the GitLab job run: compares a change with its base, lints it, tests its intents, and writes
// reports, summary, annotations, outputs and the comment. Plain Node 24, no dependency, no shell.
//
// What judges (configuration, waivers, intents, baseline) is taken from the base revision: a change cannot waive its own
// findings. What the change brings is data: ringfence reads it, and nothing of it is run.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { annotationsOf, quietLines, writeComment, writeOutputs, writeSummary } from "./github.mjs";

/** Exit codes of ringfence, and what they are called; several at once: the first of this order. */
const VERDICTS = /** @type {const} */ ([
  [4, "error"],
  [2, "error"],
  [3, "incomplete"],
  [1, "fail"],
  [0, "pass"],
]);
const SEVERITIES = ["critical", "high", "medium", "low", "info"];
const DIRECTIONS = ["added", "removed", "any"];

/** @typedef {Readonly<Record<string, string | undefined>>} Environment */
/** @typedef {{ readonly code: number, readonly stdout: string, readonly stderr: string }} Ran */
/** @typedef {ReturnType<typeof readSettings>} Settings */

/** Something that was asked for wrongly: said in one line, exit 2. */
class Refusal extends Error {}

/**
 * What was asked for. It comes from the environment only, so that no shell ever sees it.
 * @param {Environment} env
 */
function readSettings(env) {
  const text = (/** @type {string} */ name) => (env[`INPUT_${name}`] ?? "").trim();
  const list = (/** @type {string} */ name, /** @type {RegExp} */ by) =>
    text(name)
      .split(by)
      .map((each) => each.trim())
      .filter((each) => each !== "");
  const paths = list("PATHS", /\n/u);
  const failOn = list("FAIL_ON", /[\n,]/u).filter((each) => each !== "none");
  const known = [...DIRECTIONS, ...SEVERITIES];
  const unknown = failOn.find((each) => !known.includes(each));
  if (unknown !== undefined) {
    throw new Refusal(
      `fail-on: \`${unknown}\` is not known: write none or some of ${known.join(", ")}`,
    );
  }
  const comment = text("COMMENT") || "false";
  if (comment !== "true" && comment !== "false") {
    throw new Refusal(`comment: \`${comment}\` is not known: write true or false`);
  }
  return {
    paths: paths.length === 0 ? ["."] : paths,
    base: text("BASE"),
    config: text("CONFIG") || "ringfence.yaml",
    baseline: text("BASELINE"),
    /** The mildest that was asked for: it holds for all above it. */
    severity: SEVERITIES.findLast((each) => failOn.includes(each)),
    directions: DIRECTIONS.filter((each) => failOn.includes(each)),
    comment: comment === "true",
    out: text("OUT"),
  };
}

/**
 * The program, as command and first arguments.
 * @param {Environment} env
 * @returns {readonly string[]}
 */
function programOf(env) {
  const named = env["RINGFENCE"] ?? "";
  const near = ["../bin/ringfence.mjs", "../../src/cli/main.ts"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const file = named === "" ? near.find((path) => existsSync(path)) : named;
  // `--no`: what is not installed is not fetched by its name
  if (file === undefined) return ["npx", "--no", "ringfence"];
  return /\.[mc]?[jt]s$/u.test(file) ? [process.execPath, file] : [file];
}

/**
 * Runs a program on arguments, without a shell.
 * @param {readonly string[]} program
 * @param {readonly string[]} args
 * @returns {Ran}
 */
function execute([command = "", ...first], args) {
  const { status, stdout, stderr, error } = spawnSync(command, [...first, ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (error !== undefined) throw new Refusal(`cannot run \`${command}\`: ${error.message}`);
  return { code: status ?? 4, stdout, stderr };
}

/**
 * The commit that the change is compared with: where it left the base.
 * @param {string} named
 * @returns {string | undefined} nothing, if no base is named
 */
function resolveBase(named) {
  if (named === "") return undefined;
  const commitOf = (/** @type {string} */ revision) => {
    const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
    const { code, stdout } = execute(["git"], args);
    return code === 0 ? stdout.trim() : undefined;
  };
  let base = commitOf(named);
  if (base === undefined && /^[0-9a-f]{40,64}$/u.test(named)) {
    execute(["git"], ["fetch", "--no-tags", "--depth=1", "origin", named]);
    base = commitOf(named);
  }
  base ??= commitOf(`refs/remotes/origin/${named}`);
  if (base === undefined) {
    throw new Refusal(
      `base: there is no revision \`${named}\` here: check out with fetch-depth: 0`,
    );
  }
  const { code, stdout } = execute(["git"], ["merge-base", base, "HEAD"]);
  // a shallow clone has no common ancestor: then the base as it is
  return code === 0 ? stdout.trim() : base;
}

/**
 * A file of the base revision, put where ringfence can read it; without a base the file as it is.
 * @param {string | undefined} base
 * @param {string} path from the root of the repository
 * @param {string} into
 * @returns {string | undefined} nothing, if it is not there
 */
function fileAtBase(base, path, into) {
  const name = path.replace(/^\.\//u, "");
  if (name.startsWith("/") || name.split(/[\\/]/u).includes("..")) {
    throw new Refusal(`\`${path}\` leads out: write a path from the root of the repository`);
  }
  if (base === undefined) return existsSync(name) ? name : undefined;
  const { code, stdout } = execute(["git"], ["cat-file", "blob", `${base}:${name}`]);
  if (code !== 0) return undefined;
  writeFileSync(into, stdout);
  return into;
}

/**
 * Runs ringfence: diff, lint, and test where there are intents.
 * @param {Settings} settings
 * @param {{ readonly program: readonly string[], readonly base: string | undefined, readonly out: string }} where
 */
function judge(settings, { program, base, out }) {
  const kept = join(out, "config.yaml");
  const found = fileAtBase(base, settings.config, kept);
  // where the base has none, none counts: not the one that the change brings
  if (found === undefined) writeFileSync(kept, "version: 1\n");
  const config = found ?? kept;
  /** @type {Set<string>} */
  const said = new Set();
  const call = (/** @type {string} */ command, /** @type {readonly string[]} */ flags) => {
    const args = [command, ...flags, "--config", config, "--", ...settings.paths];
    const ran = execute(program, args);
    for (const line of ran.stderr.split("\n")) if (line !== "") said.add(line);
    return ran;
  };
  const file = settings.baseline;
  const old = file === "" ? undefined : fileAtBase(base, file, join(out, "baseline.json"));
  const ways = compare(settings, base, call);
  const lint = lintChange(settings, old, call);
  const hasIntents = /^intents:/mu.test(readFileSync(config, "utf8"));
  const test = hasIntents ? call("test", ["-o", "junit"]) : undefined;
  const codes = [...ways.codes, lint.code, ...(test === undefined ? [] : [test.code])];
  const reports = {
    "ringfence.sarif": lint.sarif,
    "gl-code-quality-report.json": lint.gitlab,
    "junit.xml": test?.stdout ?? lint.junit,
  };
  for (const [name, text] of Object.entries(reports)) writeFileSync(join(out, name), text);
  return { codes, ways, lint, test, said };
}

/** @typedef {(command: string, flags: readonly string[]) => Ran} Call */

/**
 * Compares with the base. Whether something was added or removed is what ringfence says, not worked out again.
 * @param {Settings} settings
 * @param {string | undefined} base
 * @param {Call} call
 */
function compare({ directions }, base, call) {
  /** @type {Record<string, string>} */
  const answers = { added: "unknown", removed: "unknown" };
  /** @type {number[]} */
  const codes = [];
  let text = "";
  if (base === undefined) return { answers, codes, text };
  for (const way of new Set(["added", "removed", ...directions])) {
    const { code, stdout } = call("diff", ["-o", "md", "--base", base, "--fail-on", way]);
    answers[way] = code === 0 ? "false" : code === 1 ? "true" : "unknown";
    // a direction that nobody asked for fails nothing
    codes.push(code === 1 && !directions.includes(way) ? 0 : code);
    if (text === "") text = stdout;
  }
  return { answers, codes, text };
}

/**
 * Lints in the formats that are needed.
 * @param {Settings} settings
 * @param {string | undefined} baseline
 * @param {Call} call
 */
function lintChange({ severity }, baseline, call) {
  const flags = [
    ...(baseline === undefined ? [] : ["--baseline", baseline]),
    ...(severity === undefined ? [] : ["--fail-on", severity]),
  ];
  const { code, stdout: sarif } = call("lint", ["-o", "sarif", ...flags]);
  const print = (/** @type {string} */ format) => call("lint", ["-o", format, ...flags]).stdout;
  return { code, sarif, gitlab: print("gitlab"), junit: print("junit"), text: print("md") };
}

/**
 * The event of GitHub that started the job, as far as it is about a pull request.
 * @param {Environment} env
 */
function readEvent(env) {
  const file = env["GITHUB_EVENT_PATH"] ?? "";
  if (file === "" || !existsSync(file)) return {};
  const { pull_request: pull } =
    /** @type {{ pull_request?: { number?: unknown, base?: { sha?: unknown } } }} */ (
      JSON.parse(readFileSync(file, "utf8"))
    );
  const { number } = pull ?? {};
  const sha = pull?.base?.sha;
  return {
    number: Number.isInteger(number) ? Number(number) : undefined,
    base: typeof sha === "string" ? sha : undefined,
  };
}

/**
 * @param {Environment} env
 * @returns {Promise<number>} the exit code
 */
async function main(env) {
  if (env["GITHUB_EVENT_NAME"] === "pull_request_target") {
    throw new Refusal("it does not run on pull_request_target: use pull_request");
  }
  const settings = readSettings(env);
  const event = readEvent(env);
  const named = settings.base || event.base || env["CI_MERGE_REQUEST_DIFF_BASE_SHA"] || "";
  const base = resolveBase(named);
  const out = settings.out || mkdtempSync(join(env["RUNNER_TEMP"] ?? tmpdir(), "ringfence-"));
  mkdirSync(out, { recursive: true });
  const judged = judge(settings, { program: programOf(env), base, out });
  const [code, verdict] = VERDICTS.find(([each]) => judged.codes.includes(each)) ?? [4, "error"];
  const body = tell(env, judged, { verdict, out });
  if (settings.comment) {
    const { added, removed } = judged.ways.answers;
    const isNews = code !== 0 || added === "true" || removed === "true";
    await commentOn(env, event.number, { paths: settings.paths, body, isNews });
  }
  process.stdout.write(`ringfence: ${verdict}; reports are in ${out}\n`);
  return code;
}

/**
 * Writes what people and later steps read; gives the text of the comment.
 * @param {Environment} env
 * @param {ReturnType<typeof judge>} judged
 * @param {{ readonly verdict: string, readonly out: string }} result
 */
function tell(env, { ways, lint, test, said }, { verdict, out }) {
  say(env, [...said]);
  if (env["GITHUB_ACTIONS"] === "true") process.stdout.write(annotationsOf(lint.sarif));
  const met = test?.code === 0 ? "met" : "not met";
  const tested = test === undefined ? "" : `\n**Intents:** ${met}\n`;
  const body = `## ringfence: ${verdict}\n\n${ways.text}${tested}`;
  const summary = `${body}\n${lint.text}`;
  writeFileSync(join(out, "comment.md"), body);
  writeFileSync(join(out, "summary.md"), summary);
  writeSummary(env["GITHUB_STEP_SUMMARY"], summary);
  writeOutputs(env["GITHUB_OUTPUT"], {
    verdict,
    added: ways.answers["added"] ?? "unknown",
    removed: ways.answers["removed"] ?? "unknown",
    sarif: join(out, "ringfence.sarif"),
    junit: join(out, "junit.xml"),
    summary: join(out, "summary.md"),
  });
  return body;
}

/**
 * Prints lines of others.
 * @param {Environment} env
 * @param {readonly string[]} lines
 */
function say(env, lines) {
  const text = lines.map((line) => `${line}\n`).join("");
  process.stdout.write(env["GITHUB_ACTIONS"] === "true" ? quietLines(lines) : text);
}

/**
 * Comments on the pull request, if there is one; that it cannot is a warning, as on a change from a fork, whose token may not.
 * @param {Environment} env
 * @param {number | undefined} number
 * @param {{ readonly paths: readonly string[], readonly body: string, readonly isNews: boolean }} what
 */
async function commentOn(env, number, { paths, body, isNews }) {
  const token = env["GITHUB_TOKEN"] ?? "";
  const repository = env["GITHUB_REPOSITORY"] ?? "";
  if (number === undefined) return;
  // two jobs of one repository, on other paths, have a comment each
  const id = createHash("sha256").update(paths.join("\n")).digest("hex").slice(0, 12);
  const marker = `<!-- ringfence ${id} -->`;
  const api = env["GITHUB_API_URL"] ?? "https://api.github.com";
  const problem =
    token === ""
      ? "GITHUB_TOKEN is not given"
      : await writeComment({ api, token, repository, number }, { marker, body, isNews });
  if (problem !== undefined) process.stdout.write(`::warning::ringfence: no comment: ${problem}\n`);
}

try {
  process.exitCode = await main(process.env);
} catch (error) {
  const isRefusal = error instanceof Refusal;
  const text = error instanceof Error ? error.message : String(error);
  say(process.env, [`ringfence: ${isRefusal ? "" : "a fault of its own: "}${text}`]);
  writeOutputs(process.env["GITHUB_OUTPUT"], { verdict: "error" });
  process.exitCode = isRefusal ? 2 : 4;
}
