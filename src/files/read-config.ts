import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { BaseIssue, GenericSchema } from "valibot";

import { type ValibotModule, shown } from "../base/index.ts";
import { type Diagnostic, isRaw } from "../model/index.ts";
import { messageOf } from "./list-files.ts";
import { decode } from "./decode.ts";
import { countLines, readYaml } from "./yaml-documents.ts";
import { pathKey, yamlOffsets } from "./yaml-offsets.ts";

/** Bytes of a configuration. 1 MB are some ten thousand intents by hand. */
const MAX_CONFIG_BYTES = 1024 * 1024;

/** A file of settings that was read: its value, or what is wrong with it. */
export interface ReadYamlFile<T> {
  readonly file: string;
  readonly folder: string;
  /** Nothing if there is a problem. */
  readonly value: T | undefined;
  readonly problems: readonly Diagnostic[];
  /** The line of a path in it, or of the nearest parent that exists. */
  readonly lineOf: (path: readonly (string | number)[]) => number;
}

/** Reads a file as one document of YAML and checks it. All problems are told at once, each with its line. */
export async function readChecked<T>(
  file: string | GivenText,
  schemaOf: (v: ValibotModule) => GenericSchema<unknown, T>,
): Promise<ReadYamlFile<T>> {
  const raw = typeof file === "string" ? readYamlFile(file) : readYamlText(file);
  if (raw.problems.length > 0) return { ...raw, value: undefined };
  // An empty file, or one of comments only, sets nothing.
  const given = raw.value ?? {};
  const v = await import("valibot");
  const { success, output, issues } = v.safeParse(schemaOf(v), given, { message: wordOf });
  if (success) return { ...raw, value: output };
  const problems = problemsOf(issues).map(([path, text]): Diagnostic => {
    const line = raw.lineOf(path);
    return { severity: "error", file: raw.file, line, text: described(path, text), decides: false };
  });
  const sorted = problems.toSorted((a, b) => a.line - b.line);
  return { ...raw, value: undefined, problems: sorted };
}

/** An entry of a list that was checked by itself: its value, or what is wrong with it in one line. */
export interface CheckedItem<T> {
  readonly line: number;
  /** Its own name, as far as it has one. */
  readonly name: string;
  readonly value: T | undefined;
  readonly why: string;
}

/** Checks the entries of a file that is one list, each by itself. Gives a sentence if it is no list. */
export async function checkItems<T>(
  { file, value: list, lineOf }: ReadYamlFile<unknown>,
  schemaOf: (v: ValibotModule) => GenericSchema<unknown, T>,
): Promise<readonly CheckedItem<T>[] | string> {
  if (!Array.isArray(list)) return `\`${file}\` holds no list of entries`;
  const v = await import("valibot");
  const schema = schemaOf(v);
  return list.map((item: unknown, index) => {
    const { success, output, issues } = v.safeParse(schema, item, { message: wordOf });
    const given = isRaw(item) ? item["name"] : undefined;
    const at = {
      line: lineOf([index]),
      name: typeof given === "string" ? given : `entry ${index + 1}`,
    };
    if (success) return { ...at, value: output, why: "" };
    const texts = problemsOf(issues).map(([path, text]) => described(path, text));
    return { ...at, value: undefined, why: texts.join("; ") };
  });
}

/** Reads a file as one document of YAML, by the rules and limits of manifests. */
export function readYamlFile(file: string): ReadYamlFile<unknown> {
  const folder = dirname(resolve(file));
  const fail = (why: string): ReadYamlFile<unknown> => {
    const problem = { severity: "error", file, line: 1, text: why, decides: false } as const;
    return { file, folder, value: undefined, problems: [problem], lineOf: () => 1 };
  };
  try {
    const { size } = statSync(file);
    if (size > MAX_CONFIG_BYTES) return fail(TOO_LARGE);
    return readYamlText({ file, folder, bytes: readFileSync(file) });
  } catch (error) {
    return fail(`\`${file}\` cannot be read: ${messageOf(error)}`);
  }
}

const TOO_LARGE = `larger than ${MAX_CONFIG_BYTES >> 20} MB: split it`;

/** A file that somebody else holds, with the folder that its globs are relative to. */
export interface GivenText {
  readonly file: string;
  readonly folder: string;
  readonly bytes: Buffer;
}

function readYamlText({ file, folder, bytes }: GivenText): ReadYamlFile<unknown> {
  const say = (line: number, text: string): Diagnostic => {
    return { severity: "error", file, line, text, decides: false };
  };
  const fail = (problems: readonly Diagnostic[]): ReadYamlFile<unknown> => {
    return { file, folder, value: undefined, problems, lineOf: () => 1 };
  };
  if (bytes.length > MAX_CONFIG_BYTES) return fail([say(1, TOO_LARGE)]);
  const text = decode(bytes);
  const documents = [...readYaml(text)];
  const problems = documents.flatMap((document) => document.problems);
  if (problems.length > 0) {
    return fail(problems.map((problem) => say(problem.line, problem.text)));
  }
  const [document, second] = documents;
  if (second !== undefined) return fail([say(second.line, "a second document: write one only")]);
  if (document === undefined) {
    return { file, folder, value: undefined, problems: [], lineOf: () => 1 };
  }
  const { start, end, value } = document;
  const lineOf = (path: readonly (string | number)[]): number => {
    const offset = yamlOffsets(text.slice(start, end))(path);
    return offset === undefined ? document.line : 1 + countLines(text, 0, start + offset);
  };
  return { file, folder, value, problems: [], lineOf };
}

type Found = readonly [path: readonly (string | number)[], text: string];

/** What is to say of issues: nothing of an object as a whole where one of its keys is unknown, and perhaps another was meant. */
function problemsOf(issues: readonly BaseIssue<unknown>[]): readonly Found[] {
  const found = issues.flatMap(innermost);
  const unknown = found.filter(([, text]) => text.startsWith("unknown key"));
  const strange = new Set(unknown.map(([path]) => pathKey(path.slice(0, -1))));
  return found.filter(
    (each) => unknown.includes(each) || each[0].length === 0 || !strange.has(pathKey(each[0])),
  );
}

/** The issues that a person made: of alternatives those of the one whose type was written. */
function innermost(issue: BaseIssue<unknown>): readonly Found[] {
  const path = pathOf(issue);
  const deeper = (issue.issues ?? []).filter((each) => pathOf(each).length > 0 || !isOfType(each));
  if (issue.issues === undefined) return [[path, issue.message]];
  if (deeper.length === 0) return [[path, issue.message]];
  return deeper.flatMap(innermost).map(([below, text]): Found => [[...path, ...below], text]);
}

/** An issue in words with its place; an unknown key is named already. */
function described(path: readonly (string | number)[], text: string): string {
  const parent = text.startsWith("unknown key") ? path.slice(0, -1) : path;
  return parent.length === 0 ? text : `\`${nameOf(parent)}\`: ${text}`;
}

/** Whether an alternative was refused for its type: then another was meant. */
function isOfType({ kind }: BaseIssue<unknown>): boolean {
  return kind === "schema";
}

function pathOf({ path }: BaseIssue<unknown>): readonly (string | number)[] {
  return (path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
}

/** `zones[0].name`. */
function nameOf(path: readonly (string | number)[]): string {
  return path
    .map((step, index) =>
      typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`,
    )
    .join("");
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  array: "a list",
  record: "an object",
  number: "a number",
  boolean: "true or false",
};

/** The words for an issue that its schema has none for. */
function wordOf(issue: BaseIssue<unknown>): string {
  if (issue.path?.at(-1)?.origin === "key" && issue.input === undefined) return "it is missing";
  if (issue.type === "union")
    return `it is ${shown(issue.input)}, which is none of what may stand here`;
  const wanted = TYPES[issue.type];
  if (wanted === undefined) return `it is ${shown(issue.input)}, which may not stand here`;
  const hint = wanted === "text" ? ": put it in quotes" : "";
  return `it must be ${wanted}, not ${shown(issue.input)}${hint}`;
}
