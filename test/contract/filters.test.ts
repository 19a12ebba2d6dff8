import assert from "node:assert/strict";
import { test } from "node:test";

import { type Session, openSession } from "../../src/app/index.ts";
import { contains } from "../../src/base/index.ts";
import { readCluster } from "../../src/files/index.ts";
import { buildCluster, scenarioOf } from "../generate/scenario.ts";
import { type ReachTable, assertReach } from "./assert-reach.ts";
import type { Entry, ReachDocument } from "./documents.ts";
import { openBuilt, reachJson } from "./open.ts";
import { readPorts } from "./ports.ts";

const SEEDS = Array.from({ length: 12 }, (_, index) => 7000 + index);

async function sessions(): Promise<readonly Session[]> {
  const built = SEEDS.map((seed) => openBuilt(buildCluster(scenarioOf(seed)), "kubernetes"));
  const none = { profile: undefined, podRanges: undefined, nodeRanges: undefined };
  const example = await openSession(readCluster, ["examples/payments"], none);
  assert.ok(typeof example !== "string");
  return [example, ...(await Promise.all(built))];
}

/** One pair with one answer. */
interface Answer extends Omit<Entry, "from" | "to"> {
  readonly from: string;
  readonly to: string;
}

function answersOf({ connections }: ReachDocument): readonly Answer[] {
  return connections.flatMap((entry) =>
    entry.from.flatMap((from) => entry.to.map((to) => ({ ...entry, from, to }))),
  );
}

function textsOf(answers: readonly Answer[]): readonly string[] {
  return answers.map((answer) => JSON.stringify(answer)).toSorted();
}

function read(
  session: Session,
  ...rest: [Parameters<typeof reachJson>[1]?, boolean?]
): ReachDocument {
  const document = JSON.parse(reachJson(session, ...rest)) as ReachDocument;
  const isWhole = rest[0] === undefined;
  assertReach(document, session.compiled.cluster, { isWhole, pairs: rest[1] === true });
  return document;
}

test("--pairs says the same, one entry for each pair and answer", async () => {
  for (const session of await sessions()) {
    const [whole, pairs] = [read(session), read(session, {}, true)];
    assert.deepEqual(textsOf(answersOf(pairs)), textsOf(answersOf(whole)));
    assert.deepEqual(pairs.peers, whole.peers);
  }
});

/** A filter and what it leaves of the answers. */
type Filter = readonly [
  filter: NonNullable<Parameters<typeof reachJson>[1]>,
  keeps: (answer: Answer) => boolean,
];

function isIn(id: string, namespace: string): boolean {
  return id.startsWith(`${namespace}/`);
}

function touchesOutside({ from, to }: Answer): boolean {
  return isIn(from, "outside") || isIn(to, "outside");
}

function filtersOf(session: Session, { peers }: ReachDocument): readonly Filter[] {
  const namespaces = [...session.compiled.cluster.namespaces.keys()];
  return [
    ...peers
      .filter(({ kind }) => kind !== "outside")
      .flatMap(({ id, workload = id }): readonly Filter[] => [
        [{ from: id }, ({ from }) => from === id],
        [{ to: workload }, ({ to }) => to === workload || workloadOf(to) === workload],
      ]),
    ...namespaces.flatMap((namespace): readonly Filter[] => {
      const inside = ({ from, to }: Answer): boolean =>
        isIn(from, namespace) || isIn(to, namespace);
      return [
        [{ namespace }, inside],
        [{ namespace, outside: true }, (answer) => inside(answer) && touchesOutside(answer)],
        ...(peers.some(({ id }) => isIn(id, namespace))
          ? [[{ from: `${namespace}/` }, ({ from }: Answer) => isIn(from, namespace)] as const]
          : []),
      ];
    }),
    [{ outside: true }, touchesOutside],
  ];

  function workloadOf(id: string): string | undefined {
    return peers.find((peer) => peer.id === id)?.workload;
  }
}

test("filters leave out what they say and change nothing else", async () => {
  let compared = 0;
  for (const session of await sessions()) {
    const whole = read(session);
    const answers = answersOf(whole);
    for (const [filter, keeps] of filtersOf(session, whole)) {
      const filtered = read(session, filter);
      assert.deepEqual(filtered.peers, whole.peers, "every endpoint stays a peer");
      const expected = textsOf(answers.filter(keeps));
      assert.deepEqual(textsOf(answersOf(filtered)), expected, JSON.stringify(filter));
      compared += expected.length;
    }
  }
  assert.ok(compared > 5000, `${compared} answers`);
});

test("--port leaves the answers for one port, and that port alone", async () => {
  let compared = 0;
  for (const session of await sessions()) {
    const { cluster } = session.compiled;
    const whole = assertReach(read(session), cluster, { isWhole: true, pairs: false });
    for (const port of ["tcp/80", "udp/53", "sctp/80", "icmp/8", "icmpv6/128", "proto/112"]) {
      const item = port.startsWith("icmp") ? `${port}/0` : port;
      const filtered = read(session, { port });
      for (const { ports } of filtered.connections) assert.deepEqual(ports, [item]);
      const table = assertReach(filtered, cluster, { isWhole: false, pairs: false });
      const [point] = readPorts([item], 3);
      assert.deepEqual(saidAt(table, point!), saidAt(whole, point!), port);
      compared += table.size;
    }
  }
  assert.ok(compared > 1000, `${compared} pairs`);
});

/** What a table says of one port. */
function saidAt(table: ReachTable, point: number): readonly string[] {
  return [...table]
    .flatMap(([pair, answers]) =>
      answers
        .filter(({ traffic }) => contains(traffic, point))
        .map(({ entry: { verdict, conditions, reasons } }) =>
          JSON.stringify([pair, verdict, conditions, reasons]),
        ),
    )
    .toSorted();
}
