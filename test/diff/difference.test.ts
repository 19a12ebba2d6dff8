import assert from "node:assert/strict";
import { test } from "node:test";

import { type Session, diffSessions, reachCluster } from "../../src/app/index.ts";
import { PROFILES, compilePolicies } from "../../src/policy/index.ts";
import { writeDiffJson, writeReachJson } from "../../src/report/index.ts";
import { mutateCluster } from "../generate/mutate.ts";
import { type Scenario, buildCluster, scenarioOf } from "../generate/scenario.ts";
import type { DiffDocument, ReachDocument } from "./documents.ts";
import { type State, expectedDifference, saidDifference } from "./expected-difference.ts";

const SEED = Number(process.env["RINGFENCE_SEED"] ?? 1);
const CLUSTERS = 36;

function sessionOf(scenario: Scenario, profile: string): Session {
  const compiled = compilePolicies(buildCluster(scenario), PROFILES[profile]!);
  return { compiled, locate: ({ file, line }) => ({ file, line }), profileWhy: "", readable: 1 };
}

/** The families of ends by id; ranges outside are told by their addresses. */
function familiesOf({ compiled }: Session): (id: string) => number {
  const { cluster, classes } = compiled;
  const known = new Map<string, number>();
  const put = (id: string, number: number): unknown =>
    known.set(id, classes.classes[number]!.families);
  for (const { id, namespace, pods } of cluster.workloads) {
    for (const pod of pods) {
      put(id, classes.ofPod.get(pod)!);
      put(`${namespace}/Pod/${pod.name}`, classes.ofPod.get(pod)!);
    }
  }
  for (const node of cluster.nodes) put(`node/${node.name}`, classes.ofNode.get(node)!);
  put("own-node", classes.ownNode);
  put("other-nodes", classes.otherNodes);
  return (id) => known.get(id) ?? 3;
}

function stateOf(session: Session): State {
  return { document: reachOf(session), familiesOf: familiesOf(session) };
}

function reachOf(session: Session): ReachDocument {
  const all = { from: undefined, to: undefined, port: undefined, namespace: undefined };
  const result = reachCluster(session, { ...all, outside: false });
  assert.ok(typeof result !== "string");
  const pieces: string[] = [];
  writeReachJson(result, false, (piece) => pieces.push(piece));
  return JSON.parse(pieces.join("")) as ReachDocument;
}

function diffOf(base: Session, head: Session): DiffDocument {
  const pieces: string[] = [];
  writeDiffJson(diffSessions(base, head), (piece) => pieces.push(piece));
  return JSON.parse(pieces.join("")) as DiffDocument;
}

/** Profiles of the upstream APIs: of engines with policies of their own the causes are not yet held to anything. */
const UPSTREAM = Object.keys(PROFILES).filter((name) => PROFILES[name]!.engine === "upstream");

/** Every generated cluster and an edited copy, under each profile. */
function* states(): Generator<{ readonly base: Session; readonly head: Session; where: string }> {
  for (let seed = SEED; seed < SEED + CLUSTERS; seed++) {
    const scenario = scenarioOf(seed);
    const edited = { ...scenario, objects: mutateCluster(scenario.objects, seed) };
    for (const profile of UPSTREAM) {
      const [base, head] = [scenario, edited].map((each) => sessionOf(each, profile));
      yield { base: base!, head: head!, where: `seed ${seed}, ${profile}` };
    }
  }
}

test("the pairs of a diff are those whose connection differs between two reach answers", () => {
  let pairs = 0;
  for (const { base, head, where } of states()) {
    const said = saidDifference(diffOf(base, head));
    const expected = expectedDifference(stateOf(base), stateOf(head));
    const wrong = [
      ...[...said].filter(([pair, text]) => expected.get(pair) !== text),
      ...[...expected].filter(([pair, text]) => said.get(pair) !== text),
    ];
    assert.deepEqual(wrong, [], where);
    pairs += said.size;
  }
  console.log(`${pairs} pairs differ`);
  assert.ok(pairs >= 800, `${pairs} pairs`);
});

test("a state does not differ from itself, and the other way round is the mirror", () => {
  for (const { base, head, where } of states()) {
    assert.deepEqual(diffOf(base, base).changes, [], where);
    const [there, back] = [diffOf(base, head), diffOf(head, base)];
    const mirrored = new Map(
      [...saidDifference(back)].map(([pair, text]) => [
        pair,
        text.split(" > ").toReversed().join(" > "),
      ]),
    );
    assert.deepEqual(mirrored, new Map(saidDifference(there)), where);
    const came = there.peers.map(({ id, state }) => [id, state]);
    const other = { added: "removed", removed: "added" } as const;
    assert.deepEqual(
      back.peers.map(({ id, state }) => [
        id,
        state === undefined ? state : other[state as "added"],
      ]),
      came,
      where,
    );
  }
});

test("every change has a cause", () => {
  for (const { base, head, where } of states()) {
    for (const { causes, from, to } of diffOf(base, head).changes) {
      assert.notEqual(causes.length, 0, `${where}: ${from.join()} to ${to.join()}`);
    }
  }
});
