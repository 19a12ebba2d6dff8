import assert from "node:assert/strict";
import { test } from "node:test";

import { buildCluster } from "../../test/generate/scenario.ts";
import { realisticCluster } from "../../test/generate/realistic.ts";
import type { RawObject } from "../../test/generate/words.ts";
import { PROFILES, compilePolicies } from "../policy/index.ts";
import { type StateDiff, diffStates } from "./diff.ts";

const KUBERNETES = PROFILES["kubernetes"]!;

function diffOf(base: readonly RawObject[], head: readonly RawObject[]): StateDiff {
  const [was, is] = [base, head].map((objects) =>
    compilePolicies(buildCluster({ objects, podRanges: [], nodeRanges: [] }), KUBERNETES),
  );
  return diffStates(was!, is!);
}

/** The cluster with one policy that lets everybody in at one more port. */
function opened(objects: readonly RawObject[]): readonly RawObject[] {
  const at = objects.findIndex(
    ({ kind, metadata }) =>
      kind === "NetworkPolicy" && (metadata as RawObject)["name"] === "policy-4",
  );
  const policy = structuredClone(objects[at]!) as { spec: { ingress: unknown[] } } & RawObject;
  policy.spec.ingress.push({ ports: [{ port: 9999 }] });
  return objects.with(at, policy);
}

test("what one edit costs does not grow with the pairs of a cluster", () => {
  const runs = [500, 1000, 2000].map((workloads) => {
    const size = { workloads, policies: workloads / 4, podsPerWorkload: 0 };
    const objects = [...realisticCluster(1, size)];
    const { counters, changes } = diffOf(objects, opened(objects));
    assert.notEqual(changes.length, 0);
    return { workloads, ...counters };
  });
  for (const { workloads, tokens, rows, visited, worlds } of runs) {
    // Everybody who is not isolated may reach the opened port: a tenth of the workloads, by rows that they share.
    assert.ok(tokens <= 6 * workloads, `${workloads}: ${tokens} tokens`);
    assert.ok(rows <= workloads / 10, `${workloads}: ${rows} rows`);
    assert.ok(visited <= 2 * rows, `${workloads}: ${visited} visited`);
    assert.ok(worlds <= 500, `${workloads}: ${worlds} worlds`);
  }
});

test("two states without anything in common stay within the number of worlds", () => {
  const size = { workloads: 1000, policies: 250, podsPerWorkload: 0 };
  const [base, head] = [1, 2].map((seed) => [...realisticCluster(seed, size)]);
  const { counters, changes } = diffOf(base!, head!);
  assert.ok(changes.length > 100);
  assert.ok(counters.worlds <= 500, `${counters.worlds} worlds`);
  assert.ok(changes.every(({ causes }) => causes.length > 0));
});

test("states that say the same are not looked into", () => {
  const size = { workloads: 300, policies: 75, podsPerWorkload: 0 };
  const objects = [...realisticCluster(1, size)];
  const { counters, changes } = diffOf(objects, objects);
  assert.deepEqual([changes, counters.rows, counters.visited, counters.worlds], [[], 0, 0, 0]);
});
