import { EVENT_ID, type Event, getScalarValue, parseEvents } from "js-yaml";
import { MAX_DEPTH } from "./limits.ts";

/** The offset of each path in one YAML document, by `pathKey`: of the key for a map's entry, of the content for a list's item. */
export function yamlOffsets(source: string): ReadonlyMap<string, number> {
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
