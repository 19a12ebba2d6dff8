import type { GenericSchema } from "valibot";

import { type ValibotModule, exactObject, shown } from "../base/index.ts";
import type { Cluster } from "../model/index.ts";
import { OWN_DOMAIN } from "../model/index.ts";
import type { Finding, Place } from "./finding.ts";

/** A finding that somebody has accepted for a while. */
export interface Waiver {
  /** The id of a check. */
  readonly check: string;
  /** The subject of the finding, or with `#KEY` one of several; may end in `*`. */
  readonly object: string;
  readonly reason: string;
  /** Who accepted it. Inline waivers have none: who reviews the file approves them. */
  readonly approver?: string | undefined;
  /** The last day on which it holds, YYYY-MM-DD. */
  readonly expires?: string | undefined;
  /** Where it is written. */
  readonly place?: Place | undefined;
}

/** The schema of a waiver of the configuration; reason, approver and expiry are required there. */
export function waiverSchema(v: ValibotModule): GenericSchema<unknown, Waiver> {
  const text = v.pipe(v.string(), v.minLength(1, "it must not be empty"));
  return exactObject(v, {
    check: v.pipe(text, v.description("the id of a check")),
    object: v.pipe(
      text,
      v.description("what the finding is about, as it names it; may end in `*`"),
    ),
    reason: v.pipe(text, v.description("why it is accepted")),
    approver: v.pipe(text, v.description("who accepted it")),
    expires: v.pipe(
      v.string(),
      v.check(isDay, ({ input }) => `${shown(input)} is no day: write it like \`2027-01-31\``),
      v.description("the last day on which it holds"),
    ),
  });
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the text is a day of the calendar. */
function isDay(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/u.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const last = month === 2 && !isLeap ? 28 : (DAYS[month - 1] ?? 0);
  return day >= 1 && day <= last;
}

/** The annotation that waives findings about the object that it is on: `CHECK: reason`, several separated by `;`. */
export const WAIVE_ANNOTATION: string = `${OWN_DOMAIN}waive`;

/** A waiver that was not accepted. */
export interface RefusedWaiver {
  readonly text: string;
  readonly place: Place | undefined;
}

/** Waivers, and what was written as one and is none. */
export interface Waivers {
  readonly waivers: readonly Waiver[];
  readonly refused: readonly RefusedWaiver[];
}

/** Reads the inline waivers of a cluster. */
export function inlineWaivers({ ownAnnotations }: Cluster): Waivers {
  const read = ownAnnotations.flatMap(({ subject, annotations, origin }) => {
    const text = annotations[WAIVE_ANNOTATION];
    if (text === undefined) return [];
    const place = { origin, path: ["metadata", "annotations", WAIVE_ANNOTATION] };
    return text.split(";").map((part) => readInline(part.trim(), subject, place));
  });
  return {
    waivers: read.flatMap((each) => ("check" in each ? [each] : [])),
    refused: read.flatMap((each) => ("text" in each ? [each] : [])),
  };
}

function readInline(text: string, object: string, place: Place): Waiver | RefusedWaiver {
  const [, check, reason] = /^([a-z0-9-]+)\s*:\s*(\S.*)$/su.exec(text) ?? [];
  if (check === undefined || reason === undefined) {
    const written = text === "" ? "nothing" : `\`${text}\``;
    const rule = "write `CHECK: reason`, several separated by `;`";
    return { text: `\`${WAIVE_ANNOTATION}\` waives ${written}: ${rule}`, place };
  }
  return { check, object, reason, place };
}

/** Takes out what is no waiver: of a check that does not exist, without a reason, or of a configuration without an approver. */
export function refuseWaivers(given: readonly Waiver[], ids: ReadonlySet<string>): Waivers {
  const refused: RefusedWaiver[] = [];
  const waivers = given.filter((waiver) => {
    const text = faultOf(waiver, ids);
    if (text === undefined) return true;
    refused.push({ text, place: waiver.place });
    return false;
  });
  return { waivers, refused };
}

function faultOf(waiver: Waiver, ids: ReadonlySet<string>): string | undefined {
  const { check, object, reason, approver, expires, place } = waiver;
  const what = `the waiver of \`${check}\` for \`${object}\``;
  if (!ids.has(check)) return `${what} names no check: see docs/checks.md`;
  if (reason.trim() === "") return `${what} has no reason: write why it is accepted`;
  if (place?.path.at(-1) === WAIVE_ANNOTATION) return undefined;
  if ((approver ?? "").trim() === "") return `${what} has no approver: write who accepted it`;
  if (expires === undefined) return `${what} has no expiry: write its last day as YYYY-MM-DD`;
  return undefined;
}

/** Whether a waiver means a finding. */
export function waives({ check, object }: Waiver, { id, subject, key }: Finding): boolean {
  if (check !== id) return false;
  const names = key === undefined ? [subject] : [subject, `${subject}#${key}`];
  const start = object.endsWith("*") ? object.slice(0, -1) : undefined;
  return names.some((name) => (start === undefined ? name === object : name.startsWith(start)));
}

/** Whether a waiver no longer holds on the day `today`. */
export function isExpired({ expires }: Waiver, today: string): boolean {
  return expires !== undefined && expires < today;
}
