import { EVENT_ID, type Event, SCALAR_STYLE } from "js-yaml";

/** What kubectl's parser refuses and where: an offset in the document. */
export interface Refusal {
  readonly at: number;
  readonly text: string;
}

/** The first thing in a document that js-yaml reads and go-yaml v2, kubectl's parser, does not; nothing for almost all documents. */
export function refusalOf(events: readonly Event[], source: string): Refusal | undefined {
  const [first] = events;
  if (first?.type === EVENT_ID.DOCUMENT && first.directives.length > 0) {
    const wrong = first.directives.find((one) => one.kind === "yaml" && one.version !== "1.1");
    if (wrong !== undefined) {
      return { at: 0, text: "kubectl reads YAML 1.1 only: remove the `%YAML` line" };
    }
  }
  if (source.includes("-\t")) {
    const at = tabBehindDash(events, source);
    if (at !== undefined) return { at, text: "kubectl refuses a tab behind `-`: write a space" };
  }
  // A document that begins with a bracket is JSON for kubectl, and JSON has this escape.
  if (!source.includes("\\/") || /^(?:---)?\s*[[{]/u.test(source)) return undefined;
  const slash = events.find((one) => one.type === EVENT_ID.SCALAR && escapesSlash(one, source));
  if (slash === undefined || slash.type !== EVENT_ID.SCALAR) return undefined;
  return { at: slash.valueStart, text: "kubectl refuses the escape `\\/`: write `/`" };
}

function tabBehindDash(events: readonly Event[], source: string): number | undefined {
  for (const { 0: text, index } of source.matchAll(/^ *(?:- +)*-\t/gmu)) {
    const at = index + text.length - 1;
    const inText = (one: Event): boolean =>
      one.type === EVENT_ID.SCALAR && one.valueStart < at && at < one.valueEnd;
    if (!events.some(inText)) return at;
  }
  return undefined;
}

function escapesSlash(
  event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>,
  source: string,
): boolean {
  if (event.style !== SCALAR_STYLE.DOUBLE_QUOTED) return false;
  const raw = source.slice(event.valueStart, event.valueEnd);
  return raw.includes("\\/") && /(?:^|[^\\])(?:\\\\)*\\\//u.test(raw);
}

/** The offset of the first key that is a list or an object; 0 if there is none. */
export function complexKey(events: readonly Event[]): number {
  const open: { isMap: boolean; expectsKey: boolean }[] = [];
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      open.pop();
      continue;
    }
    const top = open.at(-1);
    const isCollection = event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE;
    if (top?.isMap === true) {
      if (top.expectsKey && isCollection) return event.start;
      top.expectsKey = !top.expectsKey;
    }
    if (isCollection || event.type === EVENT_ID.DOCUMENT) {
      open.push({ isMap: event.type === EVENT_ID.MAPPING, expectsKey: true });
    }
  }
  return 0;
}
