// A reporter for node:test that fails the run if a test file, or a place in one that defines tests, ran nothing:
// `node --test` with a glob that matches nothing exits 0. It also names each skipped test.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";

import { Visitor, parseSync } from "oxc-parser";

interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly file?: string;
    readonly line?: number;
    readonly skip?: string | boolean;
    readonly todo?: string | boolean;
  };
}

/** Yields the skipped tests with their reasons, then what should have run and did not. */
export default async function* everyTestRan(
  events: AsyncIterable<TestEvent>,
): AsyncGenerator<string> {
  const linesRun = new Map<string, Set<number>>();
  const filesThatSkip = new Set<string>();
  const skipped: string[] = [];
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const file = relative(".", data.file ?? "");
    linesRun.set(file, (linesRun.get(file) ?? new Set()).add(data.line ?? 0));
    const reason = data.skip ?? data.todo ?? false;
    if (reason === false) continue;
    filesThatSkip.add(file);
    skipped.push(`  ${file}: ${data.name ?? ""}${reason === true ? "" : `: ${reason}`}\n`);
  }
  if (skipped.length > 0) yield `skipped, ${skipped.length} in all:\n${skipped.join("")}`;
  const missing = testFiles().flatMap((file) => {
    const lines = linesRun.get(file);
    if (lines === undefined) return [`${file}: no test of this file ran`];
    // Where the data of a table is absent, one skipped test of its file says so for the rest.
    if (filesThatSkip.has(file)) return [];
    return definitionsIn(file)
      .filter((line) => !lines.has(line))
      .map((line) => `${file}:${line}: this defines tests, and none ran`);
  });
  if (testFiles().length === 0) missing.push("no test file was found");
  if (missing.length === 0) return;
  process.exitCode = 1;
  yield `not every test ran:\n  ${missing.join("\n  ")}\n`;
}

/** The test files of the work tree, tracked or new, by git: not by the runner's own glob. */
function testFiles(): readonly string[] {
  const list = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const files = execFileSync("git", list, { encoding: "utf8" }).split("\n");
  return files.filter((file) => file.endsWith(".test.ts") && existsSync(file));
}

/** The lines on which `file` calls what it imports from node:test to define a test. */
function definitionsIn(file: string): readonly number[] {
  const text = readFileSync(file, "utf8");
  const { program } = parseSync(file, text);
  const names = new Set<string>();
  const lines: number[] = [];
  new Visitor({
    ImportDeclaration: ({ source, specifiers }) => {
      if (source.value !== "node:test") return;
      for (const { local } of specifiers) names.add(local.name);
    },
  }).visit(program);
  new Visitor({
    CallExpression: (call) => {
      const callee = call.callee.type === "MemberExpression" ? call.callee.object : call.callee;
      if (callee.type !== "Identifier" || !names.has(callee.name)) return;
      if (/^(?:test|it|describe|suite)$/u.test(callee.name))
        lines.push(text.slice(0, call.start).split("\n").length);
    },
  }).visit(program);
  return lines;
}
