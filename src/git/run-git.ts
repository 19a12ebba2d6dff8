import { spawn } from "node:child_process";

/** Bytes that git may print: a listing of a million files, or the contents that were asked for. */
const MAX_OUTPUT_BYTES = 512 * 1024 * 1024;

/** What a run of git gave. */
export type GitOutput =
  | { readonly kind: "done"; readonly output: Buffer }
  | { readonly kind: "failed"; readonly text: string };

/** Runs git in a folder, without a shell; `input` is its standard input. Nothing is fetched, asked or written. */
export function runGit(
  folder: string,
  args: readonly string[],
  input?: string,
): Promise<GitOutput> {
  return new Promise((done) => {
    const child = spawn("git", args, { cwd: folder, env: { ...process.env, ...QUIET } });
    const pieces: Buffer[] = [];
    const said: Buffer[] = [];
    let size = 0;
    child.stdout.on("data", (piece: Buffer) => {
      size += piece.length;
      if (size > MAX_OUTPUT_BYTES) child.kill();
      else pieces.push(piece);
    });
    child.stderr.on("data", (piece: Buffer) => said.push(piece));
    child.on("error", (error: NodeJS.ErrnoException) => {
      const text = error.code === "ENOENT" ? "git is not installed" : error.message;
      done({ kind: "failed", text });
    });
    child.on("close", (code) => {
      if (code === 0) done({ kind: "done", output: Buffer.concat(pieces) });
      else done({ kind: "failed", text: failureOf(size, Buffer.concat(said).toString("utf8")) });
    });
    child.stdin.on("error", () => {}); // it ended before it read all: its exit code tells
    child.stdin.end(input ?? "");
  });
}

const QUIET = {
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  GIT_NO_LAZY_FETCH: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_LITERAL_PATHSPECS: "1",
  LC_ALL: "C",
};

function failureOf(size: number, text: string): string {
  if (size > MAX_OUTPUT_BYTES) return `git printed more than ${MAX_OUTPUT_BYTES >> 20} MB`;
  return text
    .trim()
    .split("\n")[0]!
    .replace(/^fatal: /u, "")
    .replaceAll(/\p{Cc}/gu, "?");
}
