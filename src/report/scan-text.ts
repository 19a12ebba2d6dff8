import type { ScanResult } from "../app/index.ts";
import { type FindingsText, writeFindingsText } from "./findings-text.ts";
import { reportedFindings } from "./reported-finding.ts";
import { INCOMPLETE, type Write, count, placeText } from "./style.ts";
import { fitNames, plainText, wrapText } from "./terminal-text.ts";
import { writeUnneededText } from "./unneeded-text.ts";
import { writeWaivers } from "./lint-text.ts";

/** Diagnostics that are shown; `-o json` has them all. */
const DIAGNOSTICS = 20;

/** Writes a scan for a terminal: what is incomplete first, then the answer in a few numbers, then the worst findings. */
export function writeScanText(result: ScanResult, options: FindingsText, write: Write): void {
  const { style } = options;
  if (result.incomplete) {
    write(style.red(`${INCOMPLETE}: see below\n\n`));
  }
  writeAnswer(result, options, write);
  writeNames(result, options, write);
  write("\n");
  writeFindingsText(reportedFindings(result), options, write);
  writeWaivers(result, style, write);
  if (result.unneeded !== undefined) writeUnneededText(result.unneeded, style, write);
  writeDiagnostics(result, options, write);
}

/** One number of the answer: how many of how many, and whether many are good. */
interface Measure {
  readonly text: string;
  readonly of: string;
  readonly numbers: readonly [ingress: number, egress: number];
  readonly all: readonly [ingress: number, egress: number];
  readonly isGood: boolean;
}

function measuresOf(result: ScanResult): readonly Measure[] {
  const { counts, isolation, coverage, exposure, openness } = result;
  const { ingress, egress } = isolation;
  const workloads = [counts.workloads, counts.workloads] as const;
  const open = { of: "workloads", all: workloads, isGood: false };
  const covered = (direction: "ingress" | "egress"): number =>
    coverage.filter((each) => each[direction]).length;
  return [
    {
      text: "isolated by a policy",
      of: "workloads",
      numbers: [ingress.isolated, egress.isolated],
      all: [ingress.of, egress.of],
      isGood: true,
    },
    {
      text: "a new pod starts denied",
      of: "namespaces",
      numbers: [covered("ingress"), covered("egress")],
      all: [coverage.length, coverage.length],
      isGood: true,
    },
    {
      ...open,
      text: "admit addresses outside",
      numbers: [exposure.ingress.outside, exposure.egress.outside],
    },
    {
      ...open,
      text: "admit every address outside",
      numbers: [openness.fromAnyAddress.length, openness.toAnyAddress.length],
    },
    {
      ...open,
      text: "admit any pod of the cluster",
      numbers: [exposure.ingress.cluster, exposure.egress.cluster],
    },
  ];
}

function writeAnswer(result: ScanResult, { style, width }: FindingsText, write: Write): void {
  const { counts, profile, profileWhy } = result;
  const policies = Object.entries(counts.policies).map(
    ([kind, number]) => `${number} ${kind.slice(kind.indexOf("/") + 1)}`,
  );
  const under = policies.length === 0 ? style.red("no policy") : policies.join(", ");
  const what = `${count(counts.workloads, "workload")} in ${count(counts.namespaces, "namespace")}`;
  write(`${style.bold(what)} under ${under}\n`);
  for (const line of wrapText(`profile ${profile}: ${profileWhy}`, width)) {
    write(style.dim(`${line}\n`));
  }
  const measures = measuresOf(result);
  const column = Math.max(...measures.map(({ text }) => text.length));
  write(style.dim(`\n${"".padEnd(column)}   ingress    egress\n`));
  for (const { text, of, numbers, all, isGood } of measures) {
    const cells = numbers.map((number, index) => {
      const whole = all[index] ?? 0;
      const cell = `${number} of ${whole}`.padStart(10);
      if (isGood) return number === whole ? style.green(cell) : style.red(cell);
      return number === 0 ? style.green(cell) : style.yellow(cell);
    });
    write(`${text.padEnd(column)}${cells.join("")}  ${style.dim(of)}\n`);
  }
}

/** Names what the numbers count, as far as it is bad and fits into a line. */
function writeNames(result: ScanResult, { style, width }: FindingsText, write: Write): void {
  const { coverage, openness } = result;
  const bare = coverage
    .filter(({ ingress, egress }) => !ingress || !egress)
    .map(({ namespace, ingress, egress }) =>
      ingress ? `${namespace} (egress)` : egress ? `${namespace} (ingress)` : namespace,
    );
  const lines = [
    ["a new pod is open in", bare],
    ["reached by every address", openness.fromAnyAddress],
    ["may send to every address", openness.toAnyAddress],
  ] as const;
  const shown = lines.filter(([, names]) => names.length > 0);
  if (shown.length > 0) write("\n");
  const column = Math.max(0, ...shown.map(([text]) => text.length));
  for (const [text, names] of shown) {
    const fitting = fitNames(names.map(plainText), width - column - 2);
    write(`${style.dim(text.padEnd(column))}  ${fitting}\n`);
  }
}

function writeDiagnostics(
  { diagnostics }: ScanResult,
  { style, width }: FindingsText,
  write: Write,
): void {
  if (diagnostics.length === 0) return;
  write(`\n${style.bold("Diagnostics")}\n`);
  const rank = { error: 0, warning: 1, info: 2 };
  const sorted = diagnostics.toSorted((a, b) => rank[a.severity] - rank[b.severity]);
  for (const { severity, text, ...place } of sorted.slice(0, DIAGNOSTICS)) {
    const colour = { error: style.red, warning: style.yellow, info: style.dim }[severity];
    const [first = "", ...rest] = wrapText(plainText(`${placeText(place)}: ${text}`), width - 11);
    write(`  ${colour(severity.padEnd(8))} ${first}\n`);
    for (const line of rest) write(`           ${line}\n`);
  }
  if (sorted.length > DIAGNOSTICS) {
    write(style.dim(`  and ${sorted.length - DIAGNOSTICS} more: see -o json\n`));
  }
}
