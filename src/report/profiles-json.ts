import type { ComparisonResult, ProfilesResult } from "../app/index.ts";
import { portsOf } from "./comparison-text.ts";
import { CONTRACT_VERSION } from "./contract.ts";
import { showPeer } from "./reach-json.ts";
import type { Write } from "./style.ts";

/** Writes all profiles, and what was recognised, as JSON. */
export function writeProfilesJson(result: ProfilesResult, write: Write): void {
  write(`${JSON.stringify(profilesDocument(result), null, 2)}\n`);
}

/** Writes how two profiles differ as JSON. */
export function writeComparisonJson(result: ComparisonResult, write: Write): void {
  write(`${JSON.stringify(comparisonDocument(result), null, 2)}\n`);
}

/** The profiles as a document. */
export function profilesDocument({
  profiles,
  detected,
}: ProfilesResult): Readonly<Record<string, unknown>> {
  return { version: CONTRACT_VERSION, ...(detected === undefined ? {} : { detected }), profiles };
}

/** A comparison as a document: `verdicts` of the two profiles in their order, `cause` by the names of `parts`. */
export function comparisonDocument(result: ComparisonResult): Readonly<Record<string, unknown>> {
  const { a, b, peers, parts, rows, session } = result;
  const profiles = [a.profile.name, b.profile.name];
  const ids = (list: readonly number[]): readonly string[] => list.map((peer) => peers[peer]!.id);
  return {
    version: CONTRACT_VERSION,
    profiles,
    incomplete: session.compiled.cluster.incomplete,
    parts: parts.map(({ name, values }) => ({ name, values })),
    peers: peers.map(showPeer),
    differences: rows.map((row) => {
      const said = [row.a, row.b];
      const conditional = said.map((each) => each === "conditional");
      return {
        from: ids(row.from),
        to: ids(row.to),
        ports: portsOf(row),
        ...(row.family === undefined ? {} : { family: row.family }),
        verdicts: said.map((each) => (each === "conditional" ? "allow" : each)),
        ...(conditional.includes(true) ? { conditional } : {}),
        cause: showCause(row.cause),
      };
    }),
  };
}

/** `alone`: each of these by itself; `together`: all are needed, and `enough` says whether they do without others. */
function showCause(cause: ComparisonResult["rows"][number]["cause"]): unknown {
  if (cause === undefined) return null;
  const names = cause.parts.map(({ name }) => name);
  return cause.kind === "each" ? { alone: names } : { together: names, enough: cause.enough };
}
