import type { DetectedProfile, ListedProfile, ProfilesResult } from "../app/index.ts";
import { type Style, type Write, count, placeText } from "./style.ts";
import { plainText, wrapText } from "./terminal-text.ts";

/** Writes all profiles for a terminal, after what was recognised. */
export function writeProfilesText(
  { profiles, detected }: ProfilesResult,
  { style, width }: { readonly style: Style; readonly width: number },
  write: Write,
): void {
  if (detected !== undefined) writeDetected(detected, style, write);
  for (const [index, profile] of profiles.entries()) {
    if (index > 0) write("\n");
    writeProfile(profile, { style, width }, write);
  }
}

/** What was recognised, reason by reason. */
function writeDetected(
  { profile, why, engines, kinds }: DetectedProfile,
  style: Style,
  write: Write,
): void {
  write(`${style.bold(`profile ${profile}`)}: ${plainText(why)}\n`);
  for (const { name, enforcement, evidence } of engines) {
    write(
      `  ${style.bold(name)}  enforces NetworkPolicy: ${enforcementText(enforcement, style)}\n`,
    );
    for (const { subject, text, ...place } of evidence) {
      write(`    ${plainText(`${subject} ${text}`)}  ${style.dim(plainText(placeText(place)))}\n`);
    }
  }
  for (const { group, kind, objects, evidence } of kinds) {
    const many = objects === 0 ? "defined, no object" : count(objects, "object");
    const place = plainText(placeText(evidence));
    write(`  ${plainText(`${kind} of ${group}`)}  ${many}  ${style.dim(place)}\n`);
  }
  write("\n");
}

function enforcementText(
  enforcement: DetectedProfile["engines"][number]["enforcement"],
  style: Style,
): string {
  const paint = { on: style.green, off: style.red, audit: style.red, unknown: style.yellow };
  return paint[enforcement](enforcement);
}

function writeProfile(
  { name, about, switches, stages }: ListedProfile,
  { style, width }: { readonly style: Style; readonly width: number },
  write: Write,
): void {
  write(`${style.bold(name)}\n`);
  for (const line of wrapText(about, width - 2)) write(`  ${line}\n`);
  const columns = [
    Math.max(...switches.map((each) => each.name.length)),
    Math.max(...switches.map((each) => each.value.length)),
    Math.max(...switches.map((each) => each.rule.length)),
  ] as const;
  for (const { name: key, value, rule, source } of switches) {
    const lead = `  ${key.padEnd(columns[0])}  ${value.padEnd(columns[1])}  ${rule.padEnd(columns[2])}  `;
    const said = wrapText(`${source.mark}: ${source.text}`, Math.max(width - lead.length, 30));
    write(`${lead}${style.dim(said.join(`\n${" ".repeat(lead.length)}`))}\n`);
  }
  const lists = Object.entries(stages);
  if (lists.length === 0) write("  nothing is judged: everything passes\n");
  for (const [point, list] of lists) write(`  ${point}: ${list.join(" → ")}\n`);
}
