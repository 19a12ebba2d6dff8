import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import process from "node:process";

/** Gives the path of a file from the root of the repository that `folder` is in, with `/` between folders; from `folder` itself if it is in none. Reports for code hosts name files so. */
export function repositoryPaths(folder: string = process.cwd()): (file: string) => string {
  const root = repositoryRoot(folder) ?? folder;
  return (file) =>
    file === "-" ? file : relative(root, resolve(folder, file)).split(sep).join("/");
}

/** The nearest folder at or above that holds a `.git`: a folder, or a file in a work tree of its own. */
function repositoryRoot(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return undefined;
  }
}
