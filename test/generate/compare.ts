import type { Cluster } from "../../src/model/index.ts";
import {
  type CompiledPolicies,
  type Connection,
  type Decision,
  PROFILES,
  type Profile,
  compilePolicies,
  evaluate,
} from "../../src/policy/index.ts";
import { type ReferenceDecision, evaluateReference } from "../../src/policy/reference/index.ts";
import { buildCluster } from "./build.ts";
import { hostileCluster } from "./hostile.ts";
import { connectionsOf } from "./questions.ts";
import type { RawObject } from "./words.ts";

/** A connection on which the compiled engine and the specification differ. */
export interface Difference {
  readonly seed: number;
  readonly profile: string;
  readonly connection: Connection;
  readonly compiled: string;
  readonly reference: string;
}

/** What a run has seen. */
export interface Tally {
  compared: number;
  readonly verdicts: Record<"allow" | "deny" | "depends", number>;
  /** Verdicts that each rule of the specification had a part in. */
  readonly rules: Map<string, number>;
}

/** Nothing seen yet. */
export function createTally(): Tally {
  return { compared: 0, verdicts: { allow: 0, deny: 0, depends: 0 }, rules: new Map() };
}

/** The engine under test; a mutated copy can stand in for it. */
export interface Engine {
  readonly compile: (cluster: Cluster, profile: Profile) => CompiledPolicies;
  readonly evaluate: (compiled: CompiledPolicies, connection: Connection) => Decision;
}

/** The engine of this repository. */
export const ENGINE: Engine = {
  compile: (cluster, profile) => compilePolicies(cluster, profile),
  evaluate,
};

/** Compares the verdicts of one generated cluster under every profile; gives the first difference. */
export function compareSeed(
  seed: number,
  {
    most,
    tally,
    engine,
  }: { readonly most: number; readonly tally: Tally; readonly engine: Engine },
): Difference | undefined {
  return compareObjects(hostileCluster(seed), seed, { most, tally, engine });
}

/** The same for given objects: for making a found case smaller. */
export function compareObjects(
  objects: readonly RawObject[],
  seed: number,
  {
    most,
    tally,
    engine,
  }: { readonly most: number; readonly tally: Tally; readonly engine: Engine },
): Difference | undefined {
  const cluster = buildCluster(objects, seed);
  const connections = connectionsOf(cluster, seed, most);
  for (const profile of Object.values(PROFILES)) {
    const compiled = engine.compile(cluster, profile);
    for (const connection of connections) {
      const expected = evaluateReference(cluster, profile.switches, connection);
      const actual = engine.evaluate(compiled, connection);
      count(tally, expected);
      const [a, b] = [textOf(actual), textOf(expected)];
      if (a !== b) return { seed, profile: profile.name, connection, compiled: a, reference: b };
    }
  }
  return undefined;
}

function count(tally: Tally, { verdict, ruleIds }: ReferenceDecision): void {
  tally.compared++;
  tally.verdicts[verdict]++;
  for (const id of ruleIds) tally.rules.set(id, (tally.rules.get(id) ?? 0) + 1);
}

function textOf({ verdict, determinedBy }: Pick<Decision, "verdict" | "determinedBy">): string {
  const refs = determinedBy.map(({ policy, rule }) => `${policy} ${rule ?? ""}`);
  return `${verdict} by ${refs.toSorted().join(", ")}`;
}

/** Leaves objects out one by one as long as the difference stays. */
export function shrink(difference: Difference, engine: Engine): readonly RawObject[] {
  let objects = hostileCluster(difference.seed);
  const differs = (candidate: readonly RawObject[]): boolean =>
    compareObjects(candidate, difference.seed, { most: 2000, tally: createTally(), engine }) !==
    undefined;
  for (let index = objects.length - 1; index >= 0; index--) {
    const without = objects.toSpliced(index, 1);
    if (differs(without)) objects = without;
  }
  return objects;
}
