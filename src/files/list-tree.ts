import { basename, dirname, extname, join, posix } from "node:path";
import type { Diagnostic } from "../model/index.ts";
import { decode } from "./decode.ts";
import { isKustomizationName, patchFilesOf } from "./kustomize.ts";
import { type Exclusion, type Listing, chartNote, excluder, isInput, say } from "./list-files.ts";

/** Files that somebody else holds, as those of a git revision. Paths are from its root, with `/`. */
export interface FileTree {
  /** The folders and files that are asked for; an empty one is the root. */
  readonly paths: readonly string[];
  readonly files: readonly { readonly path: string; readonly size: number }[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
  readonly submodules: readonly string[];
  /** Where its root is on the disk, for globs: nothing is read there. */
  readonly root: string;
  /** How people may read a path. */
  readonly show: (path: string) => string;
  /** The contents of files; one that cannot be had is not among them. */
  readonly read: (paths: readonly string[]) => Promise<ReadonlyMap<string, Buffer>>;
}

/** The files of a tree that are read, by the rules of folders, and what is to say about the others. */
export async function listTree(tree: FileTree, exclude?: Exclusion): Promise<Listing> {
  const names = new Set(tree.files.map(({ path }) => path));
  const folders = tree.paths.filter((path) => !names.has(path));
  const isRead = readTest(tree, folders, exclude);
  const found = chooseFiles(tree, isRead, names);
  const chosen = new Map(found.chosen);
  for (const path of tree.paths) {
    if (names.has(path)) chosen.set(path, { named: true, inChart: false });
  }
  const diagnostics = [
    ...found.diagnostics,
    ...notesOfOthers(tree, isRead, new Set(chosen.keys())),
  ];
  for (const patch of await patchesOf(tree, [...chosen.keys()])) {
    if (chosen.get(patch)?.named === false) chosen.delete(patch);
  }
  const files = [...chosen]
    .map(([path, how]) => ({ file: tree.show(path), path, real: path, ...how }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  if (files.length === 0 && diagnostics.length === 0) {
    const where = tree.paths.map(tree.show);
    const text = `there are no manifests at \`${where.join("`, `")}\``;
    diagnostics.push(say("warning", where[0] ?? "", text, false));
  }
  return { files, diagnostics };
}

/** Whether a path is below a folder that was asked for, not hidden there and not excluded. */
function readTest(
  { root }: FileTree,
  folders: readonly string[],
  exclude: Exclusion | undefined,
): (path: string) => boolean {
  const isExcluded = excluder(exclude);
  const isLeftOut = (path: string, folder: string): boolean => {
    for (let at = path; at !== folder && at !== "." && at !== ""; at = dirname(at)) {
      if (isExcluded(join(root, at))) return true;
    }
    return false;
  };
  return (path) =>
    folders.some(
      (folder) => isBelow(path, folder) && !isHidden(path, folder) && !isLeftOut(path, folder),
    );
}

/** How a file was chosen. */
interface Choice {
  readonly named: boolean;
  readonly inChart: boolean;
}

/** The files below folders. */
function chooseFiles(
  { files, show }: FileTree,
  isRead: (path: string) => boolean,
  names: ReadonlySet<string>,
): { readonly chosen: ReadonlyMap<string, Choice>; readonly diagnostics: readonly Diagnostic[] } {
  const chosen = new Map<string, Choice>();
  const charts = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const { path } of files) {
    if (!isInput(basename(path)) || !isRead(path)) continue;
    const { chart, isTemplate } = chartOf(path, names);
    if (chart !== undefined && (isTemplate || basename(path) === "Chart.yaml")) charts.add(chart);
    if (isTemplate) continue;
    if (/\p{Cc}/u.test(path)) diagnostics.push(controlNote(show(path)));
    else chosen.set(path, { named: false, inChart: chart !== undefined });
  }
  for (const chart of [...charts].toSorted()) {
    const place = show(posix.join(chart, "Chart.yaml"));
    diagnostics.push(chartNote(chart === "" ? "." : chart, place));
  }
  return { chosen, diagnostics };
}

function isBelow(path: string, folder: string): boolean {
  return folder === "" || path.startsWith(`${folder}/`);
}

/** Below the folder that was asked for; that one may have any name. */
function isHidden(path: string, folder: string): boolean {
  const parts = path.slice(folder === "" ? 0 : folder.length + 1).split("/");
  return parts.some((part) => part.startsWith(".") || part === "node_modules");
}

/** The chart that a file is in, the outermost, and whether it is a template or a chart below it. */
function chartOf(
  path: string,
  names: ReadonlySet<string>,
): { readonly chart: string | undefined; readonly isTemplate: boolean } {
  const parts = path.split("/");
  for (let length = 0; length < parts.length; length++) {
    const folder = parts.slice(0, length).join("/");
    if (!names.has(posix.join(folder, "Chart.yaml"))) continue;
    const next = parts[length];
    return { chart: folder, isTemplate: next === "templates" || next === "charts" };
  }
  return { chart: undefined, isTemplate: false };
}

function controlNote(path: string): Diagnostic {
  const plain = path.replaceAll(/\p{Cc}/gu, "?");
  const text = `\`${plain}\` has control characters in its name: it was not read, rename it`;
  return say("error", plain, text, true);
}

/** Links and submodules are not followed. What a link leads to is often read anyway. */
function notesOfOthers(
  { files, links, submodules, show }: FileTree,
  isAsked: (path: string) => boolean,
  chosen: ReadonlySet<string>,
): readonly Diagnostic[] {
  const plain = (path: string): string => show(path).replaceAll(/\p{Cc}/gu, "?");
  const names = new Set(files.map(({ path }) => path));
  // A link to a file of another kind, as a README, brings no object; one to a folder may.
  const isOther = (to: string): boolean =>
    !isInput(basename(to)) && (names.has(to) || extname(to) !== "");
  const unread = links.filter(({ path, target }) => {
    const to = posix.join(dirname(path), target);
    const isRead = chosen.has(to) || [...chosen].some((file) => file.startsWith(`${to}/`));
    return isAsked(path) && !isRead && (isInput(basename(path)) || !isOther(to));
  });
  return [
    ...unread.map(({ path }) => {
      const text = `\`${plain(path)}\` is a link: links of a revision are not followed, name what it leads to`;
      return say("warning", plain(path), text, true);
    }),
    ...submodules.filter(isAsked).map((path) => {
      const text = `\`${plain(path)}\` is a submodule: it was not read, and may hold policies`;
      return say("warning", plain(path), text, true);
    }),
  ];
}

/** Files that kustomizations among the chosen apply to others: parts of objects. */
async function patchesOf(tree: FileTree, chosen: readonly string[]): Promise<ReadonlySet<string>> {
  const own = chosen.filter((path) => isKustomizationName(basename(path)));
  const texts = own.length === 0 ? new Map<string, Buffer>() : await tree.read(own);
  return new Set(
    [...texts]
      .filter(([, bytes]) => bytes.length <= 1 << 20)
      .flatMap(([path, bytes]) =>
        patchFilesOf(decode(bytes)).map((patch) => posix.join(dirname(path), patch)),
      ),
  );
}
