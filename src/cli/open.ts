import { type Session, type Settings, openSession } from "../app/index.ts";
import { readCluster } from "../files/index.ts";
import type { Arguments } from "./command-table.ts";
import { sayDiagnostics, settingsFrom } from "./terminal.ts";

/** Reads and compiles what a command line names; gives a sentence if it cannot, or if there is nothing to ask. */
export async function openPaths(given: Arguments): Promise<Session | string> {
  if (given.paths.length === 0) {
    return "no PATH is given: name a directory, a file, a snapshot, or - for standard input";
  }
  const settings = settingsFrom(given);
  if (typeof settings === "string") return settings;
  return await openFull(given.paths, settings);
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
