import type { DiffResult, PlacedCause } from "../app/index.ts";
import { type DiffRow, ZONES, pairsIn, placesOf, rowsOf } from "./diff-rows.ts";
import { type Style, type Write, count, shorten } from "./style.ts";

const SHOWN = { names: 6, ports: 8, rows: 40, causes: 4, ends: 12 };

/** Writes a diff for a terminal: what opened, what closed, the most dangerous first. */
export function writeDiffText(result: DiffResult, style: Style, write: Write): void {
  const { base, head } = result;
  for (const [name, { compiled }] of [["base", base] as const, ["head", head] as const]) {
    if (!compiled.cluster.incomplete) continue;
    write(
      style.red(`INCOMPLETE: an object of the ${name} that may decide traffic could not be read\n`),
    );
  }
  const rows = rowsOf(result);
  write(`${style.bold(summaryOf(result, rows))}\n`);
  if (base.compiled.profile !== head.compiled.profile) {
    const [was, is] = [base.compiled.profile.name, head.compiled.profile.name];
    write(style.yellow(`the profile is ${is}, and was ${was}\n`));
  }
  writeEnds(result, style, write);
  for (const way of ["opened", "closed", "conditions"] as const) {
    const mine = rows.filter((row) => row.way === way);
    if (mine.length === 0) continue;
    const colour = way === "opened" ? style.red : way === "closed" ? style.green : style.yellow;
    write(`\n${colour(TITLES[way])}\n`);
    let left = SHOWN.rows;
    for (const zone of ZONES) {
      const list = mine.filter((row) => row.zone === zone);
      if (list.length === 0) continue;
      write(`  ${style.bold(zone)}\n`);
      for (const row of list.slice(0, left)) writeRow(row, colour, { style, write });
      if (list.length > left) write(style.dim(`    and ${list.length - left} more: see -o json\n`));
      left = Math.max(0, left - list.length);
    }
  }
}

const TITLES = { opened: "OPENED", closed: "CLOSED", conditions: "OTHER CONDITIONS" };

/** The answer in one line. */
export function summaryOf({ changes }: DiffResult, rows: readonly DiffRow[]): string {
  if (changes.length === 0) return "no connection changed";
  const parts = (["opened", "closed"] as const).map((way) => {
    const mine = rows.filter((row) => row.way === way);
    const notes = [
      [pairsIn(mine.filter(({ zone }) => zone === "from outside")), "from outside"] as const,
      [pairsIn(mine.filter(({ ports }) => ports.length === 0)), "perhaps"] as const,
    ].filter(([number]) => number > 0);
    const told = notes.map(([number, what]) => `${number} ${what}`).join(", ");
    return `${count(pairsIn(mine), "connection")} ${way}${told === "" ? "" : ` (${told})`}`;
  });
  const others = pairsIn(rows.filter(({ way }) => way === "conditions"));
  if (others > 0) parts.push(`${others} under other conditions`);
  const expected = changes.filter((change) => change.expected !== undefined).length;
  if (expected > 0) parts.push(`${expected} of ${count(changes.length, "change")} expected`);
  return parts.join(", ");
}

/** The ends that only one state has, `came` or `went`. */
export function endsOf({ peers }: DiffResult, state: "added" | "removed"): readonly string[] {
  return peers.filter((peer) => peer.state === state).map(({ id }) => id);
}

function writeEnds(result: DiffResult, style: Style, write: Write): void {
  for (const [state, word] of [["added", "came"] as const, ["removed", "went"] as const]) {
    const ids = endsOf(result, state);
    if (ids.length > 0) write(`${style.dim(word)} ${shorten(ids, SHOWN.ends)}\n`);
  }
}

function writeRow(
  row: DiffRow,
  colour: (text: string) => string,
  { style, write }: { readonly style: Style; readonly write: Write },
): void {
  const sign = { opened: "+", closed: "-", conditions: "~" }[row.way];
  const [from, to] = [shorten(row.from, SHOWN.names), shorten(row.to, SHOWN.names)];
  const expected = row.expected === undefined ? "" : style.dim(`  expected: ${row.expected}`);
  write(`  ${colour(sign)} ${from} → ${to}  ${colour(portsText(row))}${expected}\n`);
  for (const cause of row.causes.slice(0, SHOWN.causes))
    write(style.dim(`      ${causeText(cause)}\n`));
  if (row.causes.length > SHOWN.causes) {
    write(style.dim(`      and ${row.causes.length - SHOWN.causes} more causes: see -o json\n`));
  }
}

/** The ports of a row, those that are not certain behind the others. */
export function portsText({ ports, perhaps, family, way }: DiffRow): string {
  if (way === "conditions") return ports.join(" → ");
  const ofFamily = family === undefined ? "" : ` over IPv${family}`;
  const sure = shorten(ports, SHOWN.ports);
  const doubtful = perhaps.length === 0 ? "" : `perhaps ${shorten(perhaps, SHOWN.ports)}`;
  return `${[sure, doubtful].filter((text) => text !== "").join(", ")}${ofFamily}`;
}

function causeText(cause: PlacedCause): string {
  const places = placesOf(cause);
  return places === "" ? cause.text : `${cause.text} (${places})`;
}
