import {
  type ComparisonResult,
  compareSessionProfiles,
  listProfiles,
  parseComparison,
} from "../../app/index.ts";
import {
  writeComparisonJson,
  writeComparisonMarkdown,
  writeComparisonText,
  writeComparisonYaml,
  writeProfilesJson,
  writeProfilesMarkdown,
  writeProfilesText,
  writeProfilesYaml,
} from "../../report/index.ts";
import type { Arguments } from "../command-table.ts";
import { openPaths } from "../open.ts";
import {
  EXIT,
  createOutput,
  exitCodeOf,
  refuse,
  sayDiagnostics,
  styleFor,
  widthOf,
} from "../terminal.ts";

/** `ringfence profiles`. */
export async function run(given: Arguments): Promise<number> {
  const { flags, paths } = given;
  const compare = flags["compare"]?.[0];
  if (compare !== undefined) return await runCompare(given, compare);
  if (flags["fail-on"] !== undefined)
    return refuse("`--fail-on` goes with --compare: leave it out");
  const session = paths.length === 0 ? undefined : await openPaths(given);
  if (typeof session === "string") return refuse(session);
  if (session !== undefined) sayDiagnostics(session);
  const result = listProfiles(session);
  const { write, flush } = createOutput();
  const format = flags["output"]?.[0];
  if (format === "json") writeProfilesJson(result, write);
  else if (format === "yaml") await writeProfilesYaml(result, write);
  else if (format === "md") writeProfilesMarkdown(result, write);
  else writeProfilesText(result, { style: styleFor(given), width: widthOf() }, write);
  flush();
  return session === undefined ? EXIT.done : exitCodeOf(session, given);
}

/** `ringfence profiles --compare`. */
async function runCompare(given: Arguments, compare: string): Promise<number> {
  const names = parseComparison(compare);
  if (typeof names === "string") return refuse(names);
  if (given.paths.length === 0) return refuse("`--compare` needs a PATH: name what to judge");
  const session = await openPaths(given);
  if (typeof session === "string") return refuse(session);
  sayDiagnostics(session);
  const result = compareSessionProfiles(session, names);
  if (typeof result === "string") return refuse(result);
  await writeComparison(result, given);
  const code = exitCodeOf(session, given);
  const isViolation = given.flags["fail-on"] !== undefined && result.rows.length > 0;
  return code === EXIT.done && isViolation ? EXIT.violation : code;
}

async function writeComparison(result: ComparisonResult, given: Arguments): Promise<void> {
  const { write, flush } = createOutput();
  const format = given.flags["output"]?.[0];
  if (format === "json") writeComparisonJson(result, write);
  else if (format === "yaml") await writeComparisonYaml(result, write);
  else if (format === "md") writeComparisonMarkdown(result, write);
  else writeComparisonText(result, styleFor(given), write);
  flush();
}
