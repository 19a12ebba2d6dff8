import {
  type ScanResult,
  failsOn,
  judgementUnder,
  listUnneeded,
  scanCluster,
} from "../../app/index.ts";
import {
  FINDING_FORMATS,
  type Write,
  reportedFindings,
  writeScanJson,
  writeScanMarkdown,
  writeScanText,
  writeScanYaml,
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
  styleFor,
  today,
  widthOf,
} from "../terminal.ts";

/** `ringfence scan`. */
export async function run(given: Arguments): Promise<number> {
  const opened = await openConfigured(given);
  if (typeof opened === "string") return refuse(opened);
  const { session, config } = opened;
  const namespace = given.flags["namespace"]?.[0];
  const posture = scanCluster(session, {
    namespace,
    today: today(),
    ...judgementUnder(config),
  });
  if (typeof posture === "string") return refuse(posture);
  const isAsked = given.flags["unneeded"] !== undefined;
  const result = isAsked
    ? { ...posture, unneeded: listUnneeded(session, config?.value ?? {}) }
    : posture;
  const { write, flush } = createOutput();
  await writeScan(result, given, write);
  flush();
  const code = exitCodeOf(session, given);
  return code === EXIT.done && failsOn(result.findings, failOnFrom(given)) ? EXIT.violation : code;
}

async function writeScan(result: ScanResult, given: Arguments, write: Write): Promise<void> {
  const format = given.flags["output"]?.[0] ?? "text";
  switch (format) {
    case "text": {
      const { controls } = result;
      const options = { controls, style: styleFor(given), width: widthOf() };
      writeScanText(result, options, write);
      break;
    }
    case "json":
      writeScanJson(result, write);
      break;
    case "yaml":
      await writeScanYaml(result, write);
      break;
    case "md":
      writeScanMarkdown(result, contextOf(result, "scan"), write);
      break;
    default:
      FINDING_FORMATS[format]?.(reportedFindings(result), contextOf(result, "scan"), write);
  }
}
