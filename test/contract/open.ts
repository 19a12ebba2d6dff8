import assert from "node:assert/strict";

import {
  type Session,
  explainConnection,
  openSession,
  placeRef,
  reachCluster,
  scanCluster,
} from "../../src/app/index.ts";
import type { Cluster } from "../../src/model/index.ts";
import { writeExplainJson, writeReachJson, writeScanJson } from "../../src/report/index.ts";

/** Opens a cluster that was built, not read: its objects stand on the lines of one file. */
export async function openBuilt(cluster: Cluster, profile: string): Promise<Session> {
  const session = await openSession(
    () => Promise.resolve({ cluster, locate: ({ file, line }) => ({ file, line }), readable: 1 }),
    [],
    { profile, podRanges: undefined, nodeRanges: undefined },
  );
  assert.ok(typeof session !== "string");
  return session;
}

type Filter = Partial<Parameters<typeof reachCluster>[1]>;

/** What `reach -o json` prints. */
export function reachJson(session: Session, filter: Filter = {}, pairs: boolean = false): string {
  const all = { from: undefined, to: undefined, port: undefined, namespace: undefined };
  const result = reachCluster(session, { ...all, outside: false, ...filter });
  assert.ok(typeof result !== "string", JSON.stringify(filter));
  return printed((write) => writeReachJson(result, pairs, write));
}

/** What `scan -o json` prints. */
export function scanJson(session: Session): string {
  const result = scanCluster(session);
  assert.ok(typeof result !== "string");
  return printed((write) => writeScanJson(result, write));
}

/** What `explain -o json` prints. */
export function explainJson(session: Session, from: string, to: string, port: string): string {
  const asked = { from, to, port, family: undefined, facts: [] };
  const result = explainConnection(session, asked);
  assert.ok(typeof result !== "string", `${from} ${to} ${port}`);
  const tools = { isLine: false, placeOf: placeRef(session) };
  return printed((write) => writeExplainJson(result, tools, write));
}

function printed(write: (to: (text: string) => void) => void): string {
  let out = "";
  write((text) => (out += text));
  return out;
}
