import { realpathSync, statSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";

import { type GitOutput, runGit } from "./run-git.ts";

/** The files of a revision, read from git's objects: nothing is checked out. Paths are from the root of the repository, with `/`. */
export interface Revision {
  /** The paths that were asked for. */
  readonly paths: readonly string[];
  readonly files: readonly RevisionFile[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
  readonly submodules: readonly string[];
  /** The folder of its work tree. */
  readonly root: string;
  /** `REV:path`. */
  readonly show: (path: string) => string;
  /** The contents of files; one that git cannot give is not among them. */
  readonly read: (paths: readonly string[]) => Promise<ReadonlyMap<string, Buffer>>;
}

/** A regular file and its size in bytes. */
export interface RevisionFile {
  readonly path: string;
  readonly size: number;
}

/** Paths from where the program was started, or (`rooted`) from the root of the repository, as in `REV:path`. */
export interface RevisionPaths {
  readonly paths: readonly string[];
  readonly rooted: boolean;
  /** Names of files that are also listed where they stand in a folder above a path. */
  readonly above: readonly string[];
}

/** Opens a revision of the repository that the first path is in. Gives a sentence if there is none. */
export async function openRevision(
  rev: string,
  { paths, rooted, above }: RevisionPaths,
): Promise<Revision | string> {
  // git would take it for an option.
  if (rev.startsWith("-") || rev === "")
    return `\`${rev}\` is no revision: write a commit, branch or tag`;
  const folder = rooted ? resolve(".") : folderOf(paths[0] ?? ".");
  const top = await runGit(folder, ["rev-parse", "--show-toplevel"]);
  if (top.kind === "failed") return `\`${rev}\` cannot be read: ${top.text}`;
  const root = top.output.toString("utf8").replace(/\n$/u, "");
  const inside = rooted ? paths.map(rootedPath) : paths.map((path) => pathFrom(root, path));
  const bad = inside.findIndex((path) => path === undefined);
  if (bad >= 0) return `\`${paths[bad]}\` is not in the repository of \`${rev}\``;
  const tree = await runGit(root, ["rev-parse", "--verify", "--quiet", `${rev}^{tree}`]);
  if (tree.kind === "failed") {
    return `there is no revision \`${rev}\`: write a commit, branch or tag that is in this clone`;
  }
  const id = tree.output.toString("utf8").trim();
  return await listTree(
    { root, rev, id, above },
    inside.map((path) => path!),
  );
}

interface Source {
  readonly root: string;
  readonly rev: string;
  /** Of the tree: never an option. */
  readonly id: string;
  readonly above: readonly string[];
}

async function listTree(source: Source, paths: readonly string[]): Promise<Revision | string> {
  const { root, rev, id, above } = source;
  const wanted = paths.includes("")
    ? []
    : [...paths, ...paths.flatMap((path) => filesAbove(path, above))];
  const args = ["ls-tree", "-r", "-z", "-l", "--full-tree", id, "--", ...wanted];
  const listed = await runGit(root, args);
  if (listed.kind === "failed") return `\`${rev}\` cannot be read: ${listed.text}`;
  const entries = entriesOf(listed);
  const ids = new Map(entries.map((entry) => [entry.path, entry.id]));
  const read: Revision["read"] = (asked) => readBlobs(root, ids, asked);
  const links = entries.filter(({ mode }) => mode === "120000").map(({ path }) => path);
  const targets = links.length === 0 ? new Map<string, Buffer>() : await read(links);
  return {
    paths,
    root,
    files: entries.filter(({ mode }) => mode.startsWith("100")),
    links: links.map((path) => ({ path, target: targets.get(path)?.toString("utf8") ?? "" })),
    submodules: entries.filter(({ mode }) => mode === "160000").map(({ path }) => path),
    show: (path) => `${rev}:${path}`,
    read,
  };
}

function filesAbove(path: string, names: readonly string[]): readonly string[] {
  const parts = path.split("/");
  return parts.flatMap((_, index) =>
    names.map((name) => [...parts.slice(0, index), name].join("/")),
  );
}

interface Entry extends RevisionFile {
  readonly mode: string;
  readonly id: string;
}

/** `MODE TYPE ID SIZE<tab>PATH`, each ended by a zero. */
function entriesOf(listed: GitOutput & { readonly kind: "done" }): readonly Entry[] {
  return listed.output
    .toString("utf8")
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => {
      const tab = line.indexOf("\t");
      const [mode = "", , id = "", size = ""] = line.slice(0, tab).split(/ +/u);
      return { mode, id, size: Number(size) || 0, path: line.slice(tab + 1) };
    });
}

/** `ID blob SIZE<newline>CONTENT<newline>` for each, in the order of the questions; `ID missing` for what is not there. */
async function readBlobs(
  root: string,
  ids: ReadonlyMap<string, string>,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const known = paths.filter((path) => ids.has(path));
  const input = known.map((path) => `${ids.get(path)}\n`).join("");
  const run = await runGit(root, ["cat-file", "--batch"], input);
  const out = new Map<string, Buffer>();
  if (run.kind === "failed") return out;
  let at = 0;
  for (const path of known) {
    const end = run.output.indexOf(10, at);
    if (end < 0) break;
    const [, type, size] = run.output.toString("latin1", at, end).split(" ");
    at = end + 1;
    if (type !== "blob") continue;
    out.set(path, run.output.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return out;
}

/** The folder that a path is or is in, as far as it exists: the revision may have what the work tree does not. */
function folderOf(path: string): string {
  for (let at = resolve(path); ; at = dirname(at)) {
    try {
      if (statSync(at).isDirectory()) return at;
    } catch {
      // It does not exist: the folder above may.
    }
    if (at === dirname(at)) return at;
  }
}

/** A path from the root of the repository; `undefined` if it is outside. */
function pathFrom(root: string, path: string): string | undefined {
  const folder = folderOf(path);
  const full = resolve(realpathSync(folder), relative(folder, resolve(path)));
  const found = relative(realpathSync(root), full).split(sep).join("/");
  return found === ".." || found.startsWith("../") ? undefined : found;
}

/** As git reads `REV:path`: from the root, without a way out of it. */
function rootedPath(path: string): string | undefined {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return parts.includes("..") ? undefined : parts.join("/");
}
