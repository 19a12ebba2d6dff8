import { createReadStream, readFileSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import type { Diagnostic } from "../model/index.ts";
import type { Intake } from "./intake.ts";
import { decode } from "./decode.ts";
import { MAX_JSON_BYTES, MAX_LINE_BYTES, MAX_YAML_BYTES } from "./limits.ts";
import { type Chunks, StreamFault, linesOf, unpacked } from "./lines.ts";
import { type InputFile, messageOf } from "./list-files.ts";
import { createLineReader } from "./read-lines.ts";
import { readText } from "./read-text.ts";

/** Reads one file into its intake, as one text where it is small, as a stream where it is a snapshot, a device or a pipe, whose text goes to `streamed`. `false` if it could not be read at all. */
export async function readFile(
  input: InputFile,
  intake: Intake,
  streamed?: Map<string, string>,
): Promise<boolean> {
  try {
    const status = statSync(input.path);
    const { size } = status;
    const isLines = /\.(?:ndjson|jsonl)(?:\.gz)?$/u.test(input.path);
    const isYaml = /\.ya?ml$/u.test(input.path);
    if (size > (isYaml ? MAX_YAML_BYTES : Infinity)) {
      intake.report(tooLarge(intake.file, "YAML", MAX_YAML_BYTES));
      return false;
    }
    if (!isLines && size <= MAX_JSON_BYTES && status.isFile()) {
      const bytes = readFileSync(input.path);
      if (!isGzip(bytes)) {
        takeText(bytes, intake);
        return true;
      }
    }
    const chunks = createReadStream(input.path, { highWaterMark: 1 << 20 });
    const text = await readStream(chunks, intake, isLines);
    // A device or a pipe, which cannot be read again.
    if (text !== undefined && !status.isFile()) streamed?.set(intake.file, text);
    return true;
  } catch (error) {
    const text = `\`${intake.file}\` cannot be read: ${messageOf(error)}`;
    intake.report({ severity: "error", file: intake.file, line: 1, text, decides: true });
    return false;
  }
}

/** Reads the bytes of one file as `readFile` reads the file of that name. Gives its text if it is one. */
export async function readBytes(
  bytes: Buffer,
  name: string,
  intake: Intake,
): Promise<string | undefined> {
  const isLines = /\.(?:ndjson|jsonl)(?:\.gz)?$/u.test(name);
  if (!isLines && !isGzip(bytes)) return takeText(bytes, intake);
  return await readStream(Readable.from([bytes]), intake, isLines);
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
    if (count === 0 && isUtf16(line)) {
      throw new StreamFault("it is UTF-16: write newline-delimited JSON as UTF-8");
    }
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
    if (hasWholeLine(head, size)) break;
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

/** A line, and enough behind it to see whether a `---` follows. */
function hasWholeLine(head: readonly Buffer[], size: number): boolean {
  let before = 0;
  for (const part of head) {
    const at = part.indexOf(10);
    if (at !== -1) return before + at + 4 <= size;
    before += part.length;
  }
  return false;
}

function startsWithLine(begin: Buffer): boolean {
  const end = begin.indexOf(10);
  if (end === -1 || begin[0] !== 123) return false;
  // YAML with a JSON document in front.
  if (begin.subarray(end + 1, end + 4).toString("latin1") === "---") return false;
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

function isUtf16([first, second]: Buffer): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Says that a file is above a limit. */
export function tooLarge(file: string, format: string, limit: number): Diagnostic {
  const text = `larger than ${limit >> 20} MB, the limit for ${format}: not read; split it or make a snapshot`;
  return { severity: "error", file, line: 1, text, decides: true };
}
