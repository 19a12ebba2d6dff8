import { EVENT_ID, type Event, getScalarValue, parseEvents } from "js-yaml";

import type { Path } from "../model/index.ts";
import { LIMITS } from "./limits.ts";

/** Where fields of one YAML document stand: offsets of keys and list items in its source, by path. */
export type Offsets = ReadonlyMap<string, number>;

/** The key of a path in `Offsets`; steps are joined by slashes, slashes inside a step are escaped. */
export function pathKey(path: Path): string {
  return path.map((step) => `/${escapeStep(String(step))}`).join("");
}

function escapeStep(step: string): string {
  return step.replaceAll("~", "~0").replaceAll("/", "~1");
}

interface Open {
  readonly path: string;
  readonly kind: "document" | "map" | "list";
  index: number;
  key: string | undefined;
}

/** Finds every field of one document. Empty if the source cannot be parsed. */
export function offsetsOf(source: string): Offsets {
  const offsets = new Map<string, number>();
  let events: readonly Event[];
  try {
    events = parseEvents(source, { maxDepth: LIMITS.depth });
  } catch {
    return offsets;
  }
  const stack: Open[] = [];
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      stack.pop();
      continue;
    }
    if (event.type === EVENT_ID.DOCUMENT) {
      stack.push({ path: "", kind: "document", index: 0, key: undefined });
      continue;
    }
    const path = place(offsets, stack.at(-1)!, event, source);
    if (path === undefined) continue;
    if (event.type === EVENT_ID.MAPPING)
      stack.push({ path, kind: "map", index: 0, key: undefined });
    if (event.type === EVENT_ID.SEQUENCE) {
      stack.push({ path, kind: "list", index: 0, key: undefined });
    }
  }
  return offsets;
}

/** Notes where an event stands and gives its path; `undefined` for a key, whose value comes next. */
function place(
  offsets: Map<string, number>,
  top: Open,
  event: Event,
  source: string,
): string | undefined {
  const at = startOf(event);
  if (top.kind === "map") {
    if (top.key === undefined) {
      const name = event.type === EVENT_ID.SCALAR ? getScalarValue(source, event) : "?";
      top.key = `${top.path}/${escapeStep(name)}`;
      offsets.set(top.key, at);
      return event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE
        ? `${top.path}/?`
        : undefined;
    }
    const path = top.key;
    top.key = undefined;
    return path;
  }
  if (top.kind === "list") {
    const path = `${top.path}/${top.index++}`;
    offsets.set(path, at);
    return path;
  }
  return top.path;
}

function startOf(event: Event): number {
  if ("valueStart" in event) return event.valueStart;
  if ("start" in event) return event.start;
  return "anchorStart" in event ? event.anchorStart : 0;
}
