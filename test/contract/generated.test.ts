import assert from "node:assert/strict";
import { test } from "node:test";

import type { Session } from "../../src/app/index.ts";
import { type Family, formatAddress } from "../../src/base/index.ts";
import type { Cluster } from "../../src/model/index.ts";
import { PROFILES } from "../../src/policy/index.ts";
import { assertExplain, verdictIn } from "./assert-explain.ts";
import { type ReachTable, assertReach } from "./assert-reach.ts";
import { assertOpenness, assertScan } from "./assert-scan.ts";
import type { ExplainDocument, Peer, ReachDocument, ScanDocument } from "./documents.ts";
import { familiesById, outsideFamilies, rangesOf } from "./ends.ts";
import { explainJson, openBuilt, reachJson, scanJson } from "./open.ts";
import { buildCluster, scenarioOf } from "../generate/scenario.ts";
import { createRandom } from "../generate/random.ts";

const SEEDS = Array.from({ length: 60 }, (_, index) => 5000 + index);
const WHOLE = { isWhole: true, pairs: false };

for (const profile of Object.keys(PROFILES)) {
  test(`answers about generated clusters keep the contract: ${profile}`, async () => {
    let explained = 0;
    for (const seed of SEEDS) {
      const cluster = buildCluster(scenarioOf(seed));
      const session = await openBuilt(cluster, profile);
      try {
        const text = reachJson(session);
        assert.equal(reachJson(await openBuilt(cluster, profile)), text, "same input, same bytes");
        const reach = JSON.parse(text) as ReachDocument;
        const table = assertReach(reach, cluster, WHOLE);
        const scan = JSON.parse(scanJson(session)) as ScanDocument;
        assertScan(scan, cluster);
        // openness looks at pods: it does not count what the host endpoints of their nodes stop
        if (!cluster.calico.some(({ kind }) => kind === "HostEndpoint")) {
          assertOpenness(scan, reach, table);
        }
        explained += explainSome({ session, cluster, reach, table, seed });
      } catch (error) {
        throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
      }
    }
    assert.ok(explained >= 1500, `${explained} explanations`);
  });
}

const PORTS = [
  "tcp/80",
  "tcp/53",
  "udp/53",
  "udp/80",
  "tcp/8080",
  "sctp/80",
  "proto/112",
  "icmp/8",
  "icmpv6/128",
];

interface Known {
  readonly session: Session;
  readonly cluster: Cluster;
  readonly reach: ReachDocument;
  readonly table: ReachTable;
  readonly seed: number;
}

/** Explains some pairs of the peers, and holds each verdict against the table. */
function explainSome({ session, cluster, reach, table, seed }: Known): number {
  const random = createRandom(seed);
  const families = familiesById(cluster);
  const taken = takenAddresses(cluster);
  let explained = 0;
  for (let i = 0; i < 60; i++) {
    const [from, to] = [random.pick(reach.peers), random.pick(reach.peers)];
    if (!mayMeet(from, to)) continue;
    const common = [from, to].reduce(
      (mask, peer) => mask & (families.get(peer.id) ?? outsideFamilies(peer)),
      3,
    );
    if (common === 0) continue;
    const port = random.pick(PORTS);
    const first: Family = (common & 1) !== 0 ? 4 : 6;
    const family = port.startsWith("icmp/") ? 4 : port.startsWith("icmpv6/") ? 6 : first;
    const names = [from, to].map((peer) => nameOf(peer, first, taken));
    if (names.includes(undefined)) continue;
    const text = explainJson(session, names[0]!, names[1]!, port);
    const document = JSON.parse(text) as ExplainDocument;
    const { profile } = session.compiled;
    const asked = {
      from: names[0]!,
      to: names[1]!,
      port,
      profile: profile.name,
      incomplete: cluster.incomplete,
    };
    assertExplain(document, asked);
    const known = { ...asked, from: from.id, to: to.id, port: port.replace(/^(icmp.*)$/u, "$1/0") };
    // ICMP of one family never goes to an address of the other.
    const isImpossible = [from, to].some(({ kind }) => kind === "outside") && family !== first;
    const expected = isImpossible ? "deny" : verdictIn(table, known, family);
    assert.equal(document.verdict, expected, `${names.join(" to ")} ${port}, and reach`);
    explained++;
  }
  return explained;
}

/** Not two of the outside, not one endpoint with itself, relations with pods only. */
function mayMeet(from: Peer, to: Peer): boolean {
  const kinds = [from.kind, to.kind];
  if (kinds.every((kind) => kind === "outside")) return false;
  if (kinds.includes("relation")) return kinds.includes("workload") || kinds.includes("pod");
  return from !== to || (from.kind === "workload" && !from.id.includes("/Pod/"));
}

/** The id, or outside an address of the family that no pod or node has, if there is one. */
function nameOf(peer: Peer, family: Family, taken: ReadonlySet<string>): string | undefined {
  if (peer.kind !== "outside") return peer.id;
  return rangesOf(peer)
    .filter((range) => range.family === family)
    .flatMap(({ first, last }) => [last, first])
    .map((value) => formatAddress({ family, value }))
    .find((name) => !taken.has(name));
}

/** Addresses outside that are those of a pod or a node. */
function takenAddresses({ workloads, nodes }: Cluster): ReadonlySet<string> {
  const pods = workloads.flatMap((workload) => workload.pods);
  const all = [
    ...nodes.flatMap(({ addresses }) => addresses),
    ...pods.flatMap(({ addresses = [], hostAddresses }) => [...addresses, ...hostAddresses]),
  ];
  return new Set(all.map(formatAddress));
}
