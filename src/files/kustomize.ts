import { basename, dirname } from "node:path";
import { type Diagnostic, isRaw } from "../model/index.ts";
import { readYaml } from "./yaml-documents.ts";

/** Whether a file of this name is kustomize's own, whatever it says. */
export function isKustomizationName(name: string): boolean {
  return /^(?:kustomization\.ya?ml|Kustomization)$/u.test(name);
}

/** kustomize's own files. Flux has a kind of the same name, which is an object of a cluster. */
export function isKustomization(value: unknown, file: string): boolean {
  if (!isRaw(value)) return false;
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  if (typeof apiVersion === "string") return apiVersion.startsWith("kustomize.config.k8s.io/");
  return kind === undefined && isKustomizationName(basename(file));
}

/** The note about a kustomization. Patches and charts that it adds may decide traffic, and only kustomize can apply them. */
export function kustomizeNote(value: unknown, file: string, line: number): Diagnostic {
  const folder = file === "-" ? "." : dirname(file);
  const command = `\`kustomize build ${folder} | ringfence scan -\``;
  const unread = UNREAD.filter((key) => isRaw(value) && !isNone(value[key]));
  if (unread.length === 0) {
    const text = `a kustomization: the manifests were read as they are; for its result run ${command}`;
    return { severity: "info", file, line, text, decides: false };
  }
  const what = unread.map((key) => `\`${key}\``).join(", ");
  const text = `a kustomization: the manifests were read without its ${what}: run ${command}`;
  return { severity: "warning", file, line, text, decides: true };
}

/** The paths in a kustomization that are patches: parts of objects, not objects. Relative to its folder. */
export function patchFilesOf(text: string): readonly string[] {
  return [...readYaml(text)].flatMap(({ value }) => {
    if (!isRaw(value)) return [];
    const items = PATCHES.flatMap((key): readonly unknown[] => {
      const list = value[key];
      return Array.isArray(list) ? list : [];
    });
    return items.flatMap((item) => {
      const path = isRaw(item) ? item["path"] : item;
      // A patch may stand in the kustomization itself.
      return typeof path === "string" && !path.includes("\n") ? [path] : [];
    });
  });
}

const PATCHES = ["patches", "patchesStrategicMerge", "patchesJson6902"];
const UNREAD = [...PATCHES, "helmCharts", "helmChartInflationGenerator", "generators"];

function isNone(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
