import type { ScanResult } from "../app/index.ts";
import { INCOMPLETE, writeFindingsMarkdown } from "./findings-markdown.ts";
import { markdownCode, markdownRow, markdownText } from "./markdown.ts";
import { type FindingContext, reportedFindings } from "./reported-finding.ts";
import { type Write, count } from "./style.ts";

/** Namespaces of the table; `-o json` has them all. */
const NAMESPACES = 50;

/** Writes a scan as Markdown, for the summary of a job: the numbers, the namespaces, the findings. */
export function writeScanMarkdown(result: ScanResult, context: FindingContext, write: Write): void {
  const { counts, isolation, coverage, exposure, openness, profile, profileWhy } = result;
  const { ingress, egress } = isolation;
  const all = counts.workloads;
  if (context.incomplete) write(INCOMPLETE);
  write("### Segmentation\n\n");
  const what = `${count(all, "workload")} in ${count(counts.namespaces, "namespace")}`;
  const why = markdownText(profileWhy);
  write(`${what}, judged as by \`${profile}\` (${why}).\n\n`);
  const covered = (direction: "ingress" | "egress"): string =>
    `${coverage.filter((each) => each[direction]).length} of ${coverage.length}`;
  const row = (text: string, [first, second]: readonly [string, string]): void =>
    write(markdownRow([text, first, second]));
  row("", ["ingress", "egress"]);
  row("---", ["---", "---"]);
  const isolated = ({ isolated: number, of }: typeof ingress): string => `${number} of ${of}`;
  row("workloads that a policy isolates", [isolated(ingress), isolated(egress)]);
  row("namespaces in which a new pod starts denied", [covered("ingress"), covered("egress")]);
  const open = (from: number, to: number) => [`${from} of ${all}`, `${to} of ${all}`] as const;
  row(
    "workloads that admit addresses outside",
    open(exposure.ingress.outside, exposure.egress.outside),
  );
  const { fromAnyAddress, toAnyAddress } = openness;
  row(
    "workloads that admit every address outside",
    open(fromAnyAddress.length, toAnyAddress.length),
  );
  row(
    "workloads that admit any pod of the cluster",
    open(exposure.ingress.cluster, exposure.egress.cluster),
  );
  const bare = coverage.filter((each) => !each.ingress || !each.egress);
  if (bare.length > 0) {
    const names = bare.slice(0, NAMESPACES).map((each) => {
      const ways = (["ingress", "egress"] as const).filter((way) => !each[way]);
      return `${markdownCode(each.namespace)} (${ways.join(", ")})`;
    });
    const more = bare.length > names.length ? ` and ${bare.length - names.length} more` : "";
    write(`\nA new pod does not start denied in ${names.join(", ")}${more}.\n`);
  }
  write("\n");
  // it is said already
  writeFindingsMarkdown(reportedFindings(result), { ...context, incomplete: false }, write);
}
