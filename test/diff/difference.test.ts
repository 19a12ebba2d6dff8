import assert from "node:assert/strict";
import { test } from "node:test";

import { type Session, diffSessions, reachCluster } from "../../src/app/index.ts";
import { PROFILES, compilePolicies } from "../../src/policy/index.ts";
import { writeDiffJson, writeReachJson } from "../../src/report/index.ts";
import { buildCluster } from "../generate/build.ts";
import { hostileCluster } from "../generate/hostile.ts";
import { mutateCluster } from "../generate/mutate.ts";
import type { RawObject } from "../generate/words.ts";
import type { DiffDocument, ReachDocument } from "./documents.ts";
import { expectedDifference, saidDifference } from "./expected-difference.ts";

const SEED = Number(process.env["RINGFENCE_SEED"] ?? 1);
const CLUSTERS = 60;

function sessionOf(objects: readonly RawObject[], seed: number, profile: string): Session {
  const compiled = compilePolicies(buildCluster(objects, seed), PROFILES[profile]!);
  return { compiled, locate: ({ file, line }) => ({ file, line }), profileWhy: "", readable: 1 };
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

/** Every generated cluster and an edited copy, under each profile. */
function* states(): Generator<{ readonly base: Session; readonly head: Session; where: string }> {
  for (let seed = SEED; seed < SEED + CLUSTERS; seed++) {
    const objects = hostileCluster(seed);
    const edited = mutateCluster(objects, seed);
    for (const profile of Object.keys(PROFILES)) {
      const [base, head] = [objects, edited].map((each) => sessionOf(each, seed, profile));
      yield { base: base!, head: head!, where: `seed ${seed}, ${profile}` };
    }
  }
}

test("the pairs of a diff are those whose connection differs between two reach answers", () => {
  let pairs = 0;
  for (const { base, head, where } of states()) {
    const said = saidDifference(diffOf(base, head));
    const expected = expectedDifference(reachOf(base), reachOf(head));
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
