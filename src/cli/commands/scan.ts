import { type ScanResult, listUnneeded, scanCluster } from "../../app/index.ts";
import { CONTROLS } from "../../control/index.ts";
import {
  FINDING_FORMATS,
  type FindingContext,
  type Write,
  writeScanJson,
  writeScanMarkdown,
  writeScanText,
  writeScanYaml,
} from "../../report/index.ts";
import type { Arguments } from "../command-table.ts";
import { openConfigured } from "../open.ts";
import { repositoryPaths } from "../repository-path.ts";
import { createOutput, exitCodeOf, refuse, styleFor, widthOf } from "../terminal.ts";
import { version } from "../version.ts";

/** `ringfence scan`. */
export async function run(given: Arguments): Promise<number> {
  const opened = await openConfigured(given);
  if (typeof opened === "string") return refuse(opened);
  const { session, config } = opened;
  const namespace = given.flags["namespace"]?.[0];
  const posture = scanCluster(session, namespace);
  if (typeof posture === "string") return refuse(posture);
  const isAsked = given.flags["unneeded"] !== undefined;
  const result = isAsked
    ? { ...posture, unneeded: listUnneeded(session, config?.value ?? {}) }
    : posture;
  const { write, flush } = createOutput();
  await writeScan(result, given, write);
  flush();
  return exitCodeOf(session, given);
}

async function writeScan(result: ScanResult, given: Arguments, write: Write): Promise<void> {
  const format = given.flags["output"]?.[0] ?? "text";
  const context: FindingContext = {
    command: "scan",
    version: version(),
    controls: CONTROLS,
    incomplete: result.incomplete,
    diagnostics: result.diagnostics,
    pathOf: repositoryPaths(),
  };
  switch (format) {
    case "text":
      writeScanText(
        result,
        { controls: CONTROLS, style: styleFor(given), width: widthOf() },
        write,
      );
      break;
    case "json":
      writeScanJson(result, write);
      break;
    case "yaml":
      await writeScanYaml(result, write);
      break;
    case "md":
      writeScanMarkdown(result, context, write);
      break;
    default:
      FINDING_FORMATS[format]?.(result.findings, context, write);
  }
}
