import { readFileSync, writeFileSync } from "node:fs";

import {
  type LintRequest,
  type LintResult,
  type Session,
  failsOn,
  judgementUnder,
  lintCluster,
} from "../../app/index.ts";
import { type Baseline, formatBaseline, parseBaseline } from "../../control/index.ts";
import { type FileEditor, createFileEditor } from "../../files/index.ts";
import {
  FINDING_FORMATS,
  type Write,
  reportedFindings,
  writeLintJson,
  writeLintText,
  writeLintYaml,
} from "../../report/index.ts";
import type { Arguments } from "../command-table.ts";
import { contextOf } from "../finding-context.ts";
import { openConfigured } from "../open.ts";
import {
  EXIT,
  createOutput,
  exitCodeOf,
  failOnFrom,
  refuse,
  say,
  sayDiagnostics,
  styleFor,
  today,
  widthOf,
} from "../terminal.ts";

/** `ringfence lint`. */
export async function run(given: Arguments): Promise<number> {
  const { flags } = given;
  if (flags["dry-run"] !== undefined && flags["fix"] === undefined) {
    return refuse("`--dry-run` says what `--fix` would do: give both");
  }
  const baseline = readBaseline(flags["baseline"]?.[0]);
  if (typeof baseline === "string") return refuse(baseline);
  const opened = await openConfigured(given);
  if (typeof opened === "string") return refuse(opened);
  const { session, config } = opened;
  const editor = isEditing(given) ? await createFileEditor(given.paths) : undefined;
  const result = lint(given, session, {
    ...judgementUnder(config),
    baseline,
    patch: editor?.patch,
  });
  if (typeof result === "string") return refuse(result);
  const fault = writeBaseline(flags["write-baseline"]?.[0], result);
  if (fault !== undefined) return refuse(fault);
  sayDiagnostics(session);
  const rest = await report(given, result, editor);
  const code = exitCodeOf(session, given);
  return code === EXIT.done && failsOn(rest, failOnFrom(given)) ? EXIT.violation : code;
}

/** Whether edits are looked at: to be made, or to be shown as patches. */
function isEditing({ flags }: Arguments): boolean {
  return flags["fix"] !== undefined || ["json", "yaml"].includes(flags["output"]?.[0] ?? "");
}

function lint(
  { flags }: Arguments,
  session: Session,
  known: Omit<LintRequest, "checks" | "namespace" | "today">,
): LintResult | string {
  const namespace = flags["namespace"]?.[0];
  return lintCluster(session, { ...known, checks: flags["check"], namespace, today: today() });
}

/** Prints the result and fixes what is to be fixed; gives the findings that are left. */
async function report(
  given: Arguments,
  result: LintResult,
  editor: FileEditor | undefined,
): Promise<LintResult["findings"]> {
  const { flags } = given;
  const { write, flush } = createOutput();
  const isDry = flags["dry-run"] !== undefined;
  const isFix = editor !== undefined && flags["fix"] !== undefined;
  const fixed = isFix ? fix(editor, result, isDry ? write : undefined) : new Set<string>();
  if (!isDry) await writeLint(result, given, write);
  flush();
  return result.findings.filter(({ fingerprint }) => !fixed.has(fingerprint));
}

async function writeLint(result: LintResult, given: Arguments, write: Write): Promise<void> {
  const format = given.flags["output"]?.[0] ?? "text";
  switch (format) {
    case "text": {
      const { controls } = result;
      writeLintText(result, { controls, style: styleFor(given), width: widthOf() }, write);
      break;
    }
    case "json":
      writeLintJson(result, write);
      break;
    case "yaml":
      await writeLintYaml(result, write);
      break;
    default:
      FINDING_FORMATS[format]?.(reportedFindings(result), contextOf(result, "lint"), write);
  }
}

function readBaseline(file: string | undefined): Baseline | undefined | string {
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return `the baseline \`${file}\` cannot be read: ${(error as Error).message}`;
  }
  const read = parseBaseline(text);
  return typeof read === "string" ? `the baseline \`${file}\` cannot be used: ${read}` : read;
}

/** Writes every finding that is not waived as a baseline; gives a sentence if it cannot. */
function writeBaseline(
  file: string | undefined,
  { findings, baselined }: LintResult,
): string | undefined {
  if (file === undefined) return undefined;
  const all = [...findings, ...baselined];
  try {
    writeFileSync(file, formatBaseline(all));
  } catch (error) {
    return `\`${file}\` cannot be written: ${(error as Error).message}`;
  }
  say(`wrote \`${file}\`: ${all.length} findings`);
  return undefined;
}

/** Makes the edits of findings, or with `show` only shows them; says what it did. Gives the fingerprints of what is fixed. */
function fix(
  editor: FileEditor,
  { findings }: LintResult,
  show: ((text: string) => void) | undefined,
): ReadonlySet<string> {
  const fixable = findings.filter(({ patch }) => patch !== undefined);
  for (const { id, subject, noPatch } of findings) {
    if (noPatch !== undefined) say(`not fixed: ${id} of ${subject}: ${noPatch}`);
  }
  const result = editor.preview(fixable.flatMap(({ edits }) => edits ?? []));
  for (const { reason } of result.refused) say(`not fixed: ${reason}`);
  if (show !== undefined) {
    show(editor.diff(result));
    return new Set();
  }
  const faults = editor.write(result);
  for (const fault of faults) say(`not fixed: ${fault}`);
  if (faults.length === 0) for (const { file } of result.files) say(`changed ${file}`);
  say(`fixed ${faults.length === 0 ? fixable.length : 0} of ${findings.length} findings`);
  const isWhole = faults.length === 0 && result.refused.length === 0;
  return new Set(isWhole ? fixable.map(({ fingerprint }) => fingerprint) : []);
}
