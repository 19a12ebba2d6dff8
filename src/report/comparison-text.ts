import type { PartCause, ProfileRow, Said } from "../analysis/index.ts";
import type { ComparisonResult } from "../app/index.ts";
import { formatRange } from "../base/index.ts";
import { formatTraffic } from "../policy/index.ts";
import { universeOf } from "./diff-json.ts";
import { INCOMPLETE, type Style, type Write, count, shorten } from "./style.ts";

const SHOWN = { names: 6, ports: 8, ranges: 4, rows: 40 };

/** Writes how two profiles differ for a terminal: by what makes them differ. */
export function writeComparisonText(result: ComparisonResult, style: Style, write: Write): void {
  const { peers, rows, session } = result;
  if (session.compiled.cluster.incomplete) write(style.red(`${INCOMPLETE}\n\n`));
  write(`${style.bold(comparisonSummary(result))}\n`);
  const shown = new Set<number>();
  for (const [cause, list] of groupByCause(rows)) {
    write(`\n${style.bold(cause)}\n`);
    for (const value of valuesOf(list[0]!)) write(style.dim(`  ${value}\n`));
    for (const row of list.slice(0, SHOWN.rows)) {
      for (const peer of [...row.from, ...row.to]) shown.add(peer);
      const family = row.family === undefined ? "" : ` over IPv${row.family}`;
      const ports = `${shorten(portsOf(row), SHOWN.ports)}${family}`;
      const said = `${SAID[row.a]} → ${SAID[row.b]}`;
      write(`  ${namesOf(result, row.from)} → ${namesOf(result, row.to)}  ${ports}: ${said}\n`);
    }
    if (list.length > SHOWN.rows) {
      write(style.dim(`  and ${list.length - SHOWN.rows} more: see -o json\n`));
    }
  }
  const outside = peers.entries().filter(([index]) => shown.has(index));
  for (const [, peer] of outside) {
    if (peer.kind !== "outside") continue;
    write(style.dim(`${peer.id} is ${shorten(peer.addresses.map(formatRange), SHOWN.ranges)}\n`));
  }
}

/** The answer in one line. */
export function comparisonSummary({ a, b, rows }: ComparisonResult): string {
  if (rows.length === 0) {
    return `${a.profile.name} and ${b.profile.name} judge every connection alike`;
  }
  return `${a.profile.name} → ${b.profile.name}: ${count(rows.length, "group")} of connections are judged differently`;
}

/** What the verdict of one profile is called. */
export const SAID: Readonly<Record<Said, string>> = {
  allow: "allowed",
  conditional: "allowed under conditions",
  depends: "depends",
  deny: "denied",
};

/** The traffic of a row. */
export function portsOf({ traffic, family }: ProfileRow): readonly string[] {
  return formatTraffic(traffic, universeOf(family));
}

/** Rows under what makes them differ, in the order of the parts. */
export function groupByCause(
  rows: readonly ProfileRow[],
): readonly (readonly [string, readonly ProfileRow[]])[] {
  return [...Map.groupBy(rows, ({ cause }) => causeText(cause))].toSorted(([x], [y]) =>
    x < y ? -1 : 1,
  );
}

/** What makes connections differ, in words. */
export function causeText(cause: PartCause | undefined): string {
  if (cause === undefined) return "too many pairs to try each";
  const names = cause.parts.map(({ name }) => `\`${name}\``);
  if (cause.kind === "each") return names.join(" or ");
  if (cause.enough) return `${names.join(" and ")} together`;
  return names.length === 0
    ? "several switches together"
    : `several switches together, among them ${names.join(", ")}`;
}

/** The values of the parts that a row names, a line each. */
export function valuesOf({ cause }: ProfileRow): readonly string[] {
  return (cause?.parts ?? []).map(({ name, values }) => `${name}: ${values.join(" → ")}`);
}

function namesOf({ peers }: ComparisonResult, list: readonly number[]): string {
  return shorten(
    list.map((index) => peers[index]!.id),
    SHOWN.names,
  );
}
