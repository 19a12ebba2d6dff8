import { type Dirent, existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

import type { Diagnostic } from "../model/index.ts";

/** A file to read. `named`: the user gave it by name, so it is read whatever it is called. */
export interface FoundFile {
  readonly file: string;
  readonly named: boolean;
}

const READ = /\.(?:ya?ml|json|ndjson|jsonl)(?:\.gz)?$/u;

/** The files that a path stands for: itself, or all manifests below a directory, sorted by path. Hidden folders, node_modules and links are passed over. */
export function findFiles(
  path: string,
  report: (diagnostic: Diagnostic) => void,
): readonly FoundFile[] {
  const shown = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
  const fail = (text: string): readonly FoundFile[] => {
    report({ severity: "error", file: shown, line: 1, text, decides: true });
    return [];
  };
  if (!existsSync(path)) return fail(`\`${shown}\` does not exist: give a file or a directory`);
  if (!statSync(path).isDirectory()) return [{ file: shown, named: true }];
  return walk(shown, report);
}

function walk(folder: string, report: (diagnostic: Diagnostic) => void): readonly FoundFile[] {
  const entries = listFolder(folder, report).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const names = new Set(entries.map(({ name }) => name));
  const isChart = names.has("Chart.yaml");
  if (isChart) noteChart(folder, report);
  noteKustomization(folder, names, report);
  return entries.flatMap((entry): readonly FoundFile[] => {
    const file = folder === "." ? entry.name : join(folder, entry.name);
    if (entry.isDirectory()) {
      const skip =
        entry.name.startsWith(".") ||
        entry.name === "node_modules" ||
        (isChart && (entry.name === "templates" || entry.name === "charts"));
      return skip ? [] : walk(file, report);
    }
    if (isChart && entry.name !== "crds") return []; // values and metadata of the chart
    return entry.isFile() && READ.test(entry.name) ? [{ file, named: false }] : [];
  });
}

function listFolder(folder: string, report: (diagnostic: Diagnostic) => void): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const text = `this folder cannot be read: ${(error as Error).message}`;
    report({ severity: "error", file: folder, line: 1, text, decides: true });
    return [];
  }
}

/** Templates are no manifests until helm has rendered them; what they hold may decide traffic. */
function noteChart(folder: string, report: (diagnostic: Diagnostic) => void): void {
  const text = `this folder is a Helm chart and is not read: run \`helm template ${folder} | ringfence scan -\``;
  report({ severity: "warning", file: join(folder, "Chart.yaml"), line: 1, text, decides: true });
}

function noteKustomization(
  folder: string,
  names: ReadonlySet<string>,
  report: (diagnostic: Diagnostic) => void,
): void {
  const found = ["kustomization.yaml", "kustomization.yml", "Kustomization"].find((name) =>
    names.has(name),
  );
  if (found === undefined) return;
  const text = `the plain manifests of this kustomization are read as they are: for the built ones run \`kustomize build ${folder} | ringfence scan -\``;
  report({ severity: "info", file: join(folder, found), line: 1, text, decides: false });
}

/** Whether a file is a kustomization: kustomize's own input, never a resource of the cluster. */
export function isKustomization(file: string): boolean {
  return /(?:^|\/)kustomization\.ya?ml$/u.test(file);
}
