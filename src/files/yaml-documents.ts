import { YAMLException, load, parseEvents, EVENT_ID, type LoadOptions } from "js-yaml";
import { KUBECTL_SCHEMA } from "./kubectl-schema.ts";
import { MAX_ALIASED_NODES, MAX_ALIASES, MAX_DEPTH } from "./limits.ts";

/** One document of a YAML text. Offsets are in the text; lines count from 1. */
export interface YamlDocument {
  readonly start: number;
  readonly end: number;
  /** The first line that is more than a comment or a separator. */
  readonly line: number;
  readonly value: unknown;
  /** What is wrong; a `fault` means that there is no value. */
  readonly problems: readonly YamlProblem[];
}

/** What is wrong with a document, and in which line. */
export interface YamlProblem {
  readonly kind: "fault" | "warning";
  readonly line: number;
  readonly text: string;
}

/** Reads the documents of a YAML text one by one, as kubectl does; broken ones are told and passed over. */
export function* readYaml(text: string): Generator<YamlDocument> {
  let at = 0;
  let line = 1;
  for (const { start, end, dropped } of splitDocuments(text)) {
    line += countLines(text, at, start);
    at = start;
    const source = text.slice(start, end);
    const first = line + countLines(source, 0, firstContent(source));
    if (dropped) {
      const problem = "kubectl ignores what follows `...` up to the next `---`: it was not read";
      const problems: YamlProblem[] = [{ kind: "warning", line: first, text: problem }];
      yield { start, end, line: first, value: undefined, problems };
    } else yield { start, end, line: first, ...readOne(source, line) };
  }
}

/** Where a document stands in a text: from `start` up to but not including `end`. */
export interface DocumentRange {
  readonly start: number;
  readonly end: number;
  /** It follows a `...` without a `---` of its own: kubectl never sees it. */
  readonly dropped: boolean;
}

/** The documents that hold anything. A `---` or `...` at column 0 ends one, as YAML 9.2 says. */
export function splitDocuments(text: string): readonly DocumentRange[] {
  const documents: DocumentRange[] = [];
  let start = 0;
  let ended = false;
  const push = (end: number): void => {
    const source = text.slice(start, end);
    if (HAS_CONTENT.test(source)) {
      documents.push({ start, end, dropped: ended && !source.startsWith("---") });
    }
    start = end;
  };
  let directives = false;
  for (const { 0: line, index } of text.matchAll(SEPARATOR)) {
    if (line.startsWith("...")) {
      push(index + line.length);
      ended = true;
    } else if (line.startsWith("%")) directives = true;
    else if (directives) directives = false;
    else {
      push(index);
      ended = false;
    }
  }
  push(text.length);
  return documents;
}

const SEPARATOR = /^(?:%.*|(?:---|\.\.\.)(?=[ \t\r\n]|$).*)$/gmu;
/** A line that is no directive, comment, bare separator or blank. */
const HAS_CONTENT = /^(?!%|#|(?:---|\.\.\.)(?:\s|$)[ \t]*(?:#.*)?$|\s*(?:#.*)?$)/mu;

function firstContent(source: string): number {
  const match = HAS_CONTENT.exec(source);
  return match === null ? 0 : match.index;
}

/** The line ends of `text` from `from` up to `to`. */
export function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  let at = text.indexOf("\n", from);
  while (at !== -1 && at < to) {
    lines++;
    at = text.indexOf("\n", at + 1);
  }
  return lines;
}

const OPTIONS: LoadOptions = {
  schema: KUBECTL_SCHEMA,
  maxDepth: MAX_DEPTH,
  maxAliases: MAX_ALIASES,
};

type Loaded = Pick<YamlDocument, "value" | "problems">;

function readOne(source: string, line: number): Loaded {
  try {
    return checked(source, line, load(source, OPTIONS));
  } catch (error) {
    const problem = problemOf(error, line);
    if (problem.text !== "duplicated mapping key") return { value: undefined, problems: [problem] };
    return readWithDuplicates(source, line, problem);
  }
}

/** kubectl takes the last of duplicate keys; its strict validation refuses them. */
function readWithDuplicates(source: string, line: number, problem: YamlProblem): Loaded {
  const text = "a key stands twice in one object: the last one counts, remove the other";
  const warning: YamlProblem = { kind: "warning", line: problem.line, text };
  try {
    const loaded = checked(source, line, load(source, { ...OPTIONS, json: true }));
    return { ...loaded, problems: [warning, ...loaded.problems] };
  } catch (error) {
    return { value: undefined, problems: [warning, problemOf(error, line)] };
  }
}

function problemOf(error: unknown, line: number): YamlProblem {
  if (!(error instanceof YAMLException)) throw error;
  return { kind: "fault", line: line + (error.mark?.line ?? 0), text: error.reason };
}

/** Refuses a value that aliases make endless or huge; a naive walk of one would never come back. */
function checked(source: string, line: number, value: unknown): Loaded {
  if (!source.includes("*") || !source.includes("&") || !hasAlias(source)) {
    return { value, problems: [] };
  }
  const fault = faultOfAliases(value);
  if (fault === undefined) return { value, problems: [] };
  return { value: undefined, problems: [{ kind: "fault", line, text: fault }] };
}

function hasAlias(source: string): boolean {
  return parseEvents(source, { maxDepth: MAX_DEPTH }).some(
    (event) => event.type === EVENT_ID.ALIAS,
  );
}

function faultOfAliases(value: unknown): string | undefined {
  let budget = MAX_ALIASED_NODES;
  const onPath = new Set<object>();
  const walk = (node: unknown): string | undefined => {
    if (--budget < 0) return `its aliases unfold to more than ${MAX_ALIASED_NODES} values`;
    if (typeof node !== "object" || node === null) return undefined;
    if (onPath.has(node)) return "an alias contains itself";
    if (onPath.size >= MAX_DEPTH) return `its aliases nest deeper than ${MAX_DEPTH} levels`;
    onPath.add(node);
    for (const child of Object.values(node)) {
      const fault = walk(child);
      if (fault !== undefined) return fault;
    }
    onPath.delete(node);
    return undefined;
  };
  return walk(value);
}
