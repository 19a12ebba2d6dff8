import assert from "node:assert/strict";

import {
  EVERYWHERE,
  type IntervalSet,
  addressSet,
  formatRange,
  intersect,
  overlaps,
  union,
} from "../../src/base/index.ts";
import type { Cluster } from "../../src/model/index.ts";
import { assertConditions, assertKeys, assertReasons, assertSorted } from "./assert-refs.ts";
import type { Entry, Peer, ReachDocument } from "./documents.ts";
import { familiesById, outsideFamilies, rangesOf } from "./ends.ts";
import { readPorts, universeOf } from "./ports.ts";

/** One answer of a pair over one family. */
export interface PairAnswer {
  readonly traffic: IntervalSet;
  readonly entry: Entry;
}

/** Every answer by `FROM TO FAMILY`: what is not there is denied. */
export type ReachTable = ReadonlyMap<string, readonly PairAnswer[]>;

/** Asserts all that the contract says of `reach -o json` for a cluster; gives the table of its pairs. `isWhole`: no filter was given. */
export function assertReach(
  document: ReachDocument,
  cluster: Cluster,
  { isWhole, pairs }: { readonly isWhole: boolean; readonly pairs: boolean },
): ReachTable {
  assertKeys(document, "version profile incomplete peers connections");
  assert.deepEqual([document.version, document.incomplete], [1, cluster.incomplete]);
  assertPeers(document.peers, cluster);
  const order = new Map(document.peers.map(({ id }, index) => [id, index]));
  const table = new Map<string, PairAnswer[]>();
  const familiesOf = familyFinder(document.peers, cluster);
  for (const entry of document.connections) {
    assertEntry(entry, order);
    if (pairs) assert.deepEqual([entry.from.length, entry.to.length], [1, 1]);
    for (const from of entry.from) {
      for (const to of entry.to) {
        assertMayMeet(document.peers[order.get(from)!]!, document.peers[order.get(to)!]!);
        addPair(table, entry, { from, to, families: familiesOf(from) & familiesOf(to) });
      }
    }
  }
  assertEntriesSorted(document.connections, order);
  if (isWhole)
    for (const pair of pairsWithFamilies(document.connections)) assertFamiliesDiffer(table, pair);
  return table;
}

function assertPeers(peers: readonly Peer[], cluster: Cluster): void {
  const inside = peers.filter(({ kind }) => kind !== "outside");
  assert.deepEqual(peers.slice(0, inside.length), inside, "the outside stands last");
  assertSorted(inside.map(({ id }) => [id]));
  const ids = new Set(inside.map(({ id }) => id));
  for (const peer of inside) {
    assertKeys(peer, peer.kind === "pod" ? "id kind workload" : "id kind");
    assert.ok(["workload", "pod", "node", "relation"].includes(peer.kind), peer.kind);
  }
  const expected = cluster.workloads.flatMap(({ id, namespace, pods }) => {
    if (ids.has(id) && inside.find((peer) => peer.id === id)?.kind === "workload") return [id];
    assert.ok(pods.length > 1, `${id} is no peer, and has no pods that differ`);
    return pods.map(({ name }) => `${namespace}/Pod/${name}`);
  });
  for (const { name } of cluster.nodes) expected.push(`node/${name}`);
  if (cluster.nodes.length === 0) expected.push("own-node", "other-nodes");
  assert.deepEqual([...ids], expected.toSorted(), "every endpoint is a peer, and nothing else");
  for (const { id, kind, workload } of inside) {
    if (kind === "pod")
      assert.ok(
        cluster.workloads.some((each) => each.id === workload),
        id,
      );
  }
  assertOutside(peers.slice(inside.length));
}

function assertOutside(outside: readonly Peer[]): void {
  for (const [index, peer] of outside.entries()) {
    assertKeys(peer, "id kind addresses");
    assert.equal(peer.id, `outside/${index + 1}`);
    const ranges = rangesOf(peer);
    assert.deepEqual(ranges, addressSet(ranges), `${peer.id} is sorted and minimal`);
    assert.deepEqual(peer.addresses, ranges.map(formatRange), `${peer.id}: a CIDR where it is one`);
    for (const other of outside.slice(0, index)) {
      assert.ok(!overlaps(rangesOf(other), ranges), `${other.id} and ${peer.id} overlap`);
    }
  }
  assert.deepEqual(addressSet(outside.flatMap(rangesOf)), EVERYWHERE, "the whole outside");
  const firsts = outside.map((peer) => rangesOf(peer)[0]!);
  for (let i = 1; i < firsts.length; i++) {
    const [a, b] = [firsts[i - 1]!, firsts[i]!];
    assert.ok(
      a.family < b.family || (a.family === b.family && a.first < b.first),
      "by first address",
    );
  }
}

function familyFinder(peers: readonly Peer[], cluster: Cluster): (id: string) => number {
  const known = new Map(familiesById(cluster));
  for (const peer of peers) if (peer.kind === "outside") known.set(peer.id, outsideFamilies(peer));
  return (id) => known.get(id)!;
}

function assertEntry(entry: Entry, order: ReadonlyMap<string, number>): void {
  assertKeys(entry, "from to ports family? verdict conditions? reasons?");
  for (const side of [entry.from, entry.to]) {
    assert.notEqual(side.length, 0);
    for (const id of side) assert.ok(order.has(id), `${id} is not in peers`);
    assertSorted(side.map((id) => [order.get(id)!]));
  }
  assert.ok(["allow", "depends"].includes(entry.verdict), entry.verdict);
  assert.equal(
    entry.reasons !== undefined,
    entry.verdict === "depends",
    "reasons with depends only",
  );
  if (entry.reasons !== undefined) {
    assert.notEqual(entry.reasons.length, 0);
    assertReasons(entry.reasons);
  }
  if (entry.conditions !== undefined) {
    assert.equal(entry.verdict, "allow");
    assert.notEqual(entry.conditions.length, 0);
    assertConditions(entry.conditions);
  }
  if (entry.family !== undefined) assert.ok(entry.family === 4 || entry.family === 6);
}

/** Two ranges have no connection here, a relation is one of a pod, and one endpoint has none with itself. */
function assertMayMeet(from: Peer, to: Peer): void {
  const what = `${from.id} to ${to.id}`;
  const kinds = [from.kind, to.kind];
  assert.ok(!kinds.every((kind) => kind === "outside"), what);
  if (kinds.includes("relation"))
    assert.ok(kinds.includes("workload") || kinds.includes("pod"), what);
  const isOne = from.kind !== "workload" || /^[^/]+\/Pod\//u.test(from.id);
  assert.ok(!isOne || from.id !== to.id, `${what}: one endpoint with itself`);
}

interface PairKey {
  readonly from: string;
  readonly to: string;
  readonly families: number;
}

function addPair(
  table: Map<string, PairAnswer[]>,
  entry: Entry,
  { from, to, families }: PairKey,
): void {
  const what = `${from} to ${to}`;
  assert.notEqual(families, 0, `${what}: they have no family in common`);
  if (entry.family !== undefined) {
    assert.equal(families, 3, `${what}: family where only one is possible`);
  }
  const spoken = entry.family === undefined ? families : entry.family === 4 ? 1 : 2;
  const all = readPorts(entry.ports, spoken);
  for (const family of [4, 6]) {
    const mask = family === 4 ? 1 : 2;
    const traffic = (spoken & mask) === 0 ? [] : intersect(all, universeOf(mask));
    if (traffic.length === 0) continue;
    const key = `${from} ${to} ${family}`;
    const others = table.get(key) ?? [];
    for (const other of others) {
      const both = intersect(other.traffic, traffic);
      assert.deepEqual(both, [], `${what}: the same traffic in two entries`);
    }
    table.set(key, [...others, { traffic, entry }]);
  }
}

function assertEntriesSorted(entries: readonly Entry[], order: ReadonlyMap<string, number>): void {
  const rank = (ids: readonly string[]): readonly number[] => ids.map((id) => order.get(id)!);
  for (let i = 1; i < entries.length; i++) {
    const [a, b] = [entries[i - 1]!, entries[i]!];
    const by = compareLists(rank(a.from), rank(b.from)) || compareLists(rank(a.to), rank(b.to));
    assert.ok(by <= 0, `${JSON.stringify(a)} stands before ${JSON.stringify(b)}`);
  }
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((each, index) => each !== b[index]);
  return at === -1 || b[at] === undefined ? a.length - b.length : a[at]! - b[at];
}

function pairsWithFamilies(entries: readonly Entry[]): ReadonlySet<string> {
  const pairs = entries
    .filter(({ family }) => family !== undefined)
    .flatMap(({ from, to }) => from.flatMap((source) => to.map((target) => `${source} ${target}`)));
  return new Set(pairs);
}

/** `family` stands only where the families of a pair differ in what exists in both. */
function assertFamiliesDiffer(table: ReachTable, pair: string): void {
  const shared = intersect(universeOf(1), universeOf(2));
  const texts = [4, 6].map((family) => {
    const answers = table.get(`${pair} ${family}`) ?? [];
    const said = new Map<string, IntervalSet>();
    for (const { traffic, entry } of answers) {
      const { verdict, conditions, reasons } = entry;
      const key = JSON.stringify([verdict, conditions, reasons]);
      said.set(key, union(said.get(key) ?? [], intersect(traffic, shared)));
    }
    return JSON.stringify([...said].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
  assert.notEqual(texts[0], texts[1], `${pair}: the families say the same`);
}
