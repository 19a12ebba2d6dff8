import { type Session, reachCluster, reachFuture } from "../../app/index.ts";
import {
  writeFutureJson,
  writeFutureText,
  writeReachCsv,
  writeReachDot,
  writeReachJson,
  writeReachMarkdown,
  writeReachSvg,
  writeReachText,
  writeReachYaml,
} from "../../report/index.ts";
import type { Arguments } from "../command-table.ts";
import { openPaths } from "../open.ts";
import { createOutput, exitCodeOf, refuse, sayDiagnostics, styleFor } from "../terminal.ts";

/** `ringfence reach`. */
export async function run(given: Arguments): Promise<number> {
  const session = await openPaths(given);
  if (typeof session === "string") return refuse(session);
  sayDiagnostics(session);
  const { flags } = given;
  if (flags["future"] !== undefined) return runFuture(session, given);
  const result = reachCluster(session, {
    from: flags["from"]?.[0],
    to: flags["to"]?.[0],
    port: flags["port"]?.[0],
    namespace: flags["namespace"]?.[0],
    outside: flags["outside"] !== undefined,
  });
  if (typeof result === "string") return refuse(result);
  const { write, flush } = createOutput();
  switch (flags["output"]?.[0]) {
    case "json":
      writeReachJson(result, flags["pairs"] !== undefined, write);
      break;
    case "yaml":
      await writeReachYaml(result, flags["pairs"] !== undefined, write);
      break;
    case "csv":
      writeReachCsv(result, write);
      break;
    case "md":
      writeReachMarkdown(result, write);
      break;
    case "svg":
      writeReachSvg(result, write);
      break;
    case "dot":
      writeReachDot(result, write);
      break;
    default:
      writeReachText(result, styleFor(given), write);
  }
  flush();
  return exitCodeOf(session, given);
}

/** `ringfence reach --future`. */
function runFuture(session: Session, given: Arguments): number {
  const { flags } = given;
  const format = flags["output"]?.[0] ?? "text";
  const unfit = ["to", "port", "outside", "pairs"].find((name) => flags[name] !== undefined);
  if (unfit !== undefined)
    return refuse(
      `\`--${unfit}\` does not go with \`--future\`: use --from ID or --namespace NAME`,
    );
  if (format !== "text" && format !== "json") {
    return refuse(`\`--future\` prints text or json, not \`${format}\``);
  }
  const filter = { workload: flags["from"]?.[0], namespace: flags["namespace"]?.[0] };
  const result = reachFuture(session, filter);
  if (typeof result === "string") return refuse(result);
  const { write, flush } = createOutput();
  if (format === "json") writeFutureJson(result, write);
  else writeFutureText(result, styleFor(given), write);
  flush();
  return exitCodeOf(session, given);
}
