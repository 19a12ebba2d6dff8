import { EVENT_ID, type Event, YAMLException, constructFromEvents, parseEvents } from "js-yaml";
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
interface DocumentRange {
  readonly start: number;
  readonly end: number;
  /** It follows a `...` without a `---` of its own: kubectl never sees it. */
  readonly dropped: boolean;
}

/** The documents that hold anything. A `---` or `...` at column 0 ends one, as YAML 9.2 says. */
function splitDocuments(text: string): readonly DocumentRange[] {
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

type Loaded = Pick<YamlDocument, "value" | "problems">;

function readOne(source: string, line: number): Loaded {
  try {
    const events = parseEvents(source, { maxDepth: MAX_DEPTH });
    return construct(events, { source, line, duplicates: undefined });
  } catch (error) {
    return { value: undefined, problems: [problemOf(error, line)] };
  }
}

interface Construction {
  readonly source: string;
  readonly line: number;
  /** Said of a key that stands twice, once it was found; then the last one counts, as for kubectl. */
  readonly duplicates: YamlProblem | undefined;
}

/** Events are faster than `load`, by a seventh, and tell of aliases. */
function construct(events: Event[], { source, line, duplicates }: Construction): Loaded {
  const problems = duplicates === undefined ? [] : [duplicates];
  try {
    const [value] = constructFromEvents(events, {
      source,
      schema: KUBECTL_SCHEMA,
      maxAliases: MAX_ALIASES,
      json: duplicates !== undefined,
    });
    const fault = events.some(isAlias) ? faultOfAliases(value) : undefined;
    if (fault === undefined) return { value, problems };
    return { value: undefined, problems: [...problems, { kind: "fault", line, text: fault }] };
  } catch (error) {
    const problem = problemOf(error, line);
    if (duplicates !== undefined || problem.text !== "duplicated mapping key") {
      return { value: undefined, problems: [...problems, problem] };
    }
    const text = "a key stands twice in one object: the last one counts, remove the other";
    const warning: YamlProblem = { kind: "warning", line: problem.line, text };
    return construct(events, { source, line, duplicates: warning });
  }
}

function isAlias(event: Event): boolean {
  return event.type === EVENT_ID.ALIAS;
}

function problemOf(error: unknown, line: number): YamlProblem {
  if (!(error instanceof YAMLException)) throw error;
  return { kind: "fault", line: line + (error.mark?.line ?? 0), text: error.reason };
}

/** What is wrong with a value that aliases make endless or huge: a naive walk of one would never come back. */
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
