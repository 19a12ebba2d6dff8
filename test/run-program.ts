import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { type TestContext } from "node:test";

import { NODE_COMPILE_CACHE } from "./run-ringfence.ts";

/** What a run of the program printed, and how it ended. */
export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the program of this work tree. */
export function runProgram(args: readonly string[], cwd?: string): Run {
  const main = new URL("../src/cli/main.ts", import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    encoding: "utf8",
    env: { ...process.env, NODE_COMPILE_CACHE, NO_COLOR: "1" },
  });
  return { code: status, out: stdout, err: stderr };
}

/** A folder with these files, by path; it is gone when the test has ended. */
export function folderWith(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "ringfence-test-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
