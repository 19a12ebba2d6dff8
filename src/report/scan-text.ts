import type { ScanResult } from "../app/index.ts";
import { besideText, writeWaivers } from "./lint-text.ts";
import { type Style, type Write, count, placeText, shorten } from "./style.ts";

/** How many findings of one check, namespaces and names are shown before they are only counted; `-o json` has them all. */
const SHOWN = { findings: 12, namespaces: 20, names: 4, diagnostics: 20 };

/** Writes a scan for a terminal: what is incomplete first, the worst findings before the rest. */
export function writeScanText(result: ScanResult, style: Style, write: Write): void {
  if (result.incomplete) {
    write(
      style.red(
        "INCOMPLETE: an object that may decide traffic could not be read; see the diagnostics\n\n",
      ),
    );
  }
  writeCounts(result, style, write);
  writeCoverage(result, style, write);
  writeOpenness(result, style, write);
  writeFindings(result, style, write);
  writeWaivers(result, style, write);
  writeDiagnostics(result, style, write);
}

function writeCounts(result: ScanResult, style: Style, write: Write): void {
  const { counts, isolation, profile, profileWhy } = result;
  const policies = Object.entries(counts.policies).map(
    ([kind, number]) => `${number} ${kind.slice(kind.indexOf("/") + 1)}`,
  );
  write(`${style.dim("profile")}    ${profile} (${profileWhy})\n`);
  write(
    `${style.dim("cluster")}    ${count(counts.workloads, "workload")} in ${count(counts.namespaces, "namespace")}, ${count(counts.services, "service")}\n`,
  );
  write(
    `${style.dim("policies")}   ${policies.length === 0 ? style.red("none") : policies.join(", ")}\n`,
  );
  for (const direction of ["ingress", "egress"] as const) {
    const { isolated, of } = isolation[direction];
    const text = `${isolated} of ${of} workloads`;
    const colour = isolated === of ? style.green : style.red;
    write(`${style.dim("isolated")}   ${direction.padEnd(8)}${colour(text)}\n`);
  }
}

function writeCoverage({ coverage }: ScanResult, style: Style, write: Write): void {
  if (coverage.length === 0) return;
  const width = Math.max(...coverage.map(({ namespace }) => namespace.length), 9);
  write(`\n${style.bold("Does a new pod start denied?")}\n`);
  write(style.dim(`  ${"namespace".padEnd(width)}  workloads  ingress  egress\n`));
  const answer = (yes: boolean): string => (yes ? style.green("yes") : style.red("no "));
  for (const { namespace, workloads, ingress, egress } of coverage.slice(0, SHOWN.namespaces)) {
    const number = String(workloads).padStart(9);
    write(`  ${namespace.padEnd(width)}  ${number}  ${answer(ingress)}      ${answer(egress)}\n`);
  }
  if (coverage.length > SHOWN.namespaces) {
    write(style.dim(`  and ${coverage.length - SHOWN.namespaces} more: see -o json\n`));
  }
}

function writeOpenness({ openness, counts }: ScanResult, style: Style, write: Write): void {
  write(`\n${style.bold("Open to any address outside")}\n`);
  const line = (text: string, ids: readonly string[]): void => {
    const number = `${ids.length} of ${counts.workloads}`;
    const names = ids.length === 0 ? "" : `: ${shorten(ids, SHOWN.names)}`;
    write(
      `  ${text.padEnd(22)} ${(ids.length === 0 ? style.green : style.yellow)(number)}${names}\n`,
    );
  };
  line("may send to any", openness.toAnyAddress);
  line("may be reached by any", openness.fromAnyAddress);
}

function writeFindings(result: ScanResult, style: Style, write: Write): void {
  const { findings } = result;
  const beside = style.dim(besideText(result));
  write(
    `\n${style.bold("Findings")}${beside}${findings.length === 0 ? `\n  ${style.green("none")}` : ""}\n`,
  );
  for (const [id, list] of Map.groupBy(findings, (finding) => finding.id)) {
    for (const { severity, subject, text, refs } of list.slice(0, SHOWN.findings)) {
      const colour = severity === "high" || severity === "critical" ? style.red : style.yellow;
      write(`  ${colour(severity.padEnd(8))} ${id}  ${style.bold(subject)}\n`);
      write(`           ${text}\n`);
      for (const ref of refs) write(style.dim(`           ${placeText(ref)}\n`));
    }
    if (list.length > SHOWN.findings) {
      write(style.dim(`  and ${list.length - SHOWN.findings} more of ${id}: see -o json\n`));
    }
  }
}

function writeDiagnostics({ diagnostics }: ScanResult, style: Style, write: Write): void {
  if (diagnostics.length === 0) return;
  write(`\n${style.bold("Diagnostics")}\n`);
  const rank = { error: 0, warning: 1, info: 2 };
  const sorted = diagnostics.toSorted((a, b) => rank[a.severity] - rank[b.severity]);
  for (const { severity, text, ...place } of sorted.slice(0, SHOWN.diagnostics)) {
    const colour = { error: style.red, warning: style.yellow, info: style.dim }[severity];
    write(`  ${colour(severity.padEnd(8))} ${placeText(place)}: ${text}\n`);
  }
  if (sorted.length > SHOWN.diagnostics) {
    write(style.dim(`  and ${sorted.length - SHOWN.diagnostics} more: see -o json\n`));
  }
}
