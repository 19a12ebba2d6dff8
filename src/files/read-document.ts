import { readFileSync, statSync } from "node:fs";
import type { Path } from "../model/index.ts";
import { decode } from "./decode.ts";
import { messageOf } from "./list-files.ts";
import { readYaml } from "./yaml-documents.ts";
import { pathKey, yamlOffsets } from "./yaml-offsets.ts";

/** One YAML or JSON document that somebody wrote for ringfence. */
export interface ReadDocument {
  readonly value: unknown;
  /** The line of a field, from 1; of the nearest parent that exists if it does not. */
  readonly lineOf: (path: Path) => number;
}

/** Bytes of such a file; it is written by hand. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Reads a file with one document. Gives a sentence if it cannot. */
export function readDocument(file: string): ReadDocument | string {
  let text: string;
  try {
    if (statSync(file).size > MAX_BYTES) return `\`${file}\` is larger than ${MAX_BYTES >> 20} MB`;
    text = decode(readFileSync(file));
  } catch (error) {
    return `\`${file}\` cannot be read: ${messageOf(error)}`;
  }
  const documents = [...readYaml(text)];
  const problem = documents
    .flatMap(({ problems }) => problems)
    .find(({ kind }) => kind === "fault");
  if (problem !== undefined) return `\`${file}:${problem.line}\` cannot be read: ${problem.text}`;
  const [document, ...others] = documents.filter(({ value }) => value !== undefined);
  if (others.length > 0)
    return `\`${file}:${others[0]!.line}\` begins a second document: write one`;
  if (document === undefined) return { value: undefined, lineOf: () => 1 };
  const { value, start, end, line } = document;
  const offsets = yamlOffsets(text.slice(start, end));
  const lineOf = (path: Path): number => {
    for (let length = path.length; length > 0; length--) {
      const offset = offsets.get(pathKey(path.slice(0, length)));
      if (offset !== undefined) return text.slice(0, start + offset).split("\n").length;
    }
    return line;
  };
  return { value, lineOf };
}
