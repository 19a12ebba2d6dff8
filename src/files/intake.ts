import { basename, dirname } from "node:path";
import { type Diagnostic, type Origin, openLists } from "../model/index.ts";
import { CONFIG_NAME } from "./find-config.ts";
import type { InputFile } from "./list-files.ts";

/** Where what is read goes: every object by itself, with its place. */
export interface ObjectSink {
  object(raw: unknown, origin: Origin): void;
  report(diagnostic: Diagnostic): void;
  /** Waits until what was given is taken up, where that takes time. */
  drained?(): Promise<void>;
}

/** What the readers of one file give their documents to. */
export interface Intake {
  readonly file: string;
  /** Takes a document: opens Lists, and keeps back what is no object of a cluster. */
  take(value: unknown, origin: Origin): void;
  report(diagnostic: Diagnostic): void;
  drained(): Promise<void>;
}

/** The intake of one file. Says at most once that something in the file is no manifest. */
export function createIntake(input: InputFile, sink: ObjectSink): Intake {
  const { file } = input;
  let said = false;
  const once = (line: number, text: string): void => {
    if (said) return;
    said = true;
    const severity = input.named ? "warning" : "info";
    sink.report({ severity, file, line, text, decides: false });
  };
  return {
    file,
    take(value, origin) {
      if (isKustomization(value, file)) {
        if (!said) sink.report(kustomizeNote(file, origin.line));
        said = true;
      } else if (basename(file) === CONFIG_NAME && !isManifest(value)) {
        said = true; // read by itself, for what it is
      } else if (isManifest(value)) {
        for (const found of openLists(value, origin)) sink.object(found.raw, found.origin);
      } else if (!input.inChart) {
        once(origin.line, "no Kubernetes object: it has no `kind`, so it was not read");
      }
    },
    report: (diagnostic) => sink.report(diagnostic),
    drained: () => sink.drained?.() ?? Promise.resolve(),
  };
}

/** What has a kind. The model tells the rest: an apiVersion that is missing, a kind that is unknown. */
function isManifest(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "kind" in value && typeof value.kind === "string" && value.kind !== "";
}

/** kustomize's own files. Flux has a kind of the same name, which is an object of a cluster. */
function isKustomization(value: unknown, file: string): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  if (typeof apiVersion === "string") return apiVersion.startsWith("kustomize.config.k8s.io/");
  if (kind !== undefined) return false;
  return /^(?:kustomization\.ya?ml|Kustomization)$/u.test(basename(file));
}

function kustomizeNote(file: string, line: number): Diagnostic {
  const folder = file === "-" ? "." : dirname(file);
  const command = `kustomize build ${folder} | ringfence scan -`;
  const text = `a kustomization: the manifests were read as they are; for its result run \`${command}\``;
  return { severity: "info", file, line, text, decides: false };
}
