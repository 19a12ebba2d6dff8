import type { Path } from "./origin.ts";

export { shown } from "../base/index.ts";

/** An object as it came from a file: any keys, any values. */
export type Raw = Readonly<Record<string, unknown>>;

/** Whether `value` is an object (not null, not a list). */
export function isRaw(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object at `key`, or an empty one: for fields whose absence means nothing. */
export function objectAt(raw: Raw, key: string): Raw {
  const value = raw[key];
  return isRaw(value) ? value : NONE;
}

/** The list at `key`, or an empty one. */
export function listAt(raw: Raw, key: string): readonly unknown[] {
  const value = raw[key];
  return Array.isArray(value) ? value : NO_ITEMS;
}

/** The objects of the list at `key`; other items are passed over. */
export function objectsAt(raw: Raw, key: string): readonly Raw[] {
  return listAt(raw, key).filter(isRaw);
}

/** The text at `key`; `undefined` for anything else and for the empty text. */
export function textAt(raw: Raw, key: string): string | undefined {
  const value = raw[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The texts of the list at `key`; other items are passed over. */
export function textsAt(raw: Raw, key: string): readonly string[] {
  return listAt(raw, key).filter((item) => typeof item === "string");
}

/** What is wrong with an object that is not read for it, where more than a message is wanted. */
export type FaultCode = "except-outside-cidr";

/** What a reader has to say about one object while it reads it. An error means that the object cannot be what the API server would store. */
export interface Notes {
  /** With a code it is also kept as a fault of the object, for those who look for it. */
  error(path: Path, text: string, code?: FaultCode): void;
  warning(path: Path, text: string): void;
}

const NONE: Raw = Object.freeze({});
const NO_ITEMS: readonly unknown[] = Object.freeze([]);
