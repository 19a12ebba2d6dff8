import type { GenericSchema } from "valibot";

import { type ValibotModule, exactObject, shown } from "../base/index.ts";

/** A waiver of `ringfence.yaml`: a finding that somebody has accepted, until a day. */
export interface Waiver {
  /** The id of the check. */
  readonly check: string;
  /** What the finding is about, as it names it. */
  readonly object: string;
  readonly reason: string;
  readonly approver: string;
  /** The last day on which it holds, `YYYY-MM-DD`. */
  readonly expires: string;
}

/** The schema of a waiver. */
export function waiverSchema(v: ValibotModule): GenericSchema<unknown, Waiver> {
  const text = v.pipe(v.string(), v.minLength(1, "it must not be empty"));
  return exactObject(v, {
    check: v.pipe(text, v.description("the id of a check")),
    object: v.pipe(text, v.description("what the finding is about, as it names it")),
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
