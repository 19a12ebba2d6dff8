import type { Diagnostic, Origin } from "../model/index.ts";
import { fault } from "./fault.ts";
import type { Intake } from "./intake.ts";
import { faultOfJson, isTooDeep, jsonValues } from "./json-text.ts";
import { MAX_DEPTH, MAX_DOCUMENTS, MAX_YAML_BYTES } from "./limits.ts";
import { createLineReader } from "./read-lines.ts";
import { type YamlDocument, countLines, readYaml } from "./yaml-documents.ts";

/** Reads the objects of a whole text: JSON, several JSON values, newline-delimited JSON, or YAML. */
export function readText(text: string, intake: Intake): void {
  // No line of JSON begins so: such a text is YAML with a JSON document in front.
  const isJson = /^\s*[[{]/u.test(text) && !text.includes("\n---");
  if (!isJson || !readJson(text, intake)) readYamlText(text, intake);
}

/** Whether the text was JSON; else it may be YAML's flow style. */
function readJson(text: string, intake: Intake): boolean {
  const whole = parse(text);
  if (whole !== undefined) {
    take(whole.value, { start: 0, end: text.length, line: lineOf(text, 0), text }, intake);
    return true;
  }
  if (isLines(text)) {
    readLineText(text, intake);
    return true;
  }
  const values: { value: unknown; start: number; end: number }[] = [];
  for (const { start, end } of jsonValues(text)) {
    const one = end === undefined ? undefined : parse(text.slice(start, end));
    if (one === undefined || end === undefined) {
      if (values.length === 0 && text.length <= MAX_YAML_BYTES) return false;
      const { at, reason } = faultOfJson(text.slice(start, end));
      const line = lineOf(text, start + at);
      intake.report(fault(intake.file, { line, reason, text: text.slice(start, end) }));
      if (end !== undefined && /[[{]/u.test(text.charAt(start))) continue;
      break;
    }
    values.push({ value: one.value, start, end });
    if (values.length > MAX_DOCUMENTS) break;
  }
  if (values.length > MAX_DOCUMENTS) {
    intake.report(tooMany(intake));
    return true;
  }
  let line = 1;
  let at = 0;
  for (const { value, start, end } of values) {
    line += countLines(text, at, start);
    at = start;
    take(value, { start, end, line, text }, intake);
  }
  return true;
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly text: string;
}

function take(value: unknown, place: Place, intake: Intake): void {
  const { start, end, line } = place;
  if (isTooDeep(value)) {
    const reason = `it nests deeper than ${MAX_DEPTH} levels`;
    intake.report(fault(intake.file, { line, reason, text: place.text.slice(start, end) }));
    return;
  }
  const origin: Origin = { file: intake.file, line, start, end, format: "json", inside: [] };
  intake.take(value, origin);
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined; // The callers try the other formats, and tell what is wrong with the text.
  }
}

/** Whether the first line is an object by itself and more follows. */
function isLines(text: string): boolean {
  const end = text.indexOf("\n");
  if (end === -1 || !/\S/u.test(text.slice(end, end + 1000))) return false;
  return parse(text.slice(0, end)) !== undefined;
}

function readLineText(text: string, intake: Intake): void {
  const reader = createLineReader(intake);
  let from = 0;
  while (from < text.length) {
    const at = text.indexOf("\n", from);
    const end = at === -1 ? text.length : at;
    if (!reader.take(text.slice(from, end))) return;
    from = end + 1;
  }
  reader.end();
}

function readYamlText(text: string, intake: Intake): void {
  let count = 0;
  for (const document of readYaml(text)) {
    if (++count > MAX_DOCUMENTS) {
      intake.report(tooMany(intake));
      return;
    }
    takeDocument(document, text, intake);
  }
}

function takeDocument(document: YamlDocument, text: string, intake: Intake): void {
  const { start, end, line, value } = document;
  for (const problem of document.problems) {
    if (problem.kind === "fault") {
      const part = text.slice(start, end);
      intake.report(fault(intake.file, { line: problem.line, reason: problem.text, text: part }));
    } else {
      const { file } = intake;
      const warning = { severity: "warning", file, text: problem.text, decides: false } as const;
      intake.report({ ...warning, line: problem.line });
    }
  }
  if (value === undefined || value === null) return;
  const origin: Origin = { file: intake.file, line, start, end, format: "yaml", inside: [] };
  intake.take(value, origin);
}

function tooMany({ file }: Intake): Diagnostic {
  const text = `more than ${MAX_DOCUMENTS} documents in one file: the others were not read, split it`;
  return { severity: "error", file, line: 1, text, decides: true };
}

function lineOf(text: string, start: number): number {
  const content = /\S/u.exec(text.slice(start, start + 10_000));
  return 1 + countLines(text, 0, start + (content?.index ?? 0));
}
