import type { Control } from "../control/index.ts";
import { type ControlText, type ReportedFinding, waivedText } from "./reported-finding.ts";
import { type Style, type Write, count, placeText } from "./style.ts";
import { columnsOf, plainText, wrapText } from "./terminal-text.ts";

type Severity = Control["severity"];

/** How findings are shown on a terminal. */
export interface FindingsText {
  readonly controls: readonly ControlText[];
  readonly style: Style;
  /** Columns of the terminal. */
  readonly width: number;
}

/** Findings that are shown of each check before the rest is only counted, once there are more than `all` in all; `-o json` has every one. */
const SHOWN: Readonly<Record<Severity | "all", number>> = {
  all: 30,
  critical: 8,
  high: 8,
  medium: 4,
  low: 2,
  info: 2,
};

/** Writes findings for a terminal: how many, then each check with its findings, a line for each where it fits, and what to do once. Those that are waived are counted. */
export function writeFindingsText(
  findings: readonly ReportedFinding[],
  options: FindingsText,
  write: Write,
): void {
  const { style, controls } = options;
  const open = findings.filter(({ waived }) => waived === undefined);
  const waived = findings.length - open.length;
  const bySeverity = Map.groupBy(open, ({ severity }) => severity);
  const counts = [...bySeverity].map(([severity, list]) =>
    severityStyle(style, severity)(`${list.length} ${severity}`),
  );
  const said = counts.length === 0 ? style.green("none") : counts.join(", ");
  const also = waived === 0 ? "" : style.dim(` (${waived} waived)`);
  write(`${style.bold("Findings")}  ${said}${also}\n`);
  const texts = new Map(controls.map((control) => [control.id, control]));
  for (const [id, list] of Map.groupBy(open, (finding) => finding.id)) {
    const most = open.length <= SHOWN.all ? list.length : SHOWN[list[0]!.severity];
    write("\n");
    writeCheck(list, { ...options, control: texts.get(id), most }, write);
  }
}

/** Writes the findings of one check. */
function writeCheck(
  findings: readonly ReportedFinding[],
  options: FindingsText & { readonly control: ControlText | undefined; readonly most: number },
  write: Write,
): void {
  const { style, width, control, most } = options;
  const [{ id, severity, fix }] = findings as readonly [ReportedFinding];
  const number = findings.length === 1 ? "" : style.dim(` (${findings.length})`);
  const title = control === undefined ? "" : `  ${style.bold(plainText(control.title))}`;
  write(`${severityStyle(style, severity)(severity)}  ${id}${title}${number}\n`);
  for (const finding of findings.slice(0, most)) {
    const other = finding.severity === severity ? "" : `${finding.severity}: `;
    writeFinding(finding, other, options, write);
  }
  const left = findings.length - most;
  if (left > 0) write(style.dim(`  and ${left} more: see -o json\n`));
  const isSame = findings.every((finding) => finding.fix === fix);
  const advice = plainText(isSame || control === undefined ? fix : lowered(control.remediation));
  const [first = "", ...rest] = wrapText(advice, width - 7);
  write(style.dim(`  fix: ${first}\n`));
  for (const line of rest) write(style.dim(`       ${line}\n`));
}

/** Subject, what is wrong, and where: in one line if they fit, else what does not fit on lines of its own. */
function writeFinding(
  finding: ReportedFinding,
  other: string,
  { style, width }: FindingsText,
  write: Write,
): void {
  const subject = shortId(plainText(finding.subject));
  const why = finding.waived === undefined ? "" : ` (${waivedText(finding.waived)})`;
  const text = plainText(`${other}${finding.text}${why}`);
  const [first = {}] = finding.refs;
  const more =
    finding.refs.length > 1 ? ` and ${count(finding.refs.length - 1, "place")} more` : "";
  const place = plainText(`${placeText(first)}${more}`);
  const head = `  ${subject}  ${text}`;
  const isShort = columnsOf(head) <= width;
  write(`  ${style.bold(subject)}`);
  if (isShort) write(`  ${text}`);
  else for (const line of wrapText(text, width - 4)) write(`\n    ${line}`);
  if (place === "") write("\n");
  else if (isShort && columnsOf(`${head}  ${place}`) <= width) write(`  ${style.dim(place)}\n`);
  else write(`\n    ${style.dim(place)}\n`);
}

/** An id without the group of the API, which says nothing to who reads it: `NetworkPolicy/shop/web`. */
function shortId(id: string): string {
  const parts = id.split("/");
  return parts[0]?.includes(".") === true && parts.length > 2 ? parts.slice(1).join("/") : id;
}

function severityStyle(style: Style, severity: Severity): (text: string) => string {
  if (severity === "critical" || severity === "high") return style.red;
  return severity === "medium" ? style.yellow : (text) => text;
}

function lowered(text: string): string {
  const start = /^[A-Z](?=[a-z ])/u.test(text) ? text[0]!.toLowerCase() : (text[0] ?? "");
  return `${start}${text.slice(1)}`.replace(/\.$/u, "");
}
