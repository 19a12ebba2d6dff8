import type {
  ComparisonResult,
  LintResult,
  ProfilesResult,
  ReachResult,
  ScanResult,
} from "../app/index.ts";
import { scanDocument } from "./json.ts";
import { lintDocument } from "./lint-json.ts";
import { comparisonDocument, profilesDocument } from "./profiles-json.ts";
import { reachConnections, reachHead, showPeer } from "./reach-json.ts";
import type { Write } from "./style.ts";

/** Writes a scan as YAML: the document of the contract. */
export async function writeScanYaml(result: ScanResult, write: Write): Promise<void> {
  const toYaml = await loadYaml();
  write(toYaml(scanDocument(result)));
}

/** Writes what the checks found as YAML. */
export async function writeLintYaml(result: LintResult, write: Write): Promise<void> {
  const toYaml = await loadYaml();
  write(toYaml(lintDocument(result)));
}

/** Writes all profiles as YAML. */
export async function writeProfilesYaml(result: ProfilesResult, write: Write): Promise<void> {
  const toYaml = await loadYaml();
  write(toYaml(profilesDocument(result)));
}

/** Writes how two profiles differ as YAML. */
export async function writeComparisonYaml(result: ComparisonResult, write: Write): Promise<void> {
  const toYaml = await loadYaml();
  write(toYaml(comparisonDocument(result)));
}

/** Writes reachability as YAML: the document of the contract, piece by piece. */
export async function writeReachYaml(
  result: ReachResult,
  pairs: boolean,
  write: Write,
): Promise<void> {
  const toYaml = await loadYaml();
  write(toYaml(reachHead(result)));
  let first = true;
  const writeItem = (name: string, item: unknown): void => {
    if (first) write(`${name}:\n`);
    first = false;
    write(toYaml([item]));
  };
  for (const peer of result.peers) writeItem("peers", showPeer(peer));
  if (first) write("peers: []\n");
  first = true;
  for (const each of reachConnections(result, pairs)) writeItem("connections", JSON.parse(each));
  if (first) write("connections: []\n");
}

/** Gives what writes a value as YAML. Loaded when it is needed: most runs write none. */
async function loadYaml(): Promise<(value: unknown) => string> {
  const { dump } = await import("js-yaml");
  return (value) => dump(value, { noRefs: true, lineWidth: -1 });
}
