import { scanCluster } from "../../app/index.ts";
import { writeScanJson, writeScanText } from "../../report/index.ts";
import type { Arguments } from "../command-table.ts";
import { openPaths } from "../open.ts";
import { createOutput, exitCodeOf, refuse, styleFor } from "../terminal.ts";

/** `ringfence scan`. */
export async function run(given: Arguments): Promise<number> {
  const session = await openPaths(given);
  if (typeof session === "string") return refuse(session);
  const namespace = given.flags["namespace"]?.[0];
  const result = scanCluster(session, namespace);
  if (typeof result === "string") return refuse(result);
  const { write, flush } = createOutput();
  if (given.flags["output"]?.[0] === "json") writeScanJson(result, write);
  else writeScanText(result, styleFor(given), write);
  flush();
  return exitCodeOf(session, given);
}
