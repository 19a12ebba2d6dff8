import { type Dirent, readdirSync, realpathSync, statSync, existsSync } from "node:fs";
import { basename, dirname, join, matchesGlob, relative, resolve, sep } from "node:path";
import type { Diagnostic } from "../model/index.ts";

/** A file to read. `file` is its name as the user may read it. */
export interface InputFile {
  readonly file: string;
  readonly path: string;
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
  const isExcluded = excluder(exclude);
  const walk: Walk = { files: [], diagnostics: [], seen: new Set(), root: "", isExcluded };
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
    } else walk.files.push({ file: shown, path, named: true, inChart: false });
  } catch (error) {
    return faultOf(error);
  }
  const files = walk.files.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  return { files, diagnostics: walk.diagnostics };
}

/** Why the system refused, in its own words without the path. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  if (!("code" in error)) throw error;
  if (error.code === "ENOENT") return "it does not exist";
  if (error.code === "EACCES") return "no permission";
  return error.message;
}

interface Walk {
  readonly files: InputFile[];
  readonly diagnostics: Diagnostic[];
  /** Real paths of files that were taken and folders that were entered. */
  readonly seen: Set<string>;
  readonly isExcluded: (path: string) => boolean;
  root: string;
}

/** Whether a file is excluded, or a folder with everything in it (then nothing is said of what lies there). */
function excluder(exclude: Exclusion | undefined): (path: string) => boolean {
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
function isInput(name: string): boolean {
  const plain = name.endsWith(".gz") ? name.slice(0, -3) : name;
  return EXTENSIONS.some((extension) => plain.endsWith(extension));
}

function listFolder(walk: Walk, path: string, { shown, inChart }: Folder): void {
  walk.seen.add(realpathSync(path));
  if (inTemplates(path)) {
    walk.diagnostics.push(chartNote(tidy(dirname(shown)), shown));
    return;
  }
  const entries = readdirSync(path, { withFileTypes: true }).filter(
    ({ name }) => !name.startsWith(".") && name !== "node_modules",
  );
  const isChart = entries.some((entry) => entry.name === "Chart.yaml");
  if (isChart)
    walk.diagnostics.push(chartNote(shown, shown === "." ? "Chart.yaml" : `${shown}/Chart.yaml`));
  // Links last: what they lead to is often read anyway.
  for (const entry of entries.toSorted(
    (a, b) => Number(a.isSymbolicLink()) - Number(b.isSymbolicLink()),
  )) {
    if (walk.isExcluded(join(path, entry.name))) continue;
    if (isChart && (entry.name === "templates" || entry.name === "charts")) continue;
    const inner = {
      shown: shown === "." ? entry.name : `${shown}/${entry.name}`,
      inChart: isChart || inChart,
    };
    listEntry(walk, { entry, path: join(path, entry.name) }, inner);
  }
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
    if (isFolder) listFolder(walk, path, inner);
    else if (isFile && isInput(entry.name)) {
      walk.seen.add(realpathSync(path));
      walk.files.push({ file: inner.shown, path, named: false, inChart: inner.inChart });
    }
  } catch (error) {
    const text = `\`${inner.shown}\` cannot be read: ${messageOf(error)}`;
    walk.diagnostics.push(say("error", inner.shown, text, true));
  }
}

/** Templates of a chart are no manifests, also when the user names their folder. */
function inTemplates(path: string): boolean {
  const full = resolve(path);
  return basename(full) === "templates" && existsSync(join(dirname(full), "Chart.yaml"));
}

function chartNote(chart: string, file: string): Diagnostic {
  const command = `helm template ${chart} | ringfence scan -`;
  const text = `a Helm chart: its templates were not read, and may hold policies: run \`${command}\``;
  return say("warning", file, text, true);
}

function linkNote(file: string): Diagnostic {
  const text = `\`${file}\` is a link that leads out of the folder: it was not followed, name it`;
  return say("warning", file, text, true);
}

function say(
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
  return plain.length > 1 ? plain.replace(/\/+$/u, "") : plain;
}
