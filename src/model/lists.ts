import { isRaw, textOf } from "./raw.ts";

/** The items of a List, each with its kind: a typed list's items may leave it to the list. `undefined` if the value is no List. */
export function openList(raw: unknown): readonly unknown[] | undefined {
  const kind = textOf(raw, "kind");
  if (!isRaw(raw) || kind === undefined || !kind.endsWith("List")) return undefined;
  const items = raw["items"] ?? (kind === "List" ? [] : undefined);
  if (!Array.isArray(items)) return undefined;
  const itemKind = kind.slice(0, -"List".length);
  const defaults = itemKind === "" ? {} : { apiVersion: raw["apiVersion"], kind: itemKind };
  return items.map((item: unknown) =>
    isRaw(item) && item["kind"] === undefined ? { ...defaults, ...item } : item,
  );
}
