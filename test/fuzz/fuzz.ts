// npm run fuzz: compares the compiled engine with the specification for as long as you like, or plants faults and sees each found.
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { coverageLines } from "../conformance/coverage.ts";
import { ENGINE, type Engine, compareScenario } from "../generate/compare.ts";
import { type Difference, formatDifference } from "../generate/difference.ts";
import { scenarioOf } from "../generate/scenario.ts";
import { shrinkDifference } from "../generate/shrink.ts";
import { type Tally, createTally, tallyLines } from "../generate/tally.ts";
import { parseFuzzArguments } from "./fuzz-arguments.ts";
import { MUTATIONS, type Mutation } from "./mutations.ts";
import { plantedEngine } from "./planted-engine.ts";

/** Connections of each scenario: a difference is found again with its seed only if this stays. */
const PER_SCENARIO = 300;
/** How long a planted fault may stay hidden. */
const MUTATION_SECONDS = 60;
const EXIT = { done: 0, found: 1, usage: 2 };

process.exitCode = await run(process.argv.slice(2));

async function run(argv: readonly string[]): Promise<number> {
  const given = parseFuzzArguments(argv);
  if (typeof given === "string") {
    console.error(`fuzz: ${given}`);
    return EXIT.usage;
  }
  const { mutations, minutes, verdicts, seed = randomInt(2 ** 31) } = given;
  console.log(`seed ${seed}`);
  if (mutations) return await runMutations(seed);
  const tally = createTally();
  const found = search(ENGINE, { seed, seconds: minutes * 60, verdicts, tally });
  if (found !== undefined) {
    console.log(formatDifference(shrinkDifference(found.difference, ENGINE), found.seed));
    console.log(`to see it again: npm run fuzz -- --seed ${found.seed} --verdicts 1`);
    return EXIT.found;
  }
  for (const line of [...tallyLines(tally), ...coverageLines()]) console.log(line);
  return EXIT.done;
}

interface Limits {
  /** Of the first scenario. */
  readonly seed: number;
  readonly seconds: number;
  readonly verdicts: number;
  readonly tally: Tally;
}

interface Found {
  readonly difference: Difference;
  /** Of the scenario that showed it. */
  readonly seed: number;
}

/** Compares scenario after scenario until a limit is reached or something differs. */
function search(engine: Engine, { seed, seconds, verdicts, tally }: Limits): Found | undefined {
  const end = performance.now() + seconds * 1000;
  for (let next = seed; performance.now() < end && tally.compared < verdicts; next++) {
    const difference = compareScenario(scenarioOf(next), next, PER_SCENARIO, { engine, tally });
    if (difference !== undefined) return { difference, seed: next };
  }
  return undefined;
}

/** Plants each fault and looks for it. */
async function runMutations(seed: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "ringfence-mutations-"));
  try {
    let found = 0;
    for (const mutation of MUTATIONS) {
      const engine = await plantedEngine(mutation, folder);
      const tally = createTally();
      const start = performance.now();
      const limits = { seed, seconds: MUTATION_SECONDS, verdicts: Infinity, tally };
      const difference = search(engine, limits)?.difference;
      if (difference !== undefined) found++;
      console.log(mutationLine(mutation, { difference, tally, ms: performance.now() - start }));
    }
    console.log(`${found} of ${MUTATIONS.length} planted faults were found`);
    return found === MUTATIONS.length ? EXIT.done : EXIT.found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Hunt {
  readonly difference: Difference | undefined;
  readonly tally: Tally;
  readonly ms: number;
}

function mutationLine({ name, about }: Mutation, { difference, tally, ms }: Hunt): string {
  const how = difference === undefined ? "NOT FOUND" : `by ${difference.asked}`;
  const cost = `${(ms / 1000).toFixed(1)} s ${tally.compared} verdicts`;
  return `${name.padEnd(24)} ${how.padEnd(13)} ${cost.padEnd(24)} ${about}`;
}
