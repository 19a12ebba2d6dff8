import type { Origin } from "./origin.ts";
import { type Raw, isRaw, shown } from "./raw.ts";

/** An object and where it was read. */
export interface Found {
  readonly raw: unknown;
  readonly origin: Origin;
}

/** Opens `List` objects and typed lists (`PodList`), lists in lists too: gives each object by itself. An item of a typed list may lack kind and apiVersion: they come from the list. A list whose `items` are none is left as it is. */
export function* openLists(raw: unknown, origin: Origin): Generator<Found> {
  if (!isListObject(raw) || faultOfList(raw) !== undefined) {
    yield { raw, origin };
    return;
  }
  const listKind = raw.kind;
  const itemKind = listKind === "List" ? undefined : listKind.slice(0, -"List".length);
  const items = (raw["items"] ?? []) as readonly unknown[];
  for (const [index, item] of items.entries()) {
    const inside = [...origin.inside, "items", index];
    yield* openLists(named(item, itemKind, raw["apiVersion"]), { ...origin, inside });
  }
}

/** What is wrong with the items of a list, or `undefined`; without items it is an empty one. */
export function faultOfList(raw: unknown): string | undefined {
  if (!isListObject(raw)) return undefined;
  const items = raw["items"] ?? [];
  return Array.isArray(items) ? undefined : `\`items\` must be a list, not ${shown(items)}`;
}

/** A `List`, or another kind that ends so and has items: there are kinds such as `AllowList`. */
function isListObject(raw: unknown): raw is Raw & { readonly kind: string } {
  if (!isRaw(raw)) return false;
  const { kind } = raw as { kind?: unknown };
  if (kind === "List") return true;
  return typeof kind === "string" && kind.endsWith("List") && Object.hasOwn(raw, "items");
}

function named(item: unknown, kind: string | undefined, apiVersion: unknown): unknown {
  if (kind === undefined || !isRaw(item)) return item;
  if (item["kind"] !== undefined && item["apiVersion"] !== undefined) return item;
  return { apiVersion, kind, ...item };
}
