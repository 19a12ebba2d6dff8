import { htmlText, markdownCode, markdownRow, markdownText } from "./markdown.ts";
import {
  type ControlText,
  type FindingContext,
  type ReportedFinding,
  filePlace,
  waivedText,
} from "./reported-finding.ts";
import { type Write, count } from "./style.ts";

/** Findings of one check in its table, and characters of all tables: a comment holds 65,536, and there is other text in it. */
const MOST = { findings: 50, characters: 50_000 };

/** What an incomplete answer begins with. */
export const INCOMPLETE =
  "> **Incomplete:** an object that may decide traffic could not be read.\n\n";

/** Writes findings as Markdown for a job's summary or a comment: a line that counts them, then a table for each check, in the limits of a comment. */
export function writeFindingsMarkdown(
  findings: readonly ReportedFinding[],
  context: FindingContext,
  write: Write,
): void {
  if (context.incomplete) write(INCOMPLETE);
  const open = findings.filter(({ waived }) => waived === undefined);
  write(`**Findings:** ${countsOf(open)}${waivedCount(findings.length - open.length)}\n`);
  const titles = new Map(context.controls.map((control) => [control.id, control]));
  let size = 0;
  let left = 0;
  for (const [id, list] of Map.groupBy(findings, (finding) => finding.id)) {
    const text = tableOf(list, titles.get(id), context);
    if (size + text.length > MOST.characters) {
      left += list.length;
      continue;
    }
    size += text.length;
    write(text);
  }
  if (left > 0) write(`\n${count(left, "finding")} more: see \`-o json\`.\n`);
}

/** `2 high, 1 medium`. */
function countsOf(findings: readonly ReportedFinding[]): string {
  if (findings.length === 0) return "none";
  const bySeverity = Map.groupBy(findings, ({ severity }) => severity);
  return [...bySeverity].map(([severity, list]) => `${list.length} ${severity}`).join(", ");
}

function waivedCount(number: number): string {
  return number === 0 ? "" : ` (and ${number} waived)`;
}

/** A check with its findings; one that is not grave is folded. */
function tableOf(
  findings: readonly ReportedFinding[],
  control: ControlText | undefined,
  context: FindingContext,
): string {
  const [worst] = findings;
  if (worst === undefined) return "";
  const isGrave = findings.some(
    ({ severity, waived }) =>
      waived === undefined && (severity === "critical" || severity === "high"),
  );
  const said = control === undefined ? "" : `: ${htmlText(control.title)}`;
  const head = `<b>${worst.severity}</b> <code>${htmlText(worst.id.replaceAll("`", ""))}</code>${said} (${findings.length})`;
  const rows = findings
    .slice(0, MOST.findings)
    .map((finding) => markdownRow(cellsOf(finding, context)));
  const more = findings.length - rows.length;
  return [
    `\n<details${isGrave ? " open" : ""}><summary>${head}</summary>\n\n`,
    control === undefined
      ? ""
      : `${markdownText(control.rationale)} ${markdownText(control.remediation)}\n\n`,
    markdownRow(["subject", "what", "where", "fix"]),
    markdownRow(["---", "---", "---", "---"]),
    ...rows,
    more > 0 ? `\n${more} more: see \`-o json\`.\n` : "",
    "\n</details>\n",
  ].join("");
}

function cellsOf(finding: ReportedFinding, context: FindingContext): readonly string[] {
  const { subject, text, fix, refs, waived } = finding;
  const [first = {}] = refs;
  const place = filePlace(first, context);
  return [
    markdownCode(subject),
    waived === undefined
      ? markdownText(text)
      : `${markdownText(text)} (${markdownText(waivedText(waived))})`,
    place === undefined ? "" : markdownCode(`${place.path}:${place.line}`),
    markdownText(fix),
  ];
}
