import { createReadStream, readFileSync, statSync } from "node:fs";
import type { Diagnostic } from "../model/index.ts";
import type { Intake } from "./intake.ts";
import { MAX_JSON_BYTES, MAX_LINE_BYTES, MAX_YAML_BYTES } from "./limits.ts";
import { type Chunks, StreamFault, linesOf, unpacked } from "./lines.ts";
import { type InputFile, messageOf } from "./list-files.ts";
import { createLineReader } from "./read-lines.ts";
import { readText } from "./read-text.ts";

/** Reads one file into its intake, as one text where it is small, as a stream of lines where it is a snapshot. `false` if it could not be read at all. */
export async function readFile(input: InputFile, intake: Intake): Promise<boolean> {
  try {
    const { size } = statSync(input.path);
    const isLines = /\.(?:ndjson|jsonl)$/u.test(input.path);
    const isYaml = /\.ya?ml$/u.test(input.path);
    if (size > (isYaml ? MAX_YAML_BYTES : Infinity)) {
      intake.report(tooLarge(intake.file, "YAML", MAX_YAML_BYTES));
      return false;
    }
    if (!isLines && size <= MAX_JSON_BYTES) {
      const bytes = readFileSync(input.path);
      if (!isGzip(bytes)) {
        takeText(bytes, intake);
        return true;
      }
    }
    await readStream(createReadStream(input.path, { highWaterMark: 1 << 20 }), intake, isLines);
    return true;
  } catch (error) {
    const text = `\`${intake.file}\` cannot be read: ${messageOf(error)}`;
    intake.report({ severity: "error", file: intake.file, line: 1, text, decides: true });
    return false;
  }
}

/** Reads a stream: packed or not, lines or one text, told by its beginning. Gives the text if it was one. */
export async function readStream(
  chunks: Chunks,
  intake: Intake,
  isLines: boolean = false,
): Promise<string | undefined> {
  try {
    const bytes = unpacked(chunks);
    if (isLines) await readLines(bytes, intake);
    else return await readUnknown(bytes, intake);
  } catch (error) {
    if (!(error instanceof StreamFault)) throw error;
    const text = `\`${intake.file}\` was not read to its end: ${error.message}`;
    intake.report({ severity: "error", file: intake.file, line: 1, text, decides: true });
  }
  return undefined;
}

async function readLines(bytes: AsyncIterable<Buffer>, intake: Intake): Promise<void> {
  const reader = createLineReader(intake);
  let count = 0;
  for await (const line of linesOf(bytes)) {
    if (!reader.take(line.toString("utf8"))) return;
    if ((++count & 1023) === 0) await intake.drained();
  }
  reader.end();
}

/** A first line that is a JSON value by itself begins lines; everything else is one text. */
async function readUnknown(
  bytes: AsyncGenerator<Buffer>,
  intake: Intake,
): Promise<string | undefined> {
  const head: Buffer[] = [];
  let size = 0;
  while (size <= MAX_LINE_BYTES) {
    const next = await bytes.next();
    if (next.done === true) break;
    head.push(next.value);
    size += next.value.length;
    if (next.value.includes(10)) break;
  }
  const begin = Buffer.concat(head);
  const all = follow(begin, bytes);
  if (startsWithLine(begin)) {
    await readLines(all, intake);
    return undefined;
  }
  const isJson = /^\s*[[{]/u.test(begin.subarray(0, 4096).toString("utf8"));
  const limit = isJson ? MAX_JSON_BYTES : MAX_YAML_BYTES;
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of all) {
    parts.push(part);
    length += part.length;
    if (length > limit) {
      intake.report(tooLarge(intake.file, isJson ? "JSON" : "YAML", limit));
      return undefined;
    }
  }
  return takeText(Buffer.concat(parts), intake);
}

async function* follow(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}

function startsWithLine(begin: Buffer): boolean {
  const end = begin.indexOf(10);
  if (end === -1 || begin[0] !== 123) return false;
  try {
    JSON.parse(begin.subarray(0, end).toString("utf8"));
    return true;
  } catch {
    return false; // Then it is one text, and its reader tells what is wrong.
  }
}

function takeText(bytes: Buffer, intake: Intake): string {
  const text = decode(bytes);
  const isJson = /^\s*[[{]/u.test(text);
  if (!isJson && bytes.length > MAX_YAML_BYTES) {
    intake.report(tooLarge(intake.file, "YAML", MAX_YAML_BYTES));
  } else readText(text, intake);
  return text;
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The text of a file: UTF-8, or UTF-16 as PowerShell writes it. A byte order mark is left out, at the beginning of any line: kubectl's parser skips it, ours would make it part of a key. */
export function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  let text: string;
  if (first === 0xff && second === 0xfe) text = bytes.toString("utf16le");
  else if (first === 0xfe && second === 0xff && bytes.length % 2 === 0) {
    text = Buffer.from(bytes).swap16().toString("utf16le");
  } else text = bytes.toString("utf8");
  return text.includes("\uFEFF") ? text.replaceAll(/^\uFEFF/gmu, "") : text;
}

function tooLarge(file: string, format: string, limit: number): Diagnostic {
  const text = `larger than ${limit >> 20} MB, the limit for ${format}: not read; split it or make a snapshot`;
  return { severity: "error", file, line: 1, text, decides: true };
}
