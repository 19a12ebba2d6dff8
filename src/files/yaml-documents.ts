import { EVENT_ID, type Event, YAMLException, constructFromEvents, parseEvents } from "js-yaml";
import { COMPLEX_KEY, KUBECTL_SCHEMA } from "./kubectl-schema.ts";
import { MAX_ALIASED_NODES, MAX_ALIASES, MAX_DEPTH } from "./limits.ts";
import { readPlainYaml } from "./plain-yaml.ts";
import { type RangeState, documentRanges } from "./yaml-ranges.ts";
import { complexKey, refusalOf } from "./yaml-refusals.ts";

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
  for (const { start, end, content, state } of documentRanges(text)) {
    line += countLines(text, at, start);
    at = start;
    const first = line + countLines(text, start, content);
    if (state === "plain") {
      yield { start, end, line: first, ...readOne(text.slice(start, end), line) };
      continue;
    }
    const kind = state === "dropped" ? "warning" : "fault";
    const problems: YamlProblem[] = [{ kind, line: first, text: REFUSED_RANGES[state] }];
    yield { start, end, line: first, value: undefined, problems };
  }
}

const REFUSED_RANGES: Readonly<Record<Exclude<RangeState, "plain">, string>> = {
  dropped: "kubectl ignores what follows `...` up to the next `---`: it was not read",
  beside: "kubectl refuses text behind `---`: begin the document in the next line",
  directive: "kubectl refuses a `%` line behind `...`: remove it",
};

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
  const plain = readPlainYaml(source);
  if (plain !== undefined) return { value: plain, problems: [] };
  try {
    const events = parseEvents(source, { maxDepth: MAX_DEPTH });
    const refused = refusalOf(events, source);
    if (refused !== undefined) {
      const at = line + countLines(source, 0, refused.at);
      return { value: undefined, problems: [{ kind: "fault", line: at, text: refused.text }] };
    }
    return construct(events, { source, line, duplicates: undefined });
  } catch (error) {
    return { value: undefined, problems: [problemOf(error, { source, line })] };
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
    const [value, ...hidden] = constructFromEvents(events, {
      source,
      schema: KUBECTL_SCHEMA,
      maxAliases: MAX_ALIASES,
      json: duplicates !== undefined,
    });
    if (hidden.length > 0) problems.push({ kind: "fault", line, text: LONE_RETURNS });
    const fault = events.some(isAlias) ? faultOfAliases(value) : undefined;
    if (fault === undefined) return { value, problems };
    return { value: undefined, problems: [...problems, { kind: "fault", line, text: fault }] };
  } catch (error) {
    const problem = problemOf(error, { source, line }, events);
    if (duplicates !== undefined || problem.text !== DUPLICATE) {
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

function problemOf(
  error: unknown,
  { source, line }: Pick<Construction, "source" | "line">,
  events?: Event[],
): YamlProblem {
  if (!(error instanceof YAMLException)) throw error;
  const template = source.indexOf("{{");
  if (template !== -1 && error.reason !== DUPLICATE) {
    const text = "it holds a template `{{ … }}`: render it first, for example with `helm template`";
    return { kind: "fault", line: line + countLines(source, 0, template), text };
  }
  if (error.reason === COMPLEX_KEY && events !== undefined) {
    const at = line + countLines(source, 0, complexKey(events));
    return { kind: "fault", line: at, text: error.reason };
  }
  return { kind: "fault", line: line + (error.mark?.line ?? 0), text: error.reason };
}

/** kubectl cuts documents at line feeds only, and reads the first of each. */
const LONE_RETURNS = "a `---` behind a carriage return hides documents: end lines with line feeds";

const DUPLICATE = "duplicated mapping key";

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
