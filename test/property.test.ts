import assert from "node:assert/strict";
import { test } from "node:test";

import { PROFILES } from "../src/policy/index.ts";
import { DECIDING, READING, caseCoverage, coverageLines } from "./conformance/coverage.ts";
import { ENGINE, compareScenario, decisionText } from "./generate/compare.ts";
import { formatDifference } from "./generate/difference.ts";
import { carryOver } from "./generate/names.ts";
import { connectionsOf } from "./generate/questions.ts";
import { createRandom } from "./generate/random.ts";
import { addLabel, halveCidrs, renameLabels, shuffle } from "./generate/rewrite.ts";
import { type Scenario, buildCluster, scenarioOf } from "./generate/scenario.ts";
import { shrinkDifference } from "./generate/shrink.ts";
import { createTally, sharesOf, tallyLines } from "./generate/tally.ts";
import type { RawObject } from "./generate/words.ts";

const SEED = Number(process.env["RINGFENCE_SEED"] ?? 1);
const SCENARIOS = 360;
const PER_SCENARIO = 300;
/** How many verdicts each rule that can decide one must have had a part in. */
const LEAST = 200;

test("the compiled engine says what the specification says, one by one and all at once", () => {
  const tally = createTally();
  for (let seed = SEED; seed < SEED + SCENARIOS; seed++) {
    const comparison = { engine: ENGINE, tally };
    const difference = compareScenario(scenarioOf(seed), seed, PER_SCENARIO, comparison);
    if (difference !== undefined) {
      assert.fail(formatDifference(shrinkDifference(difference, ENGINE), seed));
    }
  }
  console.log(`seed ${SEED}`);
  for (const line of tallyLines(tally)) console.log(line);
  assert.ok(tally.compared >= 200_000, `${tally.compared} verdicts`);
  assert.ok(tally.pairs >= 50_000, `${tally.pairs} pairs`);
  for (const [verdict, percent] of sharesOf(tally)) {
    assert.ok(percent >= 5, `${verdict} ${percent} %`);
  }
  for (const id of DECIDING) assert.ok((tally.rules.get(id) ?? 0) >= LEAST, id);
});

test("rules that decide no verdict of generated clusters have a case of their own", () => {
  const all = [
    ...Array.from({ length: 13 }, (_, index) => `NP-${index + 1}`),
    ...Array.from({ length: 13 }, (_, index) => `CNP-${index + 1}`),
    ...Array.from({ length: 17 }, (_, index) => `CAL-${index + 1}`),
  ];
  assert.deepEqual([...DECIDING, ...READING].toSorted(), all.toSorted());
  for (const id of READING) assert.notDeepEqual(caseCoverage(id), [], id);
  for (const line of coverageLines()) console.log(line);
});

test("generated clusters are valid: nothing of them is left out", () => {
  for (let seed = SEED; seed < SEED + SCENARIOS; seed++) {
    const { diagnostics, incomplete } = buildCluster(scenarioOf(seed));
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    assert.deepEqual(errors, [], `seed ${seed}`);
    assert.equal(incomplete, false, `seed ${seed}`);
  }
});

/** What changes objects without changing what they say. */
const LAWS: Readonly<Record<string, (objects: readonly RawObject[]) => readonly RawObject[]>> = {
  "the order of objects": (objects) => shuffle(objects, createRandom(SEED)),
  "CIDRs in two halves": halveCidrs,
  "other names for labels": renameLabels,
  "a label that no selector names": addLabel,
};

function isOfEngine({ apiVersion }: RawObject): boolean {
  return /antrea/u.test(String(apiVersion));
}

/** The laws do not rewrite what Antrea writes, which has labels and ranges in other places. */
function withoutDialects(scenario: Scenario): Scenario {
  return { ...scenario, objects: scenario.objects.filter((object) => !isOfEngine(object)) };
}

for (const [name, rewrite] of Object.entries(LAWS)) {
  test(`a law: ${name} changes no verdict and no class`, () => {
    let changed = 0;
    for (let seed = SEED; seed < SEED + 40; seed++) {
      const scenario = withoutDialects(scenarioOf(seed));
      const objects = rewrite(scenario.objects);
      if (JSON.stringify(objects) !== JSON.stringify(scenario.objects)) changed++;
      const before = buildCluster(scenario);
      const after = buildCluster({ ...scenario, objects });
      assert.equal(after.incomplete, false, `seed ${seed}`);
      const connections = connectionsOf(before, seed, 60);
      const carried = carryOver(connections, after);
      for (const profile of Object.keys(PROFILES)) {
        const [a, b] = [before, after].map((cluster) => ENGINE.compile(cluster, profile));
        const texts = connections.map((each) => decisionText(ENGINE.evaluate(a!, each)));
        const others = carried.map((each) => decisionText(ENGINE.evaluate(b!, each!)));
        assert.deepEqual(others, texts, `seed ${seed}`);
        if (!name.startsWith("CIDRs")) {
          assert.equal(b!.counters.classes, a!.counters.classes, `seed ${seed}`);
        }
      }
    }
    assert.ok(changed >= 20, `${changed} clusters were changed`);
  });
}
