import type { DiffResult, PlacedCause } from "../app/index.ts";
import { type DiffRow, ZONES, type Zone, pairsIn, placesOf, rowsOf } from "./diff-rows.ts";
import { endsOf, portsText, summaryOf } from "./diff-text.ts";
import { type Write, count } from "./style.ts";

/** The first line of the comment: who updates it finds it by this. */
const MARKER = "<!-- ringfence diff -->";
/** GitHub takes comments of 65,536 characters; they are counted here as bytes, and the end of the comment needs some. */
const MOST_BYTES = 60_000;
const SHOWN = { names: 6, causes: 3, ends: 20, unused: 10 };

/** Writes a diff as a comment on a pull request: the same input gives the same text, and it fits. Everything from the states stands in code spans, so that no name can mean anything. */
export function writeDiffMarkdown(result: DiffResult, write: Write): void {
  const rows = rowsOf(result);
  const room = createRoom(write);
  room.always(`${MARKER}\n### ringfence: ${summaryOf(result, rows)}\n`);
  writeNotes(result, room);
  for (const way of ["opened", "closed", "conditions"] as const) {
    const mine = rows.filter((row) => row.way === way);
    for (const zone of ZONES) {
      const list = mine.filter((row) => row.zone === zone);
      if (list.length > 0) writeTable(list, { way, zone }, room);
    }
  }
  for (const [state, word] of [["added", "Came"] as const, ["removed", "Went"] as const]) {
    const ids = endsOf(result, state);
    if (ids.length === 0) continue;
    const names = namesText(ids, SHOWN.ends);
    room.add(`\n<details><summary>${word}: ${ids.length}</summary>\n\n${names}\n\n</details>\n`);
  }
  const left = room.left();
  if (left > 0) {
    room.always(
      `\n${count(left, "row")} did not fit into this comment: run \`ringfence diff\` to see all.\n`,
    );
  }
}

/** Takes text as long as there is room, and counts what did not fit. */
interface Room {
  readonly add: (text: string) => boolean;
  readonly always: (text: string) => void;
  readonly miss: (rows: number) => void;
  readonly left: () => number;
}

function createRoom(write: Write): Room {
  const encoder = new TextEncoder();
  let used = 0;
  let missed = 0;
  const always = (text: string): void => {
    used += encoder.encode(text).length;
    write(text);
  };
  return {
    always,
    add: (text) => {
      if (used + encoder.encode(text).length > MOST_BYTES) return false;
      always(text);
      return true;
    },
    miss: (rows) => {
      missed += rows;
    },
    left: () => missed,
  };
}

function writeNotes({ base, head, unused }: DiffResult, room: Room): void {
  for (const [name, { compiled }] of [["base", base] as const, ["head", head] as const]) {
    if (!compiled.cluster.incomplete) continue;
    room.always(
      `\n**Incomplete:** an object of the ${name} that may decide traffic could not be read.\n`,
    );
  }
  const [was, is] = [base.compiled.profile.name, head.compiled.profile.name];
  if (was !== is) room.always(`\nThe profile is ${code(is)}, and was ${code(was)}.\n`);
  const shown = unused.slice(0, SHOWN.unused);
  for (const { place, reason } of shown) {
    room.add(`\nNo change fits the expectation at ${code(place)}: ${code(clip(reason))}\n`);
  }
  if (unused.length > shown.length) {
    room.add(`\n${unused.length - shown.length} more expectations fit no change.\n`);
  }
}

/** What opened in a dangerous place is open to see, the rest is collapsed. */
function writeTable(
  rows: readonly DiffRow[],
  { way, zone }: { readonly way: DiffRow["way"]; readonly zone: Zone },
  room: Room,
): void {
  const title = `${TITLES[way]} ${zone}: ${count(pairsIn(rows), "connection")}`;
  const isOpen = way === "opened" && zone !== "within a namespace";
  const [lead, end] = isOpen
    ? [`\n**${title}**\n\n`, ""]
    : [`\n<details><summary>${title}</summary>\n\n`, "\n</details>\n"];
  const head = `${lead}| from | to | ports | because |\n| --- | --- | --- | --- |\n`;
  let written = 0;
  for (const row of rows) {
    // a table without a row says nothing
    if (!room.add(`${written === 0 ? head : ""}${rowText(row)}`)) break;
    written++;
  }
  if (written < rows.length) room.miss(rows.length - written);
  if (written > 0) room.always(end);
}

const TITLES = { opened: "Opened", closed: "Closed", conditions: "Under other conditions" };

function rowText(row: DiffRow): string {
  const causes = row.causes.slice(0, SHOWN.causes).map(causeText);
  if (row.causes.length > SHOWN.causes) causes.push(`and ${row.causes.length - SHOWN.causes} more`);
  if (row.expected !== undefined) causes.push(`expected: ${code(clip(row.expected))}`);
  const cells = [
    namesText(row.from, SHOWN.names),
    namesText(row.to, SHOWN.names),
    code(portsText(row)),
    causes.join("<br>"),
  ];
  return `| ${cells.join(" | ")} |\n`;
}

function namesText(names: readonly string[], most: number): string {
  const shown = names.length <= most + 1 ? names : names.slice(0, most);
  const more = names.length - shown.length;
  return `${shown.map(code).join(", ")}${more === 0 ? "" : ` and ${more} more`}`;
}

/** The words of a cause, and what it names in code spans. */
function causeText(cause: PlacedCause): string {
  const places = placesOf(cause);
  const words = cause.text
    .split("`")
    .map((part, index) => (index % 2 === 0 ? plain(part) : code(part)));
  return `${words.join("")}${places === "" ? "" : ` (${code(places)})`}`;
}

/** Longer texts than any name are cut: one row must not fill the comment. */
const MOST_CHARACTERS = 400;

function clip(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}

/** Text in which nothing is markup: what ends a code span, a table cell or a line, and what changes the direction of reading, is spelled out. */
function code(text: string): string {
  const safe = clip(text).replaceAll(/[`|\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, spelled);
  return safe.trim() === "" ? "` `" : `\`${safe}\``;
}

/** Words of ours with values in them, such as labels: what could be markup is spelled out as HTML does. */
function plain(text: string): string {
  return clip(text).replaceAll(
    /[^\p{L}\p{N} .,;:=()→+-]/gu,
    (character) => `&#${character.codePointAt(0)!};`,
  );
}

function spelled(character: string): string {
  return `(U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")})`;
}
