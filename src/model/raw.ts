import type { Path } from "./origin.ts";

/** An object as it was read, before anything is known of it. */
export type Raw = Readonly<Record<string, unknown>>;

/** Takes a problem with a field: where it stands in the object, and one line that says what is wrong and what to do. */
export type Report = (path: Path, text: string, severity?: "error" | "warning") => void;

/** Whether a value is an object with fields (no list, not null). */
export function isRaw(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A string field of an object, `undefined` if it is absent or of another type. */
export function textOf(raw: unknown, key: string): string | undefined {
  if (!isRaw(raw)) return undefined;
  const value = raw[key];
  return typeof value === "string" ? value : undefined;
}

/** A list field of an object; empty if it is absent, null or no list. */
export function listOf(raw: unknown, key: string): readonly unknown[] {
  if (!isRaw(raw)) return [];
  const value = raw[key];
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** A list field that must be a list where it is given; reports one that is not, and null items. */
export function checkedList(raw: Raw, key: string, path: Path, report: Report): readonly unknown[] {
  const value = raw[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    report([...path, key], `\`${key}\` must be a list`);
    return [];
  }
  return value as readonly unknown[];
}

/** An object that must be one; reports anything else. */
export function checkedRaw(value: unknown, path: Path, report: Report): Raw | undefined {
  if (isRaw(value)) return value;
  report(path, `\`${String(path.at(-1))}\` must be an object, not ${kindOfValue(value)}`);
  return undefined;
}

/** What a value is, for messages. */
export function kindOfValue(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `\`${JSON.stringify(value)}\``;
}

/** Warns of fields that the API does not have: kubectl's strict validation would refuse them, the server drops them. */
export function warnUnknown(raw: Raw, known: readonly string[], path: Path, report: Report): void {
  for (const key of Object.keys(raw)) {
    if (known.includes(key)) continue;
    report(
      [...path, key],
      `unknown field \`${key}\` is ignored: write one of ${known.join(", ")}`,
      "warning",
    );
  }
}
