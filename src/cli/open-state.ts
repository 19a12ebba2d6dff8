import { existsSync } from "node:fs";
import { dirname, join, posix, relative, resolve } from "node:path";

import {
  type Reader,
  type Session,
  type Settings,
  configSchema,
  openSession,
  settingsUnder,
} from "../app/index.ts";
import { CONFIG_NAME, readChecked, readTree } from "../files/index.ts";
import { type Revision, openRevision } from "../git/index.ts";
import type { Arguments } from "./command-table.ts";
import { openFull, readSettings, sayProblems } from "./open.ts";
import { settingsFrom } from "./terminal.ts";

/** One side of a comparison before it is read. */
export type State =
  | { readonly kind: "paths"; readonly paths: readonly string[] }
  | { readonly kind: "revision"; readonly revision: Revision };

/** What is listed of the folders above: charts, and the configuration. */
const ABOVE = ["Chart.yaml", CONFIG_NAME];

/** Finds a state by its name: a path that exists, `-`, `REV:PATH` or `REV`. Gives a sentence if there is none. */
export async function findState(name: string): Promise<State | string> {
  if (name === "-" || existsSync(name)) return { kind: "paths", paths: [name] };
  const colon = name.indexOf(":"); // no revision has one in it
  const state =
    colon > 0
      ? await stateAt(name.slice(0, colon), [name.slice(colon + 1)], true)
      : await stateAt(name, ["."]);
  if (typeof state !== "string") return state;
  return `\`${name}\` is neither a path that exists nor a git revision: ${state}`;
}

/** Paths as a revision has them; `rooted`: from the root of the repository. Gives a sentence if there is no such revision. */
export async function stateAt(
  rev: string,
  paths: readonly string[],
  rooted: boolean = false,
): Promise<State | string> {
  const revision = await openRevision(rev, { paths, rooted, above: ABOVE });
  return typeof revision === "string" ? revision : { kind: "revision", revision };
}

/** Reads and compiles a state. Gives a sentence if it cannot. */
export async function openState(state: State, settings: Settings): Promise<Session | string> {
  if (state.kind === "paths") return await openFull(state.paths, settings);
  const { revision } = state;
  // A revision without manifests is one: they may all be new.
  const read: Reader = (_, told) => readTree(revision, told);
  return await openSession(read, revision.paths, settings);
}

/**
 * The settings for both states: of the command line, and of the configuration that belongs to the base. What the head says of
 * itself counts for nothing: a pull request must not choose what is read of it. Gives a sentence if something is wrong.
 */
export async function settingsOf(base: State, given: Arguments): Promise<Settings | string> {
  if (base.kind === "paths" || given.flags["config"] !== undefined) {
    const paths = base.kind === "paths" ? base.paths : ["."];
    const found = await readSettings({ ...given, paths });
    return typeof found === "string" ? found : found.settings;
  }
  const flags = settingsFrom(given);
  if (typeof flags === "string") return flags;
  const { revision } = base;
  const path = configIn(revision);
  const bytes = path === undefined ? undefined : (await revision.read([path])).get(path);
  if (path === undefined || bytes === undefined) return flags;
  const folder = join(revision.root, dirname(path));
  const read = await readChecked({ file: revision.show(path), folder, bytes }, configSchema);
  const config = sayProblems(read);
  return typeof config === "string" ? config : settingsUnder(config, flags);
}

/** The nearest configuration at or above the first path of a revision. */
function configIn({ paths, files }: Revision): string | undefined {
  const names = new Set(files.map((file) => file.path));
  for (let folder = paths[0] ?? ""; ; folder = posix.dirname(folder)) {
    const path = posix.join(folder, CONFIG_NAME);
    if (names.has(path)) return path;
    if (folder === "" || folder === ".") return undefined;
  }
}

/** The settings for the head: globs that are relative to a folder of the base are there relative to the same folder of the head. */
export function settingsForHead(settings: Settings, base: State, head: State): Settings {
  const { exclude } = settings;
  if (exclude === undefined || base.kind !== "paths" || head.kind !== "paths") return settings;
  const way = relative(resolve(base.paths[0]!), exclude.folder);
  return { ...settings, exclude: { ...exclude, folder: resolve(head.paths[0]!, way) } };
}
