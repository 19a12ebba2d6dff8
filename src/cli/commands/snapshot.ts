import { writeSnapshot } from "../../files/index.ts";
import type { Arguments } from "../command-table.ts";
import { readSettings } from "../open.ts";
import { EXIT, refuse, say } from "../terminal.ts";

/** `ringfence snapshot`. */
export async function run(given: Arguments): Promise<number> {
  const { paths, flags } = given;
  const out = flags["out"]?.[0];
  if (paths.length === 0) {
    return refuse("no PATH is given: name a directory, a file, or - for standard input");
  }
  if (out === undefined) return refuse("snapshot needs --out FILE");
  const found = await readSettings(given);
  if (typeof found === "string") return refuse(found);
  let written;
  try {
    written = await writeSnapshot(paths, out, { exclude: found.settings.exclude });
  } catch (error) {
    return refuse(`\`${out}\` cannot be written: ${reasonOf(error as NodeJS.ErrnoException)}`);
  }
  const { objects, diagnostics } = written;
  for (const { severity, file, line, text } of diagnostics) {
    if (severity !== "info" || objects === 0) say(`${severity}: ${file}:${line}: ${text}`);
  }
  if (objects === 0)
    return refuse("no Kubernetes object is in what was read: no snapshot was made");
  say(`${objects} ${objects === 1 ? "object" : "objects"}`);
  const isIncomplete = diagnostics.some(({ decides }) => decides);
  return isIncomplete && flags["allow-incomplete"] === undefined ? EXIT.incomplete : EXIT.done;
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return "its folder does not exist";
  if (code === "EACCES" || code === "EPERM") return "no permission";
  return code === "EISDIR" ? "it is a folder" : message;
}
