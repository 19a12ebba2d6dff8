import { nearest } from "../base/index.ts";
import type { Path } from "./origin.ts";
import { type FaultCode, type Notes, type Raw, isRaw, shown } from "./raw.ts";

/** One field of a policy: its value, where it stands, and whom to tell what is wrong with it. Policies are read strictly, by the API's own rules. */
export interface Field {
  readonly value: unknown;
  readonly path: Path;
  readonly notes: Notes;
}

/** The field `key` below `field`; its value is `undefined` where `field` is no object. */
export function below(field: Field, key: string): Field {
  const value =
    isRaw(field.value) && Object.hasOwn(field.value, key) ? field.value[key] : undefined;
  return { value: value ?? undefined, path: [...field.path, key], notes: field.notes };
}

/** Whether the field is set; null is not. */
export function isSet(field: Field): boolean {
  return field.value !== undefined && field.value !== null;
}

/** The field as an object; nothing if it is not set; an error if it is something else. */
export function readObject(field: Field): Raw | undefined {
  if (!isSet(field)) return undefined;
  if (isRaw(field.value)) return field.value;
  complain(field, `${nameOf(field)} must be an object, not ${shown(field.value)}`);
  return undefined;
}

/** The items of a list; none if it is not set; an error if it is something else or longer than `most`. */
export function readItems(field: Field, most: number = Infinity): readonly Field[] {
  if (!isSet(field)) return [];
  if (!Array.isArray(field.value)) {
    complain(field, `${nameOf(field)} must be a list, not ${shown(field.value)}`);
    return [];
  }
  if (field.value.length > most) {
    const count = field.value.length;
    complain(field, `${nameOf(field)} has ${count} items, the API allows at most ${most}`);
  }
  const { path, notes } = field;
  return field.value.map((value: unknown, index) => ({ value, path: [...path, index], notes }));
}

/** The field as text; nothing if it is not set; an error if it is something else. */
export function readText(field: Field): string | undefined {
  if (!isSet(field)) return undefined;
  if (typeof field.value === "string") return field.value;
  complain(field, `${nameOf(field)} must be text, not ${shown(field.value)}: put it in quotes`);
  return undefined;
}

/** The field as one of `words`; nothing if it is not set; an error if it is something else. */
export function readWord<Word extends string>(
  field: Field,
  words: readonly Word[],
): Word | undefined {
  if (!isSet(field)) return undefined;
  const word = words.find((one) => one === field.value);
  if (word === undefined) {
    const list = words.map((one) => `\`${one}\``).join(", ");
    complain(field, `${nameOf(field)} is ${shown(field.value)}, the API allows only ${list}`);
  }
  return word;
}

/** The field as a whole number from `least` to `most`; nothing if it is not set; an error if it is something else. */
export function readNumber(field: Field, least: number, most: number): number | undefined {
  if (!isSet(field)) return undefined;
  const { value } = field;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) {
    return value;
  }
  const wanted = `a whole number from ${least} to ${most}`;
  complain(field, `${nameOf(field)} must be ${wanted}, not ${shown(value)}`);
  return undefined;
}

/** Says of each key of `field` that is not among `keys` that the API server would drop it. */
export function expectKeys(field: Field, keys: readonly string[]): void {
  if (!isRaw(field.value)) return;
  for (const key of Object.keys(field.value)) {
    if (keys.includes(key)) continue;
    const text = `unknown field ${shown(key)} in ${nameOf(field)}: the API server drops it`;
    field.notes.warning([...field.path, key], `${text}${didYouMean(key, keys)}`);
  }
}

/** The end of a sentence about an unknown word: the known one that is nearest, if one is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const [near] = nearest(word, known);
  return near === undefined ? "" : `, did you mean \`${near}\`?`;
}

/** Says that `field` is wrong. */
export function complain(field: Field, text: string, code?: FaultCode): void {
  field.notes.error(field.path, text, code);
}

/** The field's name for messages, `ingress[0].from`. */
export function nameOf(field: Field): string {
  const steps =
    field.path[0] === "spec" && field.path.length > 1 ? field.path.slice(1) : field.path;
  let name = "";
  for (const step of steps) {
    name += typeof step === "number" ? `[${step}]` : name === "" ? step : `.${step}`;
  }
  return `\`${name}\``;
}
