import { writeFindingsCsv } from "./findings-csv.ts";
import { writeFindingsJunit } from "./findings-junit.ts";
import { writeFindingsMarkdown } from "./findings-markdown.ts";
import { writeGitlab } from "./gitlab.ts";
import type { WriteFindings } from "./reported-finding.ts";
import { writeSarif } from "./sarif.ts";

/** The formats of findings that stand for themselves, by the name on the command line. */
export const FINDING_FORMATS: Readonly<Record<string, WriteFindings>> = {
  md: writeFindingsMarkdown,
  csv: writeFindingsCsv,
  sarif: writeSarif,
  junit: writeFindingsJunit,
  gitlab: writeGitlab,
};
