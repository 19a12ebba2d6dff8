import { spawn } from "node:child_process";
import { chmodSync, globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import process from "node:process";

import { NODE_COMPILE_CACHE } from "./run-ringfence.ts";

/** A command of a fenced `console` block and what it should print. */
export interface ConsoleCommand {
  readonly command: string;
  readonly output: string;
  /** From a line `exit: N` behind the output; 0 without one. */
  readonly exit: number;
}

/** A fenced `console` block of a Markdown text: `text.slice(start, end)` is what stands between its fences. */
export interface ConsoleBlock {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly commands: readonly ConsoleCommand[];
  /** From a comment `<!-- not run: reason -->` right before the block. */
  readonly notRun: string | undefined;
}

/** The Markdown files whose commands are run. */
export function documents(): readonly string[] {
  return ["README.md", ...globSync(["docs/*.md", "examples/*/README.md"]).toSorted()];
}

/** The console blocks of a Markdown text, in order. */
export function consoleBlocks(text: string): readonly ConsoleBlock[] {
  const blocks: ConsoleBlock[] = [];
  const pattern = /(?:<!-- not run: (.+?) -->\n+)?^```console\n([\s\S]*?)^```$/gmu;
  for (const { 0: whole, 1: notRun, 2: body = "", index } of text.matchAll(pattern)) {
    const end = index + whole.length - "```".length;
    const start = end - body.length;
    const line = text.slice(0, start).split("\n").length;
    blocks.push({ line, start, end, notRun, commands: commandsOf(body) });
  }
  return blocks;
}

function commandsOf(body: string): readonly ConsoleCommand[] {
  return body
    .split(/^(?=\$ )/mu)
    .filter((part) => part.startsWith("$ "))
    .map((part) => {
      const [first = "", ...rest] = part.trimEnd().split("\n");
      const exit = /^exit: (\d+)$/u.exec(rest.at(-1) ?? "")?.[1];
      const output = exit === undefined ? rest : rest.slice(0, -1);
      return { command: first.slice(2), output: output.join("\n"), exit: Number(exit ?? 0) };
    });
}

/** Writes commands as they stand between the fences of a block. */
export function formatCommands(commands: readonly ConsoleCommand[]): string {
  return commands
    .map(({ command, output, exit }) => {
      const lines = [`$ ${command}`, output, exit === 0 ? "" : `exit: ${exit}`];
      return `${lines.filter((line) => line !== "").join("\n")}\n`;
    })
    .join("\n");
}

/** Runs a command line in a shell whose `ringfence` is the program of this work tree; gives standard output and exit. */
export async function runCommand(command: string): Promise<ConsoleCommand> {
  const bin = mkdtempSync(join(tmpdir(), "ringfence-docs-"));
  const shim = join(bin, "ringfence");
  writeFileSync(
    shim,
    `#!/bin/sh\nexec "${process.execPath}" "${resolve("src/cli/main.ts")}" "$@"\n`,
  );
  chmodSync(shim, 0o755);
  const PATH = [bin, process.env["PATH"]].join(delimiter);
  const child = spawn("sh", ["-c", command], {
    env: { ...process.env, PATH, NODE_COMPILE_CACHE, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const pieces: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
  const exit = await new Promise<number>((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => done(code ?? 1));
  });
  rmSync(bin, { recursive: true });
  // Markdown formatters take spaces at the end of lines away.
  const output = Buffer.concat(pieces)
    .toString("utf8")
    .replaceAll(/[ \t]+$/gmu, "");
  return { command, output: output.trimEnd(), exit };
}

/** Whether a block's command can be run here: it is ours, or feeds ours from a file of the repository. */
export function canRun(command: string): boolean {
  return /^(?:cat \S+ \| |sed -s (?:-e '[^']*' )+[\w ./*-]+ \| )?ringfence /u.test(command);
}
