import type { Cluster } from "../../src/model/index.ts";
import {
  type CompiledPolicies,
  type Connection,
  type Decision,
  PROFILES,
  configured,
  type Reachability,
  compilePolicies,
  evaluate,
  reachability,
} from "../../src/policy/index.ts";
import { evaluateReference } from "../../src/policy/reference/index.ts";
import { compareReach } from "./compare-reach.ts";
import type { Difference, Expected } from "./difference.ts";
import { connectionsOf } from "./questions.ts";
import { type Scenario, buildCluster } from "./scenario.ts";
import { type Tally, countVerdict } from "./tally.ts";

/** The engine under test; a mutated copy can stand in for it. Profiles are asked for by name, because a copy has its own. */
export interface Engine {
  readonly compile: (cluster: Cluster, profile: string) => CompiledPolicies;
  readonly evaluate: (compiled: CompiledPolicies, connection: Connection) => Decision;
  readonly reachability: (compiled: CompiledPolicies) => Reachability;
}

/** The engine of this repository. */
export const ENGINE: Engine = {
  compile: (cluster, profile) => compilePolicies(cluster, PROFILES[profile]!),
  evaluate,
  reachability,
};

/** What is compared with what, and where it is counted. */
export interface Comparison {
  readonly engine: Engine;
  readonly tally: Tally;
  /** Names; all of them if left out. */
  readonly profiles?: readonly string[];
}

/** Compares up to `most` connections of a scenario under every profile, one by one and all at once; gives the first difference. */
export function compareScenario(
  scenario: Scenario,
  seed: number,
  most: number,
  comparison: Comparison,
): Difference | undefined {
  const cluster = buildCluster(scenario);
  const found = compareConnections(cluster, connectionsOf(cluster, seed, most), comparison);
  return found === undefined ? undefined : { ...found, scenario };
}

/** The same for given connections of a cluster. */
export function compareConnections(
  cluster: Cluster,
  connections: readonly Connection[],
  { engine, tally, profiles = Object.keys(PROFILES) }: Comparison,
): Omit<Difference, "scenario"> | undefined {
  for (const profile of profiles) {
    const all = connections.map((connection): Expected => ({
      connection,
      decision: evaluateReference(cluster, configured(PROFILES[profile]!, cluster), connection),
    }));
    for (const { decision } of all) countVerdict(tally, decision);
    const found = attempt(() => {
      const compiled = engine.compile(cluster, profile);
      return (
        compareVerdicts((connection) => engine.evaluate(compiled, connection), all) ??
        compareReach(engine.reachability(compiled), all, tally)
      );
    });
    if (found !== undefined) return { profile, ...found };
  }
  return undefined;
}

type Found = Omit<Difference, "scenario" | "profile">;

/** A fault of the engine itself is a difference as well. */
function attempt(compare: () => Found | undefined): Found | undefined {
  try {
    return compare();
  } catch (error) {
    const compiled = `throws ${(error as Error).message}`;
    return { asked: "rectangles", connection: undefined, compiled, reference: "an answer" };
  }
}

/** Asks for connections one by one. */
function compareVerdicts(
  decide: (connection: Connection) => Decision,
  all: readonly Expected[],
): Found | undefined {
  for (const { connection, decision } of all) {
    const actual = decide(connection);
    const [compiled, reference] =
      actual.conditions.length > 0
        ? ["depends", decision.verdict] // the specification says so of what holds for some requests only
        : isOfRequest(decision.ruleIds)
          ? [actual.verdict, decision.verdict] // and does not tell which end it is that asks for more
          : [decisionText(actual), decisionText(decision)];
    if (compiled !== reference) return { asked: "verdict", connection, compiled, reference };
    if (actual.verdict === "depends" && actual.reasons.length === 0) {
      const without = `${compiled}, without a reason`;
      return { asked: "verdict", connection, compiled: without, reference };
    }
  }
  return undefined;
}

/** Whether a rule that asks for a request had a part. */
function isOfRequest(ruleIds: readonly string[]): boolean {
  return ruleIds.includes("ANT-23") || ruleIds.includes("CAL-16");
}

/** A verdict with what determined it, for comparing and for people. */
export function decisionText({
  verdict,
  determinedBy,
}: Pick<Decision, "verdict" | "determinedBy">): string {
  const refs = determinedBy.map(({ policy, rule }) =>
    rule === undefined ? policy : `${policy} ${rule}`,
  );
  return refs.length === 0
    ? `${verdict} by the profile`
    : `${verdict} by ${refs.toSorted().join(", ")}`;
}
