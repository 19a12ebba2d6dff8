import assert from "node:assert/strict";
import { test } from "node:test";

import type { Cluster } from "../../src/model/index.ts";
import { buildCluster } from "../generate/scenario.ts";
import type { RawObject } from "../generate/words.ts";
import { assertExplain } from "./assert-explain.ts";
import { assertReach } from "./assert-reach.ts";
import { assertScan } from "./assert-scan.ts";
import type { ExplainDocument, ReachDocument, ScanDocument } from "./documents.ts";
import { explainJson, openBuilt, reachJson, scanJson } from "./open.ts";
import { readPorts } from "./ports.ts";

function pod(name: string, ips: readonly string[]): RawObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop", labels: { app: name } },
    spec: {},
    status: { phase: "Running", podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) },
  };
}

function policy(app: string, ingress: readonly RawObject[]): RawObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: app, namespace: "shop" },
    spec: { podSelector: { matchLabels: { app } }, ingress },
  };
}

/** Two dual-stack pods, one on IPv4 only, a policy that tells the families apart, and one that selects nothing. */
function cluster(): Cluster {
  const objects = [
    pod("a", ["10.1.0.1", "fd01::1"]),
    pod("b", ["10.1.0.2", "fd01::2"]),
    pod("c", ["10.1.0.3"]),
    policy("a", [
      { from: [{ ipBlock: { cidr: "10.1.0.0/16" } }], ports: [{ port: 80 }, { port: 81 }] },
      { from: [{ podSelector: {} }], ports: [{ port: 443 }] },
    ]),
    policy("nobody", []),
  ];
  return buildCluster({ objects, podRanges: [], nodeRanges: [] });
}

type Change<Document> = readonly [what: string, change: (document: Writable<Document>) => void];
/** Everything in it may be written. */
type Writable<T> = { -readonly [Key in keyof T]: Writable<T[Key]> };

const REACH: readonly Change<ReachDocument>[] = [
  ["a field more", (it) => Object.assign(it, { at: "noon" })],
  ["an endpoint less", (it) => it.peers.shift()],
  ["peers that are not sorted", (it) => it.peers.unshift(it.peers.splice(1, 1)[0]!)],
  ["an outside peer with another number", (it) => (it.peers.at(-1)!.id = "outside/9")],
  [
    "a range that is no CIDR and could be one",
    (it) => (it.peers.at(-1)!.addresses = ["0.0.0.0-255.255.255.255", "::/0"]),
  ],
  ["a part of the outside that is missing", (it) => it.peers.at(-1)!.addresses!.pop()],
  ["an end that is no peer", (it) => it.connections[0]!.from.push("shop/Pod/nobody")],
  [
    "ends that are not sorted",
    (it) => {
      const entry = it.connections.find(({ to }) => to.length > 1)!;
      entry.to = entry.to.toReversed();
    },
  ],
  ["an entry twice", (it) => it.connections.push(it.connections.at(-1)!)],
  ["entries that are not sorted", (it) => (it.connections = it.connections.toReversed())],
  ["an entry of nothing", (it) => (it.connections[0]!.ports = [])],
  ["a pod with itself", (it) => (it.connections[0]!.to = it.connections[0]!.from)],
  ["deny", (it) => (it.connections[0]!.verdict = "deny")],
  [
    "reasons with allow",
    (it) => (it.connections.find(({ verdict }) => verdict === "allow")!.reasons = []),
  ],
  [
    "depends without reasons",
    (it) => delete it.connections.find(({ reasons }) => reasons)!.reasons,
  ],
  [
    "a reason without line",
    (it) =>
      Object.assign(it.connections.find(({ reasons }) => reasons)!.reasons![0]!.refs[0]!, {
        line: 0,
      }),
  ],
  [
    "a family that says nothing",
    (it) =>
      (it.connections.find(
        ({ family, ports }) => family === undefined && ports[0] === "all",
      )!.family = 6),
  ],
];

const EXPLAIN: readonly Change<ExplainDocument>[] = [
  ["another question", (it) => (it.to = "shop/Pod/b")],
  ["nothing that decided", (it) => (it.determinedBy = [])],
  ["the profile beside a policy", (it) => it.determinedBy.push({ profile: "kubernetes" })],
  ["a point at nobody", (it) => (it.points[0]!.at = "shop/Pod/nobody")],
  ["depends without a reason", (it) => (it.reasons = [])],
  [
    "a place without a file",
    (it) => (it.points.at(-1)!.stages.flatMap(({ refs }) => refs)[0]!.file = ""),
  ],
];

const SCAN: readonly Change<ScanDocument>[] = [
  ["no reason for the profile", (it) => Reflect.deleteProperty(it, "profileWhy")],
  ["a workload too many", (it) => it.counts.workloads++],
  ["more isolated than there are", (it) => (it.isolation.ingress.isolated = 4)],
  ["a namespace less", (it) => it.coverage.pop()],
  ["a finding without a place", (it) => (it.findings[0]!.refs = [])],
  ["a finding twice", (it) => it.findings.push(it.findings[0]!)],
  ["a fingerprint with a line", (it) => (it.findings[0]!.fingerprint += ":3")],
];

const PORTS: readonly (readonly [ports: string, families: number])[] = [
  ["tcp/80,tcp/79", 3],
  ["tcp/80,tcp/81", 3],
  ["tcp/80,tcp/80", 3],
  ["tcp/80-80", 3],
  ["tcp/1-65535", 3],
  ["tcp,tcp/80", 3],
  ["udp,tcp", 3],
  ["tcp/0", 3],
  ["tcp/65536", 3],
  ["all,tcp", 3],
  ["tcp,udp,sctp,icmp,icmpv6,proto", 3],
  ["tcp,udp,sctp,icmp,proto", 1],
  ["icmpv6", 1],
  ["icmp", 2],
  ["icmp/8/0-255", 1],
  ["icmp/256", 1],
  ["proto/6", 3],
  ["http", 3],
];

function mustFail<Document>(
  text: string,
  [what, change]: Change<Document>,
  check: (document: Document) => unknown,
): void {
  const [good, bad] = [JSON.parse(text), JSON.parse(text)] as [Document, Writable<Document>];
  check(good);
  change(bad);
  assert.notDeepEqual(bad, good, `${what}: the change changes nothing`);
  assert.throws(() => check(bad as Document), assert.AssertionError, what);
}

test("what breaks the contract of reach is seen", async () => {
  const it = cluster();
  const text = reachJson(await openBuilt(it, "kubernetes"));
  const whole = { isWhole: true, pairs: false };
  for (const each of REACH)
    mustFail<ReachDocument>(text, each, (document) => assertReach(document, it, whole));
});

test("what breaks the contract of explain is seen", async () => {
  const [from, to, port] = ["shop/Pod/c", "shop/Pod/a", "tcp/80"] as const;
  const text = explainJson(await openBuilt(cluster(), "kubernetes"), from, to, port);
  const asked = { from, to, port, profile: "kubernetes", incomplete: false };
  for (const each of EXPLAIN)
    mustFail<ExplainDocument>(text, each, (document) => assertExplain(document, asked));
});

test("what breaks the contract of scan is seen", async () => {
  const it = cluster();
  const text = scanJson(await openBuilt(it, "kubernetes"));
  for (const each of SCAN)
    mustFail<ScanDocument>(text, each, (document) => assertScan(document, it));
});

test("ports that are not written as the contract says are seen", () => {
  for (const [ports, families] of PORTS) {
    assert.throws(() => readPorts(ports.split(","), families), assert.AssertionError, ports);
  }
  const good = "tcp/1-79,tcp/81-65535,udp,icmp/3/4,icmp/8,proto/112".split(",");
  assert.equal(readPorts(good, 3).length, 12);
});
