import { failsOn, scanCluster } from "../../app/index.ts";
import { writeScanJson, writeScanText } from "../../report/index.ts";
import type { Arguments } from "../command-table.ts";
import { openPaths } from "../open.ts";
import {
  EXIT,
  createOutput,
  exitCodeOf,
  failOnFrom,
  refuse,
  say,
  styleFor,
  today,
} from "../terminal.ts";

/** `ringfence scan`. */
export async function run(given: Arguments): Promise<number> {
  const session = await openPaths(given);
  if (typeof session === "string") return refuse(session);
  const namespace = given.flags["namespace"]?.[0];
  if (namespace !== undefined && !session.compiled.cluster.namespaces.has(namespace)) {
    return refuse(`there is no namespace \`${namespace}\``);
  }
  const result = scanCluster(session, { namespace, today: today() });
  const { write, flush } = createOutput();
  if (given.flags["output"]?.[0] === "json") writeScanJson(result, write);
  else writeScanText(result, styleFor(given), write);
  flush();
  const code = exitCodeOf(session, given);
  if (code === EXIT.usage) say("ringfence: nothing could be read: see the diagnostics");
  return code === EXIT.done && failsOn(result.findings, failOnFrom(given)) ? EXIT.violation : code;
}
