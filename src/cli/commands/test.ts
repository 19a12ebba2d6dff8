import {
  type IntentSuite,
  type ReadConfig,
  type TestResult,
  baselineRuleSchema,
  intentOfBaselineRule,
  intentOfNetassert,
  intentsSchema,
  netassertSchema,
  testIntents,
} from "../../app/index.ts";
import { checkItems, readChecked, readYamlFile } from "../../files/index.ts";
import { writeTestJson, writeTestJunit, writeTestText } from "../../report/index.ts";
import type { Arguments } from "../command-table.ts";
import { type Opened, openConfigured, sayProblems } from "../open.ts";
import { repositoryPaths } from "../repository-path.ts";
import { EXIT, createOutput, exitCodeOf, refuse, say, styleFor } from "../terminal.ts";

/** `ringfence test`. */
export async function run(given: Arguments): Promise<number> {
  const { flags } = given;
  const [format, file] = flags["import"] ?? [];
  if (format !== undefined && flags["intents"] !== undefined) {
    return refuse("--import and --intents both say where the intents are: give one of them");
  }
  const paths = given.paths.length === 0 ? ["."] : given.paths;
  const opened = await openConfigured({ ...given, paths });
  if (typeof opened === "string") return refuse(opened);
  const suite = await suiteFor(opened, { format, file, intents: flags["intents"]?.[0] });
  if (typeof suite === "string") return refuse(suite);
  const { session } = opened;
  const result = testIntents(session, suite);
  for (const { severity, file: where, line, text } of result.diagnostics) {
    if (severity !== "info") say(`${severity}: ${where}:${line}: ${text}`);
  }
  const { write, flush } = createOutput();
  const output = flags["output"]?.[0];
  if (output === "json") writeTestJson(result, write);
  else if (output === "junit") writeTestJunit(result, repositoryPaths(), write);
  else writeTestText(result, styleFor(given), write);
  flush();
  const code = exitCodeOf(session, given);
  return code === EXIT.done ? codeOf(result) : code;
}

/** Nothing that was tested is not a pass. */
function codeOf({ intents, counts }: TestResult): number {
  if (intents.length === 0 || counts.notEvaluable > 0) return EXIT.incomplete;
  return counts.unmet > 0 ? EXIT.violation : EXIT.done;
}

/** Where the intents are. */
interface Source {
  readonly format: string | undefined;
  /** In that format. */
  readonly file: string | undefined;
  /** A file of intents in the form of `ringfence.yaml`. */
  readonly intents: string | undefined;
}

async function suiteFor(
  { config }: Opened,
  { format, file, intents }: Source,
): Promise<IntentSuite | string> {
  const base = config === undefined ? NONE : suiteOf(config);
  if (file !== undefined) return await importSuite(base, format!, file);
  if (intents === undefined) return base;
  const schema: Parameters<typeof readChecked>[1] = (v) => intentsSchema(v, base.zones);
  const read = sayProblems(await readChecked(intents, schema));
  if (typeof read === "string") return read;
  const own = suiteOf(read as ReadConfig<object>);
  return { ...own, zones: [...base.zones, ...own.zones] };
}

const NONE: IntentSuite = { zones: [], intents: [], refused: [] };

function suiteOf({
  file,
  value: { zones = [], intents = [] },
  lineOf,
}: ReadConfig<Pick<ReadConfig["value"], "zones" | "intents">>): IntentSuite {
  return {
    zones: zones.map((zone, index) => ({ ...zone, file, line: lineOf(["zones", index]) })),
    intents: intents.map((intent, index) => {
      return { intent, file, line: lineOf(["intents", index]) };
    }),
    refused: [],
  };
}

async function importSuite(
  { zones }: IntentSuite,
  format: string,
  file: string,
): Promise<IntentSuite | string> {
  const raw = readYamlFile(file);
  if (raw.problems.length > 0) {
    const read = sayProblems({ ...raw, value: undefined });
    if (typeof read === "string") return read;
  }
  const entries =
    format === "netassert"
      ? await readEntries(raw, netassertSchema, intentOfNetassert)
      : await readEntries(raw, baselineRuleSchema, intentOfBaselineRule);
  if (typeof entries === "string") return entries;
  return { zones, ...entries };
}

/** Entries as intents, and those that are none with the reason. */
async function readEntries<T>(
  raw: Parameters<typeof checkItems>[0],
  schemaOf: Parameters<typeof checkItems<T>>[1],
  intentOf: (entry: T) => IntentSuite["intents"][number]["intent"] | string,
): Promise<Omit<IntentSuite, "zones"> | string> {
  const items = await checkItems(raw, schemaOf);
  if (typeof items === "string") return items;
  const { file } = raw;
  const intents: IntentSuite["intents"][number][] = [];
  const refused: IntentSuite["refused"][number][] = [];
  for (const { line, name, value, why } of items) {
    const intent = value === undefined ? why : intentOf(value);
    if (typeof intent === "string") refused.push({ name, file, line, why: intent });
    else intents.push({ intent, file, line });
  }
  return { intents, refused };
}
