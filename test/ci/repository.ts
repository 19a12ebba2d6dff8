import { execFile, execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import process from "node:process";

/** A program that stands in for ringfence: it writes down how it was called, and prints and exits as files beside it say. In the shell, because it starts fast. */
const STAND_IN = String.raw`#!/bin/sh
dir=$(dirname "$0")
command=$1 format= way= config= before=
for each in "$@"; do
  printf '%s\0' "$each" >> "$dir/calls"
  case $before in
    -o) format=$each ;;
    --fail-on) way=$each ;;
    --config) config=$each ;;
  esac
  before=$each
done
printf '\1' >> "$dir/calls"
cat "$config" >> "$dir/calls"
printf '\2' >> "$dir/calls"
[ "$command" = diff ] || way=$format
cat "$dir/stderr" >&2
[ -f "$dir/$command $way" ] || exit 0
cat "$dir/$command $way"
exit "$(cat "$dir/$command $way.code")"
`;

/** What the program that stands in says, by command and format (`diff`: and direction). */
export type Answers = Readonly<
  Record<string, { readonly print?: string; readonly code?: number } | string>
>;

/** A temporary repository with a base and a change on top of it. */
export interface Repository {
  readonly folder: string;
  readonly base: string;
  readonly head: string;
}

/** Files of a revision; `undefined` takes one away. */
export type Files = Readonly<Record<string, string | undefined>>;

/** Makes one, with its files at both revisions. */
export function makeRepository(base: Files, change: Files): Repository {
  const folder = join(realpathSync(mkdtempSync(join(tmpdir(), "ringfence-ci-"))), "repo");
  mkdirSync(folder);
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: folder, encoding: "utf8", env: gitEnvironment() }).trim();
  git("init", "--quiet", "--initial-branch=main");
  const commit = (files: Files): string => {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name);
      if (text === undefined) git("rm", "--quiet", "--", name);
      else {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
    }
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message", "change");
    return git("rev-parse", "HEAD");
  };
  const first = commit(base);
  return { folder, base: first, head: commit(change) };
}

function gitEnvironment(): NodeJS.ProcessEnv {
  const who = { NAME: "test", EMAIL: "test@example.com", DATE: "2026-01-01T00:00:00Z" };
  const named = ["AUTHOR", "COMMITTER"].flatMap((role) =>
    Object.entries(who).map(([key, value]) => [`GIT_${role}_${key}`, value]),
  );
  return {
    PATH: process.env["PATH"],
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    ...(Object.fromEntries(named) as Record<string, string>),
  };
}

/** How a run ended, and everything that it wrote. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly calls: readonly { readonly args: readonly string[]; readonly config: string }[];
  /** Of GITHUB_OUTPUT, read as the runner reads it. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Runs `deploy/ci/run.mjs` in a repository; `env` is all that it gets besides the files of the runner. */
export async function runScript(
  { folder }: Repository,
  answers: Answers,
  env: Readonly<Record<string, string>>,
): Promise<Run> {
  const runner = join(dirname(folder), `runner-${process.hrtime.bigint()}`);
  mkdirSync(runner);
  const file = (name: string, text = ""): string => {
    writeFileSync(join(runner, name), text);
    return join(runner, name);
  };
  file("stderr", typeof answers["stderr"] === "string" ? answers["stderr"] : "");
  for (const [name, answer] of Object.entries(answers)) {
    if (typeof answer === "string") continue;
    file(name, answer.print ?? "");
    file(`${name}.code`, String(answer.code ?? 0));
  }
  const standIn = file("stand-in", STAND_IN);
  chmodSync(standIn, 0o755);
  const files = {
    RINGFENCE: standIn,
    GITHUB_OUTPUT: file("output"),
    GITHUB_STEP_SUMMARY: file("summary"),
    RUNNER_TEMP: runner,
  };
  const calls = file("calls");
  const given = { ...gitEnvironment(), GITHUB_ACTIONS: "true", ...files, ...env };
  const script = resolve("deploy/ci/run.mjs");
  const [code, stdout] = await new Promise<[number, string]>((done) => {
    execFile(process.execPath, [script], { cwd: folder, env: given }, (error, out) =>
      done([error === null ? 0 : Number(error.code), out]),
    );
  });
  const records = readFileSync(calls, "utf8").split("\u0002").slice(0, -1);
  return {
    code,
    stdout,
    calls: records.map((record) => {
      const [args = "", config = ""] = record.split("\u0001");
      return { args: args.split("\0").slice(0, -1), config };
    }),
    outputs: outputsIn(readFileSync(files.GITHUB_OUTPUT, "utf8")),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"),
  };
}

/** Reads the file of outputs as the runner does: `NAME<<DELIMITER`, lines, `DELIMITER`. */
export function outputsIn(text: string): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  const lines = text.split("\n");
  while (lines.length > 1) {
    const [name = "", delimiter] = lines.shift()!.split("<<");
    if (delimiter === undefined) throw new Error(`\`${name}\` has no delimiter`);
    const end = lines.indexOf(delimiter);
    if (end === -1) throw new Error(`\`${name}\` does not end`);
    outputs[name] = lines.slice(0, end).join("\n");
    lines.splice(0, end + 1);
  }
  return outputs;
}
