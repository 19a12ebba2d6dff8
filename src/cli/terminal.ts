import { styleText } from "node:util";

import { type AddressSet, addressSet, parseCidr } from "../base/index.ts";
import type { Session, Settings } from "../app/index.ts";
import { SEVERITIES, type Severity } from "../control/index.ts";
import type { Style, Write } from "../report/index.ts";
import type { Arguments } from "./command-table.ts";

/** Exit codes of the program (design: the command line). */
export const EXIT = { done: 0, violation: 1, usage: 2, incomplete: 3, fault: 4 };

/** Says one line on standard error: results go to standard output only. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Ends a command that cannot do what it was asked for. */
export function refuse(text: string): number {
  say(`ringfence: ${text}`);
  return EXIT.usage;
}

/** Characters that are gathered before they are written: a system call for each line would cost more than the work. */
const BUFFER = 65_536;

/** Gathers output and writes it in large pieces; call `flush` at the end. */
export function createOutput(): { readonly write: Write; readonly flush: () => void } {
  let parts: string[] = [];
  let size = 0;
  const flush = (): void => {
    if (size > 0) process.stdout.write(parts.join(""));
    parts = [];
    size = 0;
  };
  const write = (text: string): void => {
    parts.push(text);
    size += text.length;
    if (size > BUFFER) flush();
  };
  return { write, flush };
}

/** Colours as asked for: on a terminal only, unless they are forced; NO_COLOR is kept. */
export function styleFor({ flags }: Arguments): Style {
  const when = flags["color"]?.[0] ?? "auto";
  const isOn =
    when === "always" ||
    (when === "auto" && process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "");
  const paint =
    (format: "bold" | "dim" | "red" | "yellow" | "green") =>
    (text: string): string =>
      isOn ? styleText(format, text, { validateStream: false }) : text;
  return {
    bold: paint("bold"),
    dim: paint("dim"),
    red: paint("red"),
    yellow: paint("yellow"),
    green: paint("green"),
  };
}

/** Columns that text may take: those of the terminal within reason, 100 where there is none. */
export function widthOf(): number {
  const { isTTY, columns } = process.stdout;
  return isTTY ? Math.min(Math.max(columns, 60), 200) : 100;
}

/** The settings of a command line; a sentence if a range cannot be read. */
export function settingsFrom({ flags }: Arguments): Settings | string {
  const podRanges = rangesFrom(flags["pod-cidr"]);
  const nodeRanges = rangesFrom(flags["node-cidr"]);
  if (typeof podRanges === "string") return podRanges;
  if (typeof nodeRanges === "string") return nodeRanges;
  return { profile: flags["profile"]?.[0], podRanges, nodeRanges };
}

function rangesFrom(texts: readonly string[] | undefined): AddressSet | undefined | string {
  if (texts === undefined) return undefined;
  const ranges = texts
    .flatMap((text) => text.split(","))
    .map((text) => [text, parseCidr(text)] as const);
  const bad = ranges.find(([, range]) => range === undefined);
  if (bad !== undefined) return `\`${bad[0]}\` is no address range: write it like \`10.0.0.0/8\``;
  return addressSet(ranges.flatMap(([, range]) => range ?? []));
}

/** The severity of `--fail-on`. */
export function failOnFrom({ flags }: Arguments): Severity | undefined {
  return SEVERITIES.find((severity) => severity === flags["fail-on"]?.[0]);
}

/** The day of now, YYYY-MM-DD, as the world counts (UTC). */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Says what was found wrong with the input; with `all` its notes too. */
export function sayDiagnostics({ compiled }: Session, all?: "all"): void {
  for (const { severity, file, line, text } of compiled.cluster.diagnostics) {
    if (severity !== "info" || all !== undefined) say(`${severity}: ${file}:${line}: ${text}`);
  }
}

/** The exit code of a command that has answered. */
export function exitCodeOf(session: Session, { flags }: Arguments): number {
  const isIncomplete =
    session.compiled.cluster.incomplete && flags["allow-incomplete"] === undefined;
  return isIncomplete ? EXIT.incomplete : EXIT.done;
}
