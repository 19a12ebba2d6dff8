import { basename } from "node:path";
import { type Diagnostic, type Origin, isRaw, openLists } from "../model/index.ts";
import { CONFIG_NAME } from "./find-config.ts";
import { isKustomization, kustomizeNote } from "./kustomize.ts";
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
  /** Takes an object as a snapshot has it: what it is was told when the snapshot was written. */
  pass(raw: unknown, origin: Origin): void;
  /** Takes a document: opens Lists, and keeps back what is no object of a cluster. */
  take(value: unknown, origin: Origin): void;
  report(diagnostic: Diagnostic): void;
  /** Whether nothing was taken and nothing reported. */
  isEmpty(): boolean;
  drained(): Promise<void>;
}

/** The intake of one file. Says at most once that something in the file is no manifest. */
export function createIntake(input: InputFile, sink: ObjectSink): Intake {
  const { file } = input;
  let said = false;
  let empty = true;
  const once = (line: number, text: string): void => {
    if (said) return;
    said = true;
    const severity = input.named ? "warning" : "info";
    sink.report({ severity, file, line, text, decides: false });
  };
  const takeObject = (raw: unknown, origin: Origin): void => {
    for (const found of openLists(raw, origin)) sink.object(found.raw, found.origin);
  };
  return {
    file,
    pass(raw, origin) {
      empty = false;
      sink.object(raw, origin);
    },
    take(value, origin) {
      empty = false;
      if (isKustomization(value, input.path)) {
        if (!said) sink.report(kustomizeNote(value, file, origin.line));
        said = true;
      } else if (basename(input.path) === CONFIG_NAME && !isManifest(value)) {
        said = true; // read by itself, for what it is
      } else if (isManifest(value)) takeObject(value, origin);
      else if (Array.isArray(value) && value.some(isManifest)) {
        sink.report({
          severity: "warning",
          file,
          line: origin.line,
          text: BARE_LIST,
          decides: false,
        });
        for (const [index, item] of value.entries()) {
          takeObject(item, { ...origin, inside: [index] });
        }
      } else if (!input.inChart) {
        once(origin.line, "no Kubernetes object: it has no `kind`, so it was not read");
      }
    },
    report(diagnostic) {
      empty = false;
      sink.report(diagnostic);
    },
    isEmpty: () => empty,
    drained: () => sink.drained?.() ?? Promise.resolve(),
  };
}

const BARE_LIST = "kubectl refuses a bare list: it was read, write `kind: List` with `items`";

/** What has a kind, or what else an object has and lacks only that. The model tells the rest: what is missing, a kind that is unknown. */
function isManifest(value: unknown): boolean {
  if (!isRaw(value)) return false;
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  if (typeof kind === "string" && kind !== "") return true;
  return typeof apiVersion === "string" && (isRaw(value["metadata"]) || isRaw(value["spec"]));
}
