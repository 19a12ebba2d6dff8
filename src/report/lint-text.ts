import type { LintResult, PlacedFinding, PlacedWaiver } from "../app/index.ts";
import { type Style, type Write, count, placeText } from "./style.ts";

/** How many findings of one check are shown before they are only counted; `-o json` has them all. */
const SHOWN = 12;

/** Writes what the checks found for a terminal: how many, then the worst first by check, then what does not count. */
export function writeLintText(result: LintResult, style: Style, write: Write): void {
  if (result.incomplete) {
    write(style.red("INCOMPLETE: an object that may decide traffic could not be read\n\n"));
  }
  writeSummary(result, style, write);
  for (const [id, list] of Map.groupBy(result.findings, (finding) => finding.id)) {
    const title = result.controls.find((control) => control.id === id)?.title ?? "";
    write(`\n${style.bold(id)}  ${style.dim(`${title}: not so`)}\n`);
    for (const finding of list.slice(0, SHOWN)) writeFinding(finding, style, write);
    if (list.length > SHOWN) {
      write(style.dim(`  and ${list.length - SHOWN} more: see -o json\n`));
    }
  }
  writeWaivers(result, style, write);
}

function writeSummary(
  { findings, waived, baselined }: LintResult,
  style: Style,
  write: Write,
): void {
  const bySeverity = Map.groupBy(findings, ({ severity }) => severity);
  const parts = [...bySeverity].map(([severity, list]) =>
    severityColour(style, severity)(`${list.length} ${severity}`),
  );
  const beside = style.dim(besideText({ waived, baselined }));
  if (findings.length === 0) write(`${style.green("nothing found")}${beside}\n`);
  else write(`${count(findings.length, "finding")}: ${parts.join(", ")}${beside}\n`);
}

/** How many findings do not count: ` (besides 2 waived)`, or nothing. */
export function besideText({
  waived,
  baselined,
}: Pick<LintResult, "waived" | "baselined">): string {
  const parts = [
    ...(waived.length === 0 ? [] : [`${waived.length} waived`]),
    ...(baselined.length === 0 ? [] : [`${baselined.length} in the baseline`]),
  ];
  return parts.length === 0 ? "" : ` (besides ${parts.join(", ")})`;
}

function severityColour(style: Style, severity: string): (text: string) => string {
  if (severity === "critical" || severity === "high") return style.red;
  return severity === "medium" ? style.yellow : style.dim;
}

function writeFinding(finding: PlacedFinding, style: Style, write: Write): void {
  const { severity, subject, text, fix, refs, edits } = finding;
  write(`  ${severityColour(style, severity)(severity.padEnd(8))} ${style.bold(subject)}\n`);
  write(`           ${text}\n`);
  write(
    `           ${style.dim("fix")} ${fix}${edits === undefined ? "" : style.dim(" (--fix)")}\n`,
  );
  const places = [...new Set(refs.map(placeText))];
  write(style.dim(`           ${places.join(", ")}\n`));
}

/** Writes waivers that waive nothing, and what a baseline holds that is not found any more; nothing if there is neither. */
export function writeWaivers(
  { expired, unused, refused, gone }: LintResult,
  style: Style,
  write: Write,
): void {
  const lines = [
    ...expired.map((waiver) => `expired ${waiver.expires ?? ""}: ${waiverText(waiver)}`),
    ...unused.map((waiver) => `unused: ${waiverText(waiver)}`),
    ...refused.map(({ text, ...place }) => `refused: ${text}${behind(placeText(place))}`),
  ];
  if (lines.length > 0) {
    write(`\n${style.bold("Waivers that waive nothing")}\n`);
    for (const line of lines) write(`  ${style.yellow(line)}\n`);
  }
  if (gone.length === 0) return;
  write(`\n${style.bold("In the baseline, and not found any more")}\n`);
  for (const fingerprint of gone) write(`  ${fingerprint}\n`);
}

function waiverText({ check, object, ...place }: PlacedWaiver): string {
  return `${check} for ${object}${behind(placeText(place))}`;
}

function behind(place: string): string {
  return place === "" ? "" : ` (${place})`;
}
