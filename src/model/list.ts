import type { Origin } from "./origin.ts";
import { type Raw, isRaw } from "./raw.ts";

/** An object and where it was read. */
export interface Found {
  readonly raw: unknown;
  readonly origin: Origin;
}

/** Opens `List` objects and typed lists (`PodList`), lists in lists too: gives each object by itself. An item of a typed list may lack kind and apiVersion: they come from the list. */
export function* openLists(raw: unknown, origin: Origin): Generator<Found> {
  if (!isList(raw)) {
    yield { raw, origin };
    return;
  }
  const listKind = raw.kind;
  const itemKind = listKind === "List" ? undefined : listKind.slice(0, -"List".length);
  for (const [index, item] of raw.items.entries()) {
    const inside = [...origin.inside, "items", index];
    yield* openLists(named(item, itemKind, raw["apiVersion"]), { ...origin, inside });
  }
}

interface List extends Raw {
  readonly kind: string;
  readonly items: readonly unknown[];
}

function isList(raw: unknown): raw is List {
  if (!isRaw(raw)) return false;
  const { kind, items } = raw as { kind?: unknown; items?: unknown };
  return typeof kind === "string" && kind.endsWith("List") && Array.isArray(items);
}

function named(item: unknown, kind: string | undefined, apiVersion: unknown): unknown {
  if (kind === undefined || !isRaw(item)) return item;
  if (item["kind"] !== undefined && item["apiVersion"] !== undefined) return item;
  return { apiVersion, kind, ...item };
}
