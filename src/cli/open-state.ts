import { existsSync } from "node:fs";

import { type Session, type Settings, openSession } from "../app/index.ts";
import { readCluster, readTree } from "../files/index.ts";
import { type Revision, openRevision } from "../git/index.ts";

/** Opens one side of a comparison: a path that exists, `-`, `REV:PATH` or `REV`. Gives a sentence if it cannot. */
export async function openState(name: string, settings: Settings): Promise<Session | string> {
  if (name === "-" || existsSync(name)) return await openSession(readCluster, [name], settings);
  // A Windows drive is no revision, and no revision has a colon in it.
  const colon = name.indexOf(":");
  const revision =
    colon > 0
      ? await openRevision(name.slice(0, colon), { paths: [name.slice(colon + 1)], rooted: true })
      : await openRevision(name, { paths: ["."], rooted: false });
  if (typeof revision === "string") {
    return `\`${name}\` is neither a path that exists nor a git revision: ${revision}`;
  }
  return await openTree(revision, settings);
}

/** Opens paths of the work tree as a revision has them. Gives a sentence if it cannot. */
export async function openAtRevision(
  rev: string,
  paths: readonly string[],
  settings: Settings,
): Promise<Session | string> {
  const revision = await openRevision(rev, { paths, rooted: false });
  return typeof revision === "string" ? revision : await openTree(revision, settings);
}

async function openTree(revision: Revision, settings: Settings): Promise<Session | string> {
  const session = await openSession(
    (_, ranges) => readTree(revision, ranges),
    revision.paths,
    settings,
  );
  // A revision without manifests is one: they may all be new.
  return typeof session === "string" ? session : { ...session, readable: 1 };
}
