import assert from "node:assert/strict";
import { test } from "node:test";

import { buildCluster } from "./generate/build.ts";
import { ENGINE, compareSeed, createTally, shrink } from "./generate/compare.ts";
import { compareReach } from "./generate/compare-reach.ts";
import { hostileCluster } from "./generate/hostile.ts";
import { connectionsOf } from "./generate/questions.ts";
import { caseCoverage } from "./conformance/coverage.ts";

const SEED = Number(process.env["RINGFENCE_SEED"] ?? 1);
const CLUSTERS = 450;
const PER_CLUSTER = 300;
/** Rules that can decide a verdict, and how often each must have had a part in one. */
const DECIDING =
  "NP-1 NP-2 NP-3 NP-4 NP-5 NP-6 NP-7 NP-8 NP-9 NP-11 NP-12 CNP-1 CNP-2 CNP-3 CNP-4 CNP-5 CNP-6 CNP-7 CNP-8 CNP-9 CNP-10 CNP-11 CNP-13".split(
    " ",
  );
const LEAST = 200;

test("the compiled engine says what the specification says", () => {
  const tally = createTally();
  for (let seed = SEED; seed < SEED + CLUSTERS; seed++) {
    const difference = compareSeed(seed, { most: PER_CLUSTER, tally, engine: ENGINE });
    if (difference !== undefined) {
      const objects = shrink(difference, ENGINE).map((object) => JSON.stringify(object));
      const { compiled, reference, profile } = difference;
      assert.fail(
        `seed ${seed}, ${profile}: ${compiled}\nbut the specification: ${reference}\n${objects.join("\n")}`,
      );
    }
  }
  const share = Object.entries(tally.verdicts).map(
    ([verdict, number]) => [verdict, (100 * number) / tally.compared] as const,
  );
  const shares = share.map(([verdict, percent]) => `${verdict} ${percent.toFixed(1)} %`).join(", ");
  console.log(`seed ${SEED}: ${tally.compared} verdicts compared: ${shares}`);
  for (const id of [...tally.rules.keys()].toSorted(byNumber)) {
    console.log(`  ${id.padEnd(7)} ${tally.rules.get(id)}`);
  }
  assert.ok(tally.compared >= 200_000, `${tally.compared} verdicts`);
  for (const [verdict, percent] of share) assert.ok(percent >= 5, `${verdict} ${percent} %`);
  for (const id of DECIDING) assert.ok((tally.rules.get(id) ?? 0) >= LEAST, id);
});

test("rules that decide no verdict of generated clusters have a case of their own", () => {
  const all = [
    ...Array.from({ length: 13 }, (_, index) => `NP-${index + 1}`),
    ...Array.from({ length: 13 }, (_, index) => `CNP-${index + 1}`),
  ];
  for (const id of all.filter((each) => !DECIDING.includes(each))) {
    const files = caseCoverage(id);
    assert.notDeepEqual(files, [], id);
    console.log(`  ${id.padEnd(7)} ${files.join(", ")}`);
  }
});

test("reachability says of each pair what the specification says", () => {
  const seen = { compared: 0 };
  for (let seed = SEED; seed < SEED + CLUSTERS / 2; seed++) {
    const cluster = buildCluster(hostileCluster(seed), seed);
    const difference = compareReach(cluster, connectionsOf(cluster, seed, PER_CLUSTER), seen);
    assert.equal(difference, undefined, `seed ${seed}`);
  }
  assert.ok(seen.compared >= 50_000, `${seen.compared} pairs`);
});

function byNumber(a: string, b: string): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

function keyOf(id: string): string {
  return id.replace(/\d+/u, (digits) => digits.padStart(3, "0"));
}
