import { YAMLException, load } from "js-yaml";

import { KUBECTL_SCHEMA } from "./kubectl-schema.ts";
import { LIMITS } from "./limits.ts";

/** One document of a YAML text. `start` and `end` are offsets, `line` is the first line with content, from 1. */
export interface YamlDocument {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly value: unknown;
}

/** Something wrong at a line, from 1. `broken`: the document could not be read; then `source` is its text. */
export interface YamlProblem {
  readonly line: number;
  readonly text: string;
  readonly broken: boolean;
  readonly source: string;
}

/** Reads a text document by document as kubectl does; a broken document costs only itself. Documents without content are left out. */
export function readYamlDocuments(text: string): {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly YamlProblem[];
} {
  const documents: YamlDocument[] = [];
  const problems: YamlProblem[] = [];
  const lines = lineCounter(text);
  for (const { start, end, dropped } of splitDocuments(text)) {
    if (documents.length >= LIMITS.documents) {
      const tooMany = `more than ${LIMITS.documents} documents: split the file`;
      problems.push({ line: lines(start), text: tooMany, broken: true, source: "" });
      break;
    }
    const source = text.slice(start, end);
    const line = lines(start + contentOffset(source));
    if (dropped) {
      const why = "kubectl drops what follows `...`: begin the next document with `---`";
      problems.push({ line, text: why, broken: false, source });
    }
    const { value, problem } = readOne(source);
    if (problem !== undefined) {
      problems.push({ ...problem, line: lines(start) + problem.line, source });
    }
    if (value !== undefined && value !== null) documents.push({ start, end, line, value });
  }
  return { documents, problems };
}

interface Read {
  readonly value?: unknown;
  readonly problem?: Omit<YamlProblem, "source">;
}

function readOne(source: string): Read {
  try {
    const value = load(source, OPTIONS);
    return mayHaveAliases(source) ? checkExpansion(value) : { value };
  } catch (error) {
    if (!(error instanceof YAMLException)) {
      return { problem: { line: 0, text: String(error), broken: true } };
    }
    const line = error.mark?.line ?? 0;
    if (!error.reason.includes("duplicated mapping key")) {
      return { problem: { line, text: `${error.reason}: correct the YAML`, broken: true } };
    }
    return readWithDuplicates(source, line);
  }
}

const OPTIONS = { schema: KUBECTL_SCHEMA, maxDepth: LIMITS.depth, maxAliases: LIMITS.aliases };

/** The last of several equal keys wins, as with kubectl, but it is said. */
function readWithDuplicates(source: string, line: number): Read {
  const text = "a key is given twice, and the last one wins: remove the others";
  try {
    const value = load(source, { ...OPTIONS, json: true });
    const checked = mayHaveAliases(source) ? checkExpansion(value) : { value };
    return checked.problem === undefined
      ? { value, problem: { line, text, broken: false } }
      : checked;
  } catch (error) {
    const reason = error instanceof YAMLException ? error.reason : String(error);
    return { problem: { line, text: `${reason}: correct the YAML`, broken: true } };
  }
}

function mayHaveAliases(source: string): boolean {
  return source.includes("&") && source.includes("*");
}

/** Walks a value with its aliases followed, within a budget; a value inside itself is refused too. */
function checkExpansion(value: unknown): Read {
  let budget: number = LIMITS.expandedNodes;
  const onPath = new Set<unknown>();
  const fits = (node: unknown): boolean => {
    if (--budget < 0) return false;
    if (typeof node !== "object" || node === null) return true;
    if (onPath.has(node)) return false;
    onPath.add(node);
    const ok = Object.values(node).every(fits);
    onPath.delete(node);
    return ok;
  };
  if (fits(value)) return { value };
  const text = `its aliases stand for more than ${LIMITS.expandedNodes} nodes: write them out`;
  return { problem: { line: 0, text, broken: true } };
}

interface Piece {
  readonly start: number;
  readonly end: number;
  /** It follows `...` without a `---`: kubectl does not see it. */
  readonly dropped: boolean;
}

/** The documents of a text; a `---` or `...` at column 0 ends one, as YAML 1.2 section 9.2 says. Pieces without content are left out. */
export function splitDocuments(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  let afterDots = false;
  const push = (end: number): void => {
    const source = text.slice(start, end);
    if (CONTENT.test(source))
      pieces.push({ start, end, dropped: afterDots && !source.startsWith("---") });
    start = end;
  };
  let directives = false;
  for (const { 0: line, index } of text.matchAll(MARKERS)) {
    if (line.startsWith("...")) {
      push(index + line.length);
      afterDots = true;
    } else if (line.startsWith("%")) directives = true;
    else if (directives) directives = false;
    else {
      push(index);
      afterDots = false;
    }
  }
  push(text.length);
  return pieces;
}

/** A line that is neither a directive, a comment, a bare marker nor blank. */
const CONTENT = /^(?!%|#|\.\.\.(?:\s|$)|---(?:\s|$)[ \t]*(?:#.*)?$|\s*(?:#.*)?$)/mu;
const MARKERS = /^(?:%.*|(?:---|\.\.\.)(?=[ \t\r\n]|$).*)$/gmu;

function contentOffset(source: string): number {
  return CONTENT.exec(source)?.index ?? 0;
}

/** Gives the line of growing offsets; each character is looked at once. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let next = text.indexOf("\n");
  return (offset) => {
    while (next !== -1 && next < offset) {
      line++;
      next = text.indexOf("\n", next + 1);
    }
    return line;
  };
}
