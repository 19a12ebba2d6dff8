import type * as Valibot from "valibot";

import { nearest } from "./nearest.ts";
import { shown } from "./shown.ts";

/** The schema library, given to whoever makes a schema: it is loaded only where there is something to check. */
export type ValibotModule = typeof Valibot;

/** A schema for an object of these keys and no other. Every unknown key is an issue of its own, with the nearest known one. */
export function exactObject<const Entries extends Valibot.ObjectEntries>(
  v: ValibotModule,
  entries: Entries,
): Valibot.GenericSchema<unknown, Valibot.InferOutput<Valibot.ObjectSchema<Entries, undefined>>> {
  const known = Object.keys(entries);
  type Given = Readonly<Record<string, unknown>>;
  return v.pipe(
    // Valibot takes a list for an object.
    v.custom<Given>(isObject, ({ input }) => `it must be an object, not ${shown(input)}`),
    v.looseObject(entries),
    v.rawCheck(({ dataset, addIssue }) => {
      const given = dataset.value as Given;
      for (const key of Object.keys(given)) {
        if (known.includes(key)) continue;
        const path = [{ type: "object", origin: "key", input: given, key, value: given[key] }];
        addIssue({
          message: `unknown key ${shown(key)}: ${adviceFor(key, known)}`,
          path: path as unknown as [Valibot.IssuePathItem],
        });
      }
    }),
  );
}

/** A schema for one of some words, with the nearest one where it is another. */
export function oneOf<const Word extends string>(
  v: ValibotModule,
  words: readonly Word[],
): Valibot.PicklistSchema<readonly Word[], (issue: Valibot.PicklistIssue) => string> {
  return v.picklist(
    words,
    ({ input }) => `${shown(input)} is not known: ${adviceFor(input, words)}`,
  );
}

function adviceFor(given: unknown, known: readonly string[]): string {
  const [near] = typeof given === "string" ? nearest(given, known) : [];
  return near === undefined
    ? `write one of ${known.map((word) => `\`${word}\``).join(", ")}`
    : `did you mean \`${near}\`?`;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
