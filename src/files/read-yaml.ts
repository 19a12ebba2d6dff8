import type { Origin } from "../model/index.ts";
import type { Sink } from "./sink.ts";
import { type FoundFile } from "./walk.ts";
import { type YamlProblem, readYamlDocuments } from "./yaml-documents.ts";

/** Reads the documents of a YAML text into the sink. A broken one may hide a policy, unless its text names a kind that cannot decide traffic. */
export function readYaml(text: string, { file, named }: FoundFile, sink: Sink): void {
  const { documents, problems } = readYamlDocuments(text);
  for (const problem of problems) report(problem, file, sink);
  let others = 0;
  for (const { value, start, end, line } of documents) {
    const origin: Origin = { file, line, start, end, format: "yaml", inside: [] };
    if (isManifest(value)) sink.object(value, origin);
    else if (others++ === 0) {
      const what = "this is no Kubernetes object (no apiVersion and kind) and is passed over";
      const severity = named ? "warning" : "info";
      sink.report({ severity, file, line, text: what, decides: false });
    }
  }
}

/** Something that has an apiVersion or a kind is meant to be an object; values and settings of other tools have neither. */
function isManifest(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return "apiVersion" in value || "kind" in value;
}

function report({ line, text, broken, source }: YamlProblem, file: string, sink: Sink): void {
  const decides = broken && mayDecide(source);
  sink.report({ severity: broken ? "error" : "warning", file, line, text, decides });
}

/** Kinds that no verdict depends on. */
const HARMLESS =
  /^kind:[ \t]*["']?(?:ConfigMap|Secret|ServiceAccount|Role|RoleBinding|ClusterRole|ClusterRoleBinding|PersistentVolumeClaim|PersistentVolume|StorageClass|HorizontalPodAutoscaler|PodDisruptionBudget|CustomResourceDefinition)["']?[ \t]*$/mu;

function mayDecide(source: string): boolean {
  const kinds = source.match(/^kind:/gmu) ?? [];
  return kinds.length !== 1 || !HARMLESS.test(source);
}
