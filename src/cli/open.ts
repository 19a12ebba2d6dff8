import {
  type ReadConfig,
  type Session,
  type Settings,
  configSchema,
  openSession,
  settingsUnder,
} from "../app/index.ts";
import { type ReadYamlFile, findConfig, readChecked, readCluster } from "../files/index.ts";
import type { Arguments } from "./command-table.ts";
import { say, sayDiagnostics, settingsFrom } from "./terminal.ts";

/** A session, and the configuration under which it was opened. */
export interface Opened {
  readonly session: Session;
  readonly config: ReadConfig | undefined;
}

/** Reads and compiles what a command line names; gives a sentence if it cannot, or if there is nothing to ask. */
export async function openPaths(given: Arguments): Promise<Session | string> {
  const opened = await openConfigured(given);
  return typeof opened === "string" ? opened : opened.session;
}

/** Reads the configuration and what a command line names; gives a sentence if it cannot. */
export async function openConfigured(given: Arguments): Promise<Opened | string> {
  if (given.paths.length === 0) {
    return "no PATH is given: name a directory, a file, a snapshot, or - for standard input";
  }
  const found = await readSettings(given);
  if (typeof found === "string") return found;
  const session = await openFull(given.paths, found.settings);
  return typeof session === "string" ? session : { session, config: found.config };
}

/** Reads and compiles paths. Says what is wrong with them, and gives a sentence, if they hold no object at all: nothing is not an answer. */
export async function openFull(
  paths: readonly string[],
  settings: Settings,
): Promise<Session | string> {
  const session = await openSession(readCluster, paths, settings);
  if (typeof session === "string" || session.compiled.cluster.objects > 0) return session;
  sayDiagnostics(session, "all");
  return session.readable === 0
    ? "nothing could be read"
    : "no Kubernetes object is in what was read";
}

/** The settings of a command line and of the configuration that belongs to its first path. Says everything that is wrong with that file; gives a sentence if there is something. */
export async function readSettings(
  given: Arguments,
): Promise<{ readonly settings: Settings; readonly config: ReadConfig | undefined } | string> {
  const flags = settingsFrom(given);
  if (typeof flags === "string") return flags;
  const file = given.flags["config"]?.[0] ?? findConfig(given.paths[0] ?? ".");
  if (file === undefined) return { settings: flags, config: undefined };
  const config = sayProblems(await readChecked(file, configSchema));
  if (typeof config === "string") return config;
  return { settings: settingsUnder(config, flags), config };
}

/** The value of a file that was checked. Says everything that is wrong with it; gives a sentence if there is something. */
export function sayProblems<T>(read: ReadYamlFile<T>): ReadConfig<T> | string {
  const { file, folder, value, problems, lineOf } = read;
  for (const { line, text } of problems) say(`error: ${file}:${line}: ${text}`);
  if (value !== undefined) return { file, folder, value, lineOf };
  const count =
    problems.length === 1 ? "an error: correct it" : `${problems.length} errors: correct them`;
  return `\`${file}\` has ${count}, nothing was read`;
}
