import { csvRow } from "./csv.ts";
import {
  type FindingContext,
  type ReportedFinding,
  filePlace,
  waivedText,
} from "./reported-finding.ts";
import type { Write } from "./style.ts";

/** Writes findings as comma-separated values, one row each, with the first of their places. */
export function writeFindingsCsv(
  findings: readonly ReportedFinding[],
  context: FindingContext,
  write: Write,
): void {
  write("check,severity,subject,text,fix,file,line,rule,fingerprint,waived\n");
  for (const { id, severity, subject, text, fix, refs, fingerprint, waived } of findings) {
    const [first = {}] = refs;
    const place = filePlace(first, context);
    const at = [place?.path ?? "", place === undefined ? "" : String(place.line), first.rule ?? ""];
    const why = waived === undefined ? "" : waivedText(waived);
    write(csvRow([id, severity, subject, text, fix, ...at, fingerprint, why]));
  }
}
