import { EVENT_ID, type Event, getScalarValue, parseEvents } from "js-yaml";
import type { Path } from "../model/index.ts";
import { MAX_DEPTH } from "./limits.ts";
import { type Marks, readPlainYaml } from "./plain-yaml.ts";

/** Finds the offset of a path in one YAML document, or of as much of it as there is: of the key for a map's entry, of the content for a list's item. */
export type OffsetOf = (path: Path) => number | undefined;

/** The offsets of a document. */
export function yamlOffsets(source: string): OffsetOf {
  const marks: Marks = new Map();
  const value = readPlainYaml(source, marks);
  if (value !== undefined) return (path) => offsetByMarks(value, marks, path);
  const offsets = offsetsByPath(source);
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const offset = offsets.get(pathKey(path.slice(0, length)));
      if (offset !== undefined) return offset;
    }
    return undefined;
  };
}

function offsetByMarks(value: object, marks: Marks, path: Path): number | undefined {
  let node: unknown = value;
  let offset: number | undefined;
  for (const one of path) {
    if (typeof node !== "object" || node === null) break;
    const index = Array.isArray(node) ? Number(one) : Object.keys(node).indexOf(String(one));
    offset = marks.get(node)?.[index] ?? offset;
    node = Object.values(node)[index];
  }
  return offset;
}

function offsetsByPath(source: string): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  const stack: Open[] = [];
  for (const event of parseEvents(source, { maxDepth: MAX_DEPTH })) {
    if (event.type === EVENT_ID.POP) {
      stack.pop();
      continue;
    }
    if (event.type === EVENT_ID.DOCUMENT) {
      stack.push({ path: "", kind: "document", index: 0, key: undefined });
      continue;
    }
    const top = stack.at(-1);
    if (top === undefined) break;
    const path = step(top, event, { source, offsets });
    if (path === undefined) continue;
    if (event.type === EVENT_ID.MAPPING)
      stack.push({ path, kind: "map", index: 0, key: undefined });
    if (event.type === EVENT_ID.SEQUENCE) {
      stack.push({ path, kind: "list", index: 0, key: undefined });
    }
  }
  return offsets;
}

/** A path as one text; `/` and `~` in keys are escaped as in a JSON pointer. */
export function pathKey(path: readonly (string | number)[]): string {
  return path.map((one) => `/${escape(String(one))}`).join("");
}

interface Open {
  readonly path: string;
  readonly kind: "document" | "map" | "list";
  index: number;
  /** The key whose value comes next. */
  key: string | undefined;
}

/** The path of the value that `event` begins; nothing for a key that is a scalar. */
function step(
  top: Open,
  event: Exclude<Event, { type: typeof EVENT_ID.POP | typeof EVENT_ID.DOCUMENT }>,
  { source, offsets }: { source: string; offsets: Map<string, number> },
): string | undefined {
  const at = startOf(event);
  if (top.kind === "map" && top.key === undefined) {
    const isText = event.type === EVENT_ID.SCALAR;
    top.key = isText ? escape(getScalarValue(source, event)) : "?";
    offsets.set(`${top.path}/${top.key}`, at);
    return isText || event.type === EVENT_ID.ALIAS ? undefined : `${top.path}/?`;
  }
  if (top.kind === "map") {
    const path = `${top.path}/${top.key}`;
    top.key = undefined;
    return path;
  }
  if (top.kind === "document") return top.path;
  const path = `${top.path}/${top.index++}`;
  offsets.set(path, at);
  return path;
}

function startOf(event: Event): number {
  if (event.type === EVENT_ID.SCALAR) return event.valueStart;
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart;
  return "start" in event ? event.start : 0;
}

function escape(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
