import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import type { Origin } from "../model/index.ts";
import { skipSpace } from "./json-position.ts";
import { LIMITS, formatBytes } from "./limits.ts";
import { type Line, linesOf, linesOfFile } from "./line-stream.ts";
import { stripMark } from "./locate.ts";
import type { Sink } from "./sink.ts";
import { readLine } from "./snapshot-format.ts";
import { type FoundFile, findFiles, isKustomization } from "./walk.ts";

/** Reads every object of the paths into the sink; `-` is standard input. Gives the number of inputs that could be read at all. Never throws for bad input. */
export async function readObjects(
  paths: readonly string[],
  sink: Sink,
  stdin: AsyncIterable<Uint8Array> = process.stdin,
): Promise<number> {
  let readable = 0;
  for (const path of paths) {
    if (path === "-") {
      if (await readStream(stdin, sink)) readable++;
      continue;
    }
    for (const found of findFiles(path, sink.report)) {
      if (await readFile(found, sink)) readable++;
    }
  }
  return readable;
}

/** Enough to see whether a file is packed, a snapshot, or JSON. */
const PEEK_BYTES = 4096;

async function readFile({ file, named }: FoundFile, sink: Sink): Promise<boolean> {
  if (!named && isKustomization(file)) return true;
  const fail = (text: string): boolean => {
    sink.report({ severity: "error", file, line: 1, text, decides: true });
    return false;
  };
  try {
    const head = peek(file);
    const gzip = isGzip(head);
    if (gzip || isLines(file, head)) {
      await readLines(linesOfFile(file, gzip), file, sink);
      return true;
    }
    const { size } = statSync(file);
    const isJson = looksLikeJson(head.toString("utf8"));
    const limit = isJson ? LIMITS.jsonBytes : LIMITS.yamlBytes;
    if (size > limit) {
      const hint =
        "split it, or make a snapshot of it with `kubectl get -o json | ringfence snapshot -`";
      return fail(
        `${formatBytes(size)} are more than the ${formatBytes(limit)} that are read: ${hint}`,
      );
    }
    await readText(stripMark(readFileSync(file, "utf8")), { file, named }, sink);
    return true;
  } catch (error) {
    return fail(`cannot be read: ${(error as Error).message}`);
  }
}

/** Standard input is held whole, unless it is a snapshot. */
async function readStream(stdin: AsyncIterable<Uint8Array>, sink: Sink): Promise<boolean> {
  const file = "-";
  const fail = (text: string): boolean => {
    sink.report({ severity: "error", file, line: 1, text, decides: true });
    return false;
  };
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    size += chunk.length;
    if (size > LIMITS.jsonBytes) {
      return fail(
        `more than ${formatBytes(LIMITS.jsonBytes)} on standard input: write a file and make a snapshot of it`,
      );
    }
    chunks.push(chunk);
  }
  try {
    const packed = Buffer.concat(chunks);
    const bytes = isGzip(packed)
      ? gunzipSync(packed, { maxOutputLength: LIMITS.jsonBytes })
      : packed;
    if (isLines(file, bytes.subarray(0, PEEK_BYTES))) {
      await readLines(linesOf(once(bytes)), file, sink);
      return true;
    }
    const text = stripMark(bytes.toString("utf8"));
    if (!looksLikeJson(text) && bytes.length > LIMITS.yamlBytes) {
      return fail(
        `${formatBytes(bytes.length)} of YAML are more than the ${formatBytes(LIMITS.yamlBytes)} that are read: split it`,
      );
    }
    sink.keep(file, text);
    await readText(text, { file, named: true }, sink);
    return true;
  } catch (error) {
    return fail(`cannot be read: ${(error as Error).message}`);
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function peek(file: string): Buffer {
  const handle = openSync(file, "r");
  try {
    const buffer = Buffer.alloc(PEEK_BYTES);
    return buffer.subarray(0, readSync(handle, buffer, 0, PEEK_BYTES, 0));
  } finally {
    closeSync(handle);
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function isLines(file: string, head: Buffer): boolean {
  return (
    /\.(?:ndjson|jsonl)$/u.test(file) ||
    head.subarray(0, 64).toString("utf8").startsWith('{"ringfenceSnapshot"')
  );
}

function looksLikeJson(text: string): boolean {
  const first = text[skipSpace(text, text.startsWith("\uFEFF") ? 1 : 0)];
  return first === "{" || first === "[";
}

async function readLines(lines: AsyncIterable<Line>, file: string, sink: Sink): Promise<void> {
  for await (const { number, text } of lines) {
    if (text !== undefined) {
      readLine(text, { file, line: number }, sink);
      continue;
    }
    const tooLong = `a line of more than ${formatBytes(LIMITS.lineBytes)} is not read: one line holds one object`;
    sink.report({ severity: "error", file, line: number, text: tooLong, decides: true });
  }
}

async function readText(text: string, found: FoundFile, sink: Sink): Promise<void> {
  if (looksLikeJson(text) && readJson(text, found.file, sink)) return;
  const { readYaml } = await import("./read-yaml.ts"); // only who reads YAML pays for its library
  readYaml(text, found, sink);
}

/** One JSON document; false if it is none (then it may be YAML, or several documents). */
function readJson(text: string, file: string, sink: Sink): boolean {
  try {
    const value = JSON.parse(text) as unknown;
    const start = skipSpace(text, 0);
    const line = text.slice(0, start).split("\n").length;
    const origin: Origin = { file, line, start, end: text.length, format: "json", inside: [] };
    sink.object(value, origin);
    return true;
  } catch {
    return readConcatenated(text, file, sink);
  }
}

/** Newline-delimited JSON under a name that does not say so: every line must be an object by itself. */
function readConcatenated(text: string, file: string, sink: Sink): boolean {
  const lines = text.split("\n");
  const parsed: unknown[] = [];
  for (const line of lines) {
    if (line.trim() === "") {
      parsed.push(undefined);
      continue;
    }
    try {
      parsed.push(JSON.parse(line));
    } catch {
      return false;
    }
  }
  for (const [index, value] of parsed.entries()) {
    if (value === undefined) continue;
    const origin: Origin = { file, line: index + 1, start: 0, end: 0, format: "line", inside: [] };
    sink.object(value, origin);
  }
  return true;
}
