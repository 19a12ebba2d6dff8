// What two profiles are said to differ in, and why, held to one question at a time over generated clusters.
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type ProfileComparison,
  type ProfileRow,
  compareProfiles,
} from "../../src/analysis/index.ts";
import { type Family, contains } from "../../src/base/index.ts";
import type { Cluster } from "../../src/model/index.ts";
import {
  type CompiledPolicies,
  type Connection,
  type End,
  PROFILES,
  type Profile,
  type ProfilePart,
  type Verdict,
  compilePolicies,
  evaluate,
  profileParts,
} from "../../src/policy/index.ts";
import { createPeerIndex, isListed } from "../generate/compare-reach.ts";
import { connectionsOf } from "../generate/questions.ts";
import { buildCluster, scenarioOf } from "../generate/scenario.ts";

const SEED = Number(process.env["RINGFENCE_SEED"] ?? 1);
const CLUSTERS = 100;
const PER_CLUSTER = 150;

/** Every profile against the one that follows it, so that each is on both sides. */
const NAMES = Object.keys(PROFILES);
const UPSTREAM = NAMES.filter((name) => PROFILES[name]!.engine === "upstream");
/** Causes between engines of other kinds of policy are not yet held to single changes. */
const PAIRS = UPSTREAM.map(
  (name, index) => [name, UPSTREAM[(index + 1) % UPSTREAM.length]!] as const,
);

test("all parts together make the first profile behave as the second", () => {
  for (const first of NAMES) {
    for (const second of NAMES) {
      const [a, b] = [PROFILES[first]!, PROFILES[second]!];
      const made = profileParts(a, b).reduce((profile, part) => part.apply(profile), a);
      assert.deepEqual(made.switches, b.switches, `${first} to ${second}`);
      assert.deepEqual(made.boards, b.boards, `${first} to ${second}`);
      assert.deepEqual(made.builtins, b.builtins, `${first} to ${second}`);
    }
  }
});

test("every connection that differs is in one row, and its cause holds when it is tried", () => {
  const seen = { alike: 0, differing: 0, each: 0, together: 0 };
  for (let seed = SEED; seed < SEED + CLUSTERS; seed++) {
    const cluster = buildCluster(scenarioOf(seed));
    const [first, second] = PAIRS[seed % PAIRS.length]!;
    checkComparison(cluster, compareProfiles(cluster, PROFILES[first]!, PROFILES[second]!), {
      seed,
      seen,
    });
  }
  console.log(JSON.stringify(seen));
  assert.ok(seen.alike > 1000 && seen.differing > 300, JSON.stringify(seen));
  assert.ok(seen.each > 200 && seen.together > 5, JSON.stringify(seen));
});

interface Check {
  readonly seed: number;
  readonly seen: Record<"alike" | "differing" | "each" | "together", number>;
}

function checkComparison(
  cluster: Cluster,
  { a, b, peers, parts, rows }: ProfileComparison,
  { seed, seen }: Check,
): void {
  const indexOf = createPeerIndex(peers);
  const hybrids = new Map<string, CompiledPolicies>();
  const { configure: _, ...start } = a.profile;
  const tried = (list: readonly ProfilePart[]): CompiledPolicies => {
    const key = list.map(({ name }) => name).join();
    const known = hybrids.get(key);
    if (known !== undefined) return known;
    const profile = list.reduce<Profile>((made, part) => part.apply(made), start);
    const compiled = compilePolicies(cluster, profile);
    hybrids.set(key, compiled);
    return compiled;
  };
  for (const connection of connectionsOf(cluster, seed, PER_CLUSTER)) {
    const question = { ...connection, facts: [] };
    if (!isListed(question, [])) continue;
    const [from, to] = [indexOf(question.source), indexOf(question.destination)];
    if (from === undefined || to === undefined || isSamePod(question)) continue;
    if (
      ![question.source, question.destination].every((end) => hasFamily(a, end, question.family))
    ) {
      continue; // entries of pairs with one family do not name it
    }
    const [mine, theirs] = [verdictOf(a, question), verdictOf(b, question)];
    const found = rows.filter((row) => isAbout(row, { from, to }, question));
    const place = `seed ${seed}: ${peers[from]!.id} to ${peers[to]!.id} ${question.traffic}`;
    if (mine === theirs) {
      seen.alike++;
      assert.deepEqual(found, [], place);
      continue;
    }
    seen.differing++;
    assert.equal(found.length, 1, place);
    const [row] = found;
    assert.deepEqual([plain(row!.a), plain(row!.b)], [mine, theirs], place);
    const { cause } = row!;
    assert.ok(cause !== undefined, place);
    seen[cause.kind]++;
    const alone = parts.filter((part) => verdictOf(tried([part]), question) === theirs);
    assert.deepEqual(alone, cause.kind === "each" ? cause.parts : [], place);
    if (cause.kind === "each") continue;
    assert.equal(verdictOf(tried(cause.parts), question) === theirs, cause.enough, place);
  }
}

function verdictOf(compiled: CompiledPolicies, connection: Connection): Verdict {
  return evaluate(compiled, connection).verdict;
}

function hasFamily({ classes }: CompiledPolicies, end: End, family: Family): boolean {
  if (end.kind === "outside") return end.address.family === family;
  const number =
    end.kind === "pod"
      ? classes.ofPod.get(end.pod)!
      : end.kind === "node"
        ? [...classes.ofNode].find(([{ name }]) => name === end.name)?.[1]
        : end.relation === "own-node"
          ? classes.ownNode
          : classes.otherNodes;
  const { families } = classes.classes[number!]!;
  return (families & (family === 4 ? 1 : 2)) !== 0;
}

/** Of a workload's pods the same one: never two ends. */
function isSamePod({ source, destination }: Connection): boolean {
  return source.kind === "pod" && destination.kind === "pod" && source.pod === destination.pod;
}

function isAbout(
  row: ProfileRow,
  ends: { readonly from: number; readonly to: number },
  { traffic, family }: Connection,
): boolean {
  return (
    row.from.includes(ends.from) &&
    row.to.includes(ends.to) &&
    (row.family === undefined || row.family === family) &&
    contains(row.traffic, traffic)
  );
}

function plain(said: ProfileRow["a"]): Verdict {
  return said === "conditional" ? "allow" : said;
}
