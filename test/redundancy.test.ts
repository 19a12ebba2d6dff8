// What is said to add nothing is taken away, all of it at once, from generated clusters: no verdict may change.
import assert from "node:assert/strict";
import { test } from "node:test";

import { findRedundancy } from "../src/control/redundancy.ts";
import { type CompiledPolicies, PROFILES, compilePolicies, evaluate } from "../src/policy/index.ts";
import { buildCluster, scenarioOf } from "./generate/scenario.ts";
import { connectionsOf } from "./generate/questions.ts";

const SEED = Number(process.env["RINGFENCE_SEED"] ?? 1);
const CLUSTERS = 250;
const PER_CLUSTER = 200;

/** The same cluster without what is redundant. */
function withoutRedundant(compiled: CompiledPolicies): {
  readonly slim: CompiledPolicies;
  readonly policies: number;
  readonly rules: number;
} {
  const { cluster, profile, byId } = compiled;
  const redundancy = findRedundancy(compiled);
  const policies = new Set(redundancy.policies.map(({ policy }) => policy.id));
  const rules = new Set(redundancy.rules.map(({ rule }) => rule.rule));
  const left = [...byId.values()]
    .filter((policy) => !profile.builtins.includes(policy) && !policies.has(policy.id))
    .map((policy) => ({ ...policy, rules: policy.rules.filter((rule) => !rules.has(rule)) }));
  const slim = compilePolicies(cluster, profile, left);
  return { slim, policies: policies.size, rules: rules.size };
}

test("what is redundant can go without changing a verdict", () => {
  let [policies, rules] = [0, 0];
  for (let seed = SEED; seed < SEED + CLUSTERS; seed++) {
    const cluster = buildCluster(scenarioOf(seed));
    const connections = connectionsOf(cluster, seed, PER_CLUSTER);
    for (const profile of Object.values(PROFILES)) {
      const compiled = compilePolicies(cluster, profile);
      const { slim, ...found } = withoutRedundant(compiled);
      policies += found.policies;
      rules += found.rules;
      if (found.policies + found.rules === 0) continue;
      for (const connection of connections) {
        const [before, after] = [evaluate(compiled, connection), evaluate(slim, connection)];
        if (before.verdict === after.verdict) continue;
        const redundancy = findRedundancy(compiled);
        const names = [
          ...redundancy.policies.map(({ policy, by }) => `${policy.id} by ${JSON.stringify(by)}`),
          ...redundancy.rules.map(
            ({ rule, by }) =>
              `${compiled.policies[rule.policy]!.id} ${rule.rule.direction}[${rule.rule.index}] by ${JSON.stringify(by)}`,
          ),
        ];
        assert.fail(
          `seed ${seed}, ${profile.name}: ${before.verdict} became ${after.verdict}\n${names.join("\n")}`,
        );
      }
    }
  }
  console.log(`${policies} policies and ${rules} rules were redundant`);
  assert.ok(policies >= 40 && rules >= 40, "generated clusters hold enough that is redundant");
});
