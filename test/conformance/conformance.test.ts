import assert from "node:assert/strict";
import { test } from "node:test";

import type { Cluster } from "../../src/model/index.ts";
import {
  type Connection,
  type Fact,
  PROFILES,
  configured,
  answerQuestion,
  compilePolicies,
  directoryOf,
  parseFact,
  parseTrafficPoint,
  reachability,
} from "../../src/policy/index.ts";
import { evaluateReference } from "../../src/policy/reference/index.ts";
import { compareReach } from "../generate/compare-reach.ts";
import type { Expected } from "../generate/difference.ts";
import { type Ask, type Case, clusterOf, readCases } from "./cases.ts";

const cases = readCases();

test("the tables are complete", () => {
  assert.ok(cases.length >= 111, `${cases.length} cases`);
  const names = cases.map(({ profile, name }) => `${profile} ${name}`);
  assert.equal(new Set(names).size, names.length);
});

for (const each of cases) {
  test(`${each.file}: ${each.name} (${each.rules.join(", ")})`, async () => {
    const cluster = await clusterOf(each);
    assert.equal(cluster.incomplete, false, JSON.stringify(cluster.diagnostics));
    const expected: Expected[] = [];
    for (const ask of each.ask) {
      const text = `${ask.from} to ${ask.to} ${ask.port}`;
      const reference = askReference(cluster, each, ask);
      for (const [engine, answer] of [
        ["compiled", askCompiled(cluster, each, ask)],
        ["reference", reference],
      ] as const) {
        assert.equal(answer.verdict, ask.verdict, `${engine}: ${text}`);
        if (ask.decidedBy !== undefined) {
          assert.deepEqual(answer.policies, ask.decidedBy.toSorted(), `${engine}: ${text}`);
        }
      }
      expected.push(reference);
    }
    const all = reachability(compilePolicies(cluster, PROFILES[each.profile]!));
    assert.equal(compareReach(all, expected, { pairs: 0 }), undefined);
  });
}

interface Answer {
  readonly verdict: string;
  readonly policies: readonly string[];
}

function factsOf({ conditions }: Ask): readonly Fact[] {
  return (conditions ?? []).map((text) => {
    const fact = parseFact(text);
    assert.ok(typeof fact !== "string", text);
    return fact;
  });
}

function askCompiled(cluster: Cluster, { profile }: Case, ask: Ask): Answer {
  const compiled = compilePolicies(cluster, PROFILES[profile]!);
  const { from, to, port, family } = ask;
  const answer = answerQuestion(compiled, { from, to, port, family, facts: factsOf(ask) });
  assert.ok(typeof answer !== "string", JSON.stringify(answer));
  const isConditional = answer.conditions.length > 0;
  return {
    verdict: isConditional ? "depends" : answer.verdict,
    policies: policiesOf(answer.determinedBy),
  };
}

function askReference(cluster: Cluster, { profile }: Case, ask: Ask): Answer & Expected {
  const directory = directoryOf(compilePolicies(cluster, PROFILES[profile]!));
  const [source, destination] = [ask.from, ask.to].map((name) => directory.find(name)!.ends[0]!);
  const point = parseTrafficPoint(ask.port);
  assert.ok(typeof point !== "string", ask.port);
  const isV6 = [ask.from, ask.to].some((name) => name.includes(":"));
  const connection: Connection = {
    source: source!,
    destination: destination!,
    traffic: point.point,
    family: ask.family ?? (isV6 ? 6 : 4),
    facts: factsOf(ask),
  };
  const decision = evaluateReference(cluster, configured(PROFILES[profile]!, cluster), connection);
  const { verdict, determinedBy } = decision;
  return { verdict, policies: policiesOf(determinedBy), connection, decision };
}

function policiesOf(refs: readonly { readonly policy: string }[]): readonly string[] {
  return [...new Set(refs.map(({ policy }) => policy))].toSorted();
}
