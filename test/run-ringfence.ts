import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";

/** What a run of the program left behind. */
export interface ProgramRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

const MAIN = resolve("src/cli/main.ts");

/** Where compiled sources are kept between runs: a start costs a third. */
export const NODE_COMPILE_CACHE: string = join(tmpdir(), "ringfence-compile-cache");

/** Runs the program of this work tree as a process of its own, in the work tree or in `cwd`. */
export async function runRingfence(
  argv: readonly string[],
  { stdin, cwd }: { readonly stdin?: string | undefined; readonly cwd?: string } = {},
): Promise<ProgramRun> {
  const env = { ...process.env, NODE_COMPILE_CACHE, NO_COLOR: "" };
  return await runProgram(process.execPath, [MAIN, ...argv], { stdin, cwd, env });
}

/** Runs any program and gathers what it writes. */
export async function runProgram(
  command: string,
  argv: readonly string[],
  {
    stdin,
    cwd,
    env,
  }: {
    readonly stdin?: string | undefined;
    readonly cwd?: string | undefined;
    readonly env?: NodeJS.ProcessEnv;
  },
): Promise<ProgramRun> {
  const child = spawn(command, argv, { cwd, env: env ?? process.env });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (piece: Buffer) => stdout.push(piece));
  child.stderr.on("data", (piece: Buffer) => stderr.push(piece));
  child.stdin.on("error", () => undefined); // it ended without reading
  child.stdin.end(stdin ?? "");
  const exit = await new Promise<number>((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => done(code ?? -1));
  });
  return {
    stdout: Buffer.concat(stdout).toString("utf8"),
    stderr: Buffer.concat(stderr).toString("utf8"),
    exit,
  };
}
