import { existsSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { draftConfig, openSession } from "../../app/index.ts";
import { CONFIG_NAME, readCluster } from "../../files/index.ts";
import { writeConfigYaml } from "../../report/index.ts";
import type { Arguments } from "../command-table.ts";
import { exitCodeOf, refuse, say, sayDiagnostics, settingsFrom } from "../terminal.ts";

/** `ringfence init`. */
export async function run(given: Arguments): Promise<number> {
  const paths = given.paths.length === 0 ? ["."] : given.paths;
  const out = given.flags["out"]?.[0] ?? placeFor(paths[0]!);
  if (out !== "-" && existsSync(out) && given.flags["force"] === undefined) {
    return refuse(`\`${out}\` exists: give --force to overwrite it, or --out FILE`);
  }
  const settings = settingsFrom(given);
  if (typeof settings === "string") return refuse(settings);
  const session = await openSession(readCluster, paths, settings);
  if (typeof session === "string") return refuse(session);
  sayDiagnostics(session);
  if (session.compiled.cluster.workloads.length === 0) {
    return refuse("no workload was found, so there is nothing to begin with: name the manifests");
  }
  const parts: string[] = [];
  const draft = draftConfig(session);
  writeConfigYaml(draft, (part) => parts.push(part));
  if (draft.closed.length + draft.allows.length === 0) {
    say("warning: no intent could be drafted: no connection that policies decide was found");
  }
  const text = parts.join("");
  if (out === "-") process.stdout.write(text);
  else {
    try {
      writeFileSync(out, text);
    } catch (error) {
      return refuse(`\`${out}\` cannot be written: ${(error as Error).message}`);
    }
    const command = ["ringfence test", ...given.paths].join(" ");
    say(`${out} is written: read it, then run \`${command}\``);
  }
  return exitCodeOf(session, given);
}

/** At the path, where every later run on it looks first. */
function placeFor(path: string): string {
  if (path === "-") return CONFIG_NAME;
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return join(isFolder ? path : dirname(path), CONFIG_NAME);
}
