import { type Session, openSession } from "../app/index.ts";
import { readCluster } from "../files/index.ts";
import type { Arguments } from "./command-table.ts";
import { settingsFrom } from "./terminal.ts";

/** Reads and compiles what a command line names; gives a sentence if it cannot. */
export async function openPaths(given: Arguments): Promise<Session | string> {
  if (given.paths.length === 0) {
    return "no PATH is given: name a directory, a file, a snapshot, or - for standard input";
  }
  const settings = settingsFrom(given);
  if (typeof settings === "string") return settings;
  return await openSession(readCluster, given.paths, settings);
}
