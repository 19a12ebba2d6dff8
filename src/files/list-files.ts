import {
  type Dirent,
  readFileSync,
  readdirSync,
  realpathSync,
  statSync,
  existsSync,
} from "node:fs";
import { basename, dirname, join, matchesGlob, relative, resolve, sep } from "node:path";
import type { Diagnostic } from "../model/index.ts";
import { decode } from "./decode.ts";
import { isKustomizationName, patchFilesOf } from "./kustomize.ts";

/** A file to read. `file` is its name as the user may read it. */
export interface InputFile {
  readonly file: string;
  readonly path: string;
  /** The path without links: a file that is reached on two ways is read once. */
  readonly real: string;
  /** The user named this file, not only its folder. */
  readonly named: boolean;
  /** It lies in a Helm chart: what is no object there is the chart's own. */
  readonly inChart: boolean;
}

/** What a path leads to: the files, and what is to say about those that are not read. */
export interface Listing {
  readonly files: readonly InputFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Globs of paths, relative to a folder, that are not read; `**` is any number of folders. */
export interface Exclusion {
  readonly folder: string;
  readonly globs: readonly string[];
}

/** The files under `path` in the order of their paths, or the file itself. Only manifests, JSON and snapshots are taken from a folder, and of them none that is excluded; a file that is named is read. */
export function listFiles(path: string, exclude?: Exclusion): Listing {
  const walk: Walk = {
    files: [],
    diagnostics: [],
    seen: new Set(),
    patches: new Set(),
    root: "",
    isExcluded: excluder(exclude),
  };
  const shown = tidy(path);
  const faultOf = (error: unknown): Listing => {
    const text = `\`${shown}\` cannot be read: ${messageOf(error)}`;
    return { files: [], diagnostics: [say("error", shown, text, true)] };
  };
  try {
    if (statSync(path).isDirectory()) {
      walk.root = realpathSync(path);
      listFolder(walk, path, { shown, inChart: existsSync(join(path, "Chart.yaml")) });
      if (walk.files.length === 0 && walk.diagnostics.length === 0) {
        const text = `the folder \`${shown}\` holds no manifests (${EXTENSIONS.join(", ")})`;
        walk.diagnostics.push(say("warning", shown, text, false));
      }
    } else
      walk.files.push({ file: shown, path, real: realPathOf(path), named: true, inChart: false });
  } catch (error) {
    return faultOf(error);
  }
  const manifests = walk.files.filter(
    (file) => file.named || !walk.patches.has(resolve(file.path)),
  );
  const files = manifests.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  return { files, diagnostics: walk.diagnostics };
}

/** The path without links, as far as it exists. */
export function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path); // It does not exist (yet), or is a pipe: its reader tells.
  }
}

/** Why the system refused, in its own words without the path. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  if (!("code" in error)) throw error;
  if (error.code === "ENOENT") return "it does not exist";
  if (error.code === "EACCES") return "no permission";
  if (error.code === "ELOOP") return "its links lead in a circle";
  return error.message;
}

interface Walk {
  readonly files: InputFile[];
  readonly diagnostics: Diagnostic[];
  /** Real paths of files that were taken and folders that were entered. */
  readonly seen: Set<string>;
  /** Files that a kustomization applies to others: parts of objects. */
  readonly patches: Set<string>;
  readonly isExcluded: (path: string) => boolean;
  root: string;
}

/** Whether a file is excluded, or a folder with everything in it (then nothing is said of what lies there). */
export function excluder(exclude: Exclusion | undefined): (path: string) => boolean {
  if (exclude === undefined) return () => false;
  const folders = exclude.globs.flatMap((glob) =>
    glob.endsWith("/**") ? [glob.slice(0, -3)] : [],
  );
  const globs = [...exclude.globs, ...folders];
  return (path) => {
    const near = relative(exclude.folder, resolve(path));
    return globs.some((glob) => matchesGlob(near, glob));
  };
}

interface Folder {
  readonly shown: string;
  readonly inChart: boolean;
}

const EXTENSIONS = [".yaml", ".yml", ".json", ".ndjson", ".jsonl"];

/** Whether a folder's file of this name is read. */
export function isInput(name: string): boolean {
  const plain = name.endsWith(".gz") ? name.slice(0, -3) : name;
  return isKustomizationName(name) || EXTENSIONS.some((extension) => plain.endsWith(extension));
}

function listFolder(walk: Walk, path: string, { shown, inChart }: Folder): void {
  walk.seen.add(realpathSync(path));
  const above = levelsBelowChart(path);
  if (above > 0) {
    walk.diagnostics.push(chartNote(join(shown, ...Array<string>(above).fill("..")), shown));
    return;
  }
  const entries = readdirSync(path, { withFileTypes: true }).filter(
    ({ name }) => !name.startsWith(".") && name !== "node_modules",
  );
  const isChart = entries.some((entry) => entry.name === "Chart.yaml");
  if (isChart)
    walk.diagnostics.push(chartNote(shown, shown === "." ? "Chart.yaml" : `${shown}/Chart.yaml`));
  for (const entry of entries.toSorted(linksLast)) {
    if (walk.isExcluded(join(path, entry.name))) continue;
    if (isChart && (entry.name === "templates" || entry.name === "charts")) continue;
    const inner = {
      shown: shown === "." ? entry.name : `${shown}/${entry.name}`,
      inChart: isChart || inChart,
    };
    listEntry(walk, { entry, path: join(path, entry.name) }, inner);
  }
}

/** Links last, what they lead to is often read anyway; else by name, whatever order the system gives. */
function linksLast(a: Dirent, b: Dirent): number {
  const links = Number(a.isSymbolicLink()) - Number(b.isSymbolicLink());
  if (links !== 0) return links;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Only what a small file says: a kustomization is a list of names. */
function addPatches({ patches }: Walk, folder: string, name: string): void {
  const path = join(folder, name);
  if (statSync(path).size > 1 << 20) return;
  for (const patch of patchFilesOf(decode(readFileSync(path)))) patches.add(resolve(folder, patch));
}

function listEntry(
  walk: Walk,
  { entry, path }: { entry: Dirent; path: string },
  inner: Folder,
): void {
  let isFolder = entry.isDirectory();
  let isFile = entry.isFile();
  try {
    if (entry.isSymbolicLink()) {
      const real = realpathSync(path);
      const target = statSync(real);
      if (walk.seen.has(real)) return;
      isFolder = target.isDirectory();
      isFile = target.isFile();
      if (!real.startsWith(walk.root + sep)) {
        if (isFolder || isInput(entry.name)) walk.diagnostics.push(linkNote(inner.shown));
        return;
      }
    }
    const refusal = refusalOf(entry.name, inner.shown, { isFolder, isFile });
    if (refusal !== undefined) {
      walk.diagnostics.push(refusal);
      return;
    }
    if (isFolder) listFolder(walk, path, inner);
    else if (isFile && isInput(entry.name)) {
      const real = realpathSync(path);
      walk.seen.add(real);
      if (isKustomizationName(entry.name)) addPatches(walk, dirname(path), entry.name);
      walk.files.push({ file: inner.shown, path, real, named: false, inChart: inner.inChart });
    }
  } catch (error) {
    sayUnreadable(walk, entry, inner.shown, error);
  }
}

/** Why something that may hold manifests is not opened. */
function refusalOf(
  name: string,
  shown: string,
  { isFolder, isFile }: { isFolder: boolean; isFile: boolean },
): Diagnostic | undefined {
  if (!isFolder && !isInput(name)) return undefined;
  if (/\p{Cc}/u.test(name)) {
    const plain = shown.replaceAll(/\p{Cc}/gu, "?");
    const text = `\`${plain}\` has control characters in its name: it was not read, rename it`;
    return say("error", plain, text, true);
  }
  if (isFolder || isFile) return undefined;
  const text = `\`${shown}\` is no regular file: it was not read, name it`;
  return say("warning", shown, text, true);
}

/** A link that leads to nothing decides only if its name is that of a manifest. */
function sayUnreadable(walk: Walk, entry: Dirent, shown: string, error: unknown): void {
  const text = `\`${shown}\` cannot be read: ${messageOf(error)}`;
  const isDangling = entry.isSymbolicLink() && !isInput(entry.name);
  walk.diagnostics.push(say(isDangling ? "warning" : "error", shown, text, !isDangling));
}

/** How far a folder of templates is below its chart, also when the user names that folder; 0 if it is none. Templates are no manifests. */
function levelsBelowChart(path: string): number {
  let levels = 1;
  for (let at = resolve(path); at !== dirname(at); at = dirname(at), levels++) {
    if (basename(at) === "templates" && existsSync(join(dirname(at), "Chart.yaml"))) return levels;
  }
  return 0;
}

/** Says that the templates of a chart are no manifests. */
export function chartNote(chart: string, file: string): Diagnostic {
  const command = `helm template ${chart} | ringfence scan -`;
  const text = `a Helm chart: its templates were not read, and may hold policies: run \`${command}\``;
  return say("warning", file, text, true);
}

function linkNote(file: string): Diagnostic {
  const text = `\`${file}\` is a link that leads out of the folder: it was not followed, name it`;
  return say("warning", file, text, true);
}

/** Something to say about a file as a whole. */
export function say(
  severity: Diagnostic["severity"],
  file: string,
  text: string,
  decides: boolean,
): Diagnostic {
  return { severity, file, line: 1, text, decides };
}

/** A path as people write it: `/` between folders, no `./` before and no `/` behind. */
function tidy(path: string): string {
  const plain = path.replaceAll("\\", sep === "\\" ? "/" : "\\").replace(/^(?:\.\/+)+(?=.)/u, "");
  if (plain === "-") return "./-"; // a file of this name, not standard input
  return plain.length > 1 ? plain.replace(/\/+$/u, "") : plain;
}
