import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/** The name of the configuration. */
export const CONFIG_NAME = "ringfence.yaml";

/**
 * The nearest `ringfence.yaml` at or above a path up to the root of its repository (a folder with `.git`); without a repository up to the working directory,
 * and where that is not above it in its own folder only. `-` is looked for at the working directory.
 */
export function findConfig(path: string): string | undefined {
  const start = folderOf(path === "-" ? "." : path);
  const chain: string[] = [];
  for (let folder = start; ; folder = dirname(folder)) {
    chain.push(folder);
    if (folder === dirname(folder)) break;
  }
  const root = chain.findIndex((folder) => existsSync(join(folder, ".git")));
  const working = chain.indexOf(resolve("."));
  const last = root >= 0 ? root : Math.max(working, 0);
  const found = chain.slice(0, last + 1).find((folder) => existsSync(join(folder, CONFIG_NAME)));
  return found === undefined ? undefined : shownPath(join(found, CONFIG_NAME));
}

function folderOf(path: string): string {
  const full = resolve(path);
  return statSync(full, { throwIfNoEntry: false })?.isDirectory() === true ? full : dirname(full);
}

/** A path as people write it: relative where it is below the working directory. */
function shownPath(path: string): string {
  const near = relative(".", path);
  return (near.startsWith("..") ? path : near).split(sep).join("/");
}
