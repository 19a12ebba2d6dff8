import type { LintResult, PlacedWaiver } from "../app/index.ts";
import { type FindingsText, writeFindingsText } from "./findings-text.ts";
import { reportedFindings } from "./reported-finding.ts";
import { INCOMPLETE, type Style, type Write, count, placeText } from "./style.ts";

/** Writes what the checks found for a terminal: how many, then the worst first by check, then what does not count. */
export function writeLintText(result: LintResult, options: FindingsText, write: Write): void {
  const { style } = options;
  if (result.incomplete) write(style.red(`${INCOMPLETE}\n\n`));
  writeFindingsText(reportedFindings(result), options, write);
  const fixable = result.findings.filter(({ edits }) => edits !== undefined).length;
  const notes = [
    ...(fixable === 0 ? [] : [`\`--fix\` can mend ${fixable} of them`]),
    ...(result.baselined.length === 0
      ? []
      : [
          `${count(result.baselined.length, "finding")} of the baseline ${result.baselined.length === 1 ? "does" : "do"} not count`,
        ]),
  ];
  for (const note of notes) write(style.dim(`\n${note}\n`));
  writeWaivers(result, style, write);
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
