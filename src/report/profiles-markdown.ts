import type { ComparisonResult, ProfilesResult } from "../app/index.ts";
import { formatRange } from "../base/index.ts";
import {
  SAID,
  causeText,
  comparisonSummary,
  groupByCause,
  portsOf,
  valuesOf,
} from "./comparison-text.ts";
import { markdownCode, markdownRow, markdownText } from "./markdown.ts";
import { INCOMPLETE, type Write, count, placeText, shorten } from "./style.ts";

const SHOWN = { names: 6, ports: 8, ranges: 4, rows: 200 };

/** Writes all profiles as Markdown, a table each. */
export function writeProfilesMarkdown({ profiles, detected }: ProfilesResult, write: Write): void {
  if (detected !== undefined) {
    write(`**${markdownText(`profile ${detected.profile}`)}**: ${markdownText(detected.why)}\n\n`);
    for (const { name, enforcement, evidence } of detected.engines) {
      write(`- ${markdownCode(name)} enforces NetworkPolicy: ${enforcement}\n`);
      for (const { subject, text, ...place } of evidence) {
        const where = placeText(place);
        const at = where === "" ? "" : ` (${markdownCode(where)})`;
        write(`  - ${markdownCode(subject)} ${markdownText(text)}${at}\n`);
      }
    }
    for (const { group, kind, objects, evidence } of detected.kinds) {
      const many = objects === 0 ? "defined, no object" : count(objects, "object");
      const at = markdownCode(placeText(evidence));
      write(`- ${markdownText(`${kind} of ${group}`)}: ${many} (${at})\n`);
    }
    if (detected.engines.length + detected.kinds.length > 0) write("\n");
  }
  for (const { name, about, switches, stages } of profiles) {
    write(`## ${markdownText(name)}\n\n${markdownText(about)}\n\n`);
    write(markdownRow(["switch", "value", "rule", "source", "what it says"]));
    write("| --- | --- | --- | --- | --- |\n");
    for (const { name: key, value, rule, source } of switches) {
      write(markdownRow([markdownCode(key), value, rule, source.mark, markdownText(source.text)]));
    }
    write("\n");
    const lists = Object.entries(stages);
    if (lists.length === 0) write("Nothing is judged: everything passes.\n\n");
    for (const [point, list] of lists) write(`- ${markdownCode(point)}: ${list.join(" → ")}\n`);
    if (lists.length > 0) write("\n");
  }
}

/** Writes how two profiles differ as Markdown, a table for each cause. */
export function writeComparisonMarkdown(result: ComparisonResult, write: Write): void {
  const { a, b, peers, rows, session } = result;
  if (session.compiled.cluster.incomplete) write(`**${INCOMPLETE}**\n\n`);
  write(`**${markdownText(comparisonSummary(result))}**\n`);
  const names = (list: readonly number[]): string =>
    shorten(
      list.map((peer) => markdownCode(peers[peer]!.id)),
      SHOWN.names,
    );
  const shown = new Set<number>();
  let left = SHOWN.rows;
  for (const [, list] of groupByCause(rows)) {
    write(`\n### ${markdownText(causeText(list[0]!.cause))}\n\n`);
    for (const value of valuesOf(list[0]!)) write(`${markdownText(value)}\n\n`);
    write(markdownRow(["from", "to", "ports", a.profile.name, b.profile.name]));
    write("| --- | --- | --- | --- | --- |\n");
    for (const row of list.slice(0, left)) {
      for (const peer of [...row.from, ...row.to]) shown.add(peer);
      const family = row.family === undefined ? "" : ` (IPv${row.family})`;
      const ports = `${shorten(portsOf(row), SHOWN.ports)}${family}`;
      write(markdownRow([names(row.from), names(row.to), ports, SAID[row.a], SAID[row.b]]));
    }
    if (list.length > left) write(`\n${list.length - left} more: see \`-o json\`\n`);
    left = Math.max(0, left - list.length);
  }
  const outside = peers.filter((peer, index) => peer.kind === "outside" && shown.has(index));
  if (outside.length > 0) write("\n");
  for (const peer of outside) {
    if (peer.kind !== "outside") continue;
    write(`- \`${peer.id}\`: ${shorten(peer.addresses.map(formatRange), SHOWN.ranges)}\n`);
  }
}
