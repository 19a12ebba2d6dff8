import { listUnneeded, scanCluster } from "../../app/index.ts";
import { writeScanJson, writeScanText } from "../../report/index.ts";
import type { Arguments } from "../command-table.ts";
import { openConfigured } from "../open.ts";
import { EXIT, createOutput, exitCodeOf, refuse, say, styleFor } from "../terminal.ts";

/** `ringfence scan`. */
export async function run(given: Arguments): Promise<number> {
  const opened = await openConfigured(given);
  if (typeof opened === "string") return refuse(opened);
  const { session, config } = opened;
  const namespace = given.flags["namespace"]?.[0];
  if (namespace !== undefined && !session.compiled.cluster.namespaces.has(namespace)) {
    return refuse(`there is no namespace \`${namespace}\``);
  }
  const posture = scanCluster(session, namespace);
  const isAsked = given.flags["unneeded"] !== undefined;
  const result = isAsked
    ? { ...posture, unneeded: listUnneeded(session, config?.value ?? {}) }
    : posture;
  const { write, flush } = createOutput();
  if (given.flags["output"]?.[0] === "json") writeScanJson(result, write);
  else writeScanText(result, styleFor(given), write);
  flush();
  const code = exitCodeOf(session, given);
  if (code === EXIT.usage) say("ringfence: nothing could be read: see the diagnostics");
  return code;
}
