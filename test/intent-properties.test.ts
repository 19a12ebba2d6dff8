// Intents are held to reachability, which is held to the specification.
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type Intent,
  judgeIntent,
  namedAddresses,
  surveyLandscape,
} from "../src/analysis/index.ts";
import { contains, formatRange } from "../src/base/index.ts";
import {
  type CompiledPolicies,
  PROFILES,
  type Rectangle,
  type Traffic,
  compilePolicies,
  directoryOf,
  formatTraffic,
  parseTraffic,
  reachability,
} from "../src/policy/index.ts";
import { buildCluster, scenarioOf } from "./generate/scenario.ts";

/** Names of an end of a rectangle; nothing where one cannot be written: an unnamed pod of a workload, or a range that is no CIDR. */
function namesOf(
  { peers }: ReturnType<typeof reachability>,
  compiled: CompiledPolicies,
  side: readonly number[],
): readonly string[] | undefined {
  const names: string[] = [];
  for (const index of side) {
    const peer = peers[index]!;
    const texts = peer.kind === "outside" ? peer.addresses.map(formatRange) : [peer.id];
    const isKnown = (text: string): boolean =>
      peer.kind === "outside" ? text.includes("/") : directoryOf(compiled).find(text) !== undefined;
    if (!texts.every(isKnown)) return undefined;
    names.push(...texts);
  }
  return names;
}

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);

test("what reachability says is met as an intent, and its opposite is not", () => {
  const counts = { allow: 0, depends: 0, denied: 0 };
  for (const seed of SEEDS) {
    const cluster = buildCluster(scenarioOf(seed));
    for (const profile of Object.values(PROFILES)) {
      const compiled = compilePolicies(cluster, profile);
      const found = reachability(compiled);
      const list = [...found.rectangles()];
      const stated = list.flatMap(
        ({ from, to, traffic, universe, family, verdict, conditions }) => {
          if (family !== undefined || conditions.length > 0) return [];
          const [sources, targets] = [from, to].map((side) => namesOf(found, compiled, side));
          if (sources === undefined || targets === undefined) return [];
          const ports = formatTraffic(traffic, universe);
          return [{ verdict, sides: { from: sources, to: targets, ports } }];
        },
      );
      const intents = stated.map(({ sides }): Intent => ({ allow: sides }));
      const landscape = surveyLandscape(compiled, namedAddresses([], intents));
      for (const { verdict, sides } of stated) {
        const about = `seed ${seed}, ${profile.name}: ${JSON.stringify(sides)}`;
        const state = (intent: Intent): string => judgeIntent(landscape, [], intent).state;
        assert.equal(state({ allow: sides }), verdict === "allow" ? "met" : "unmet", about);
        assert.equal(state({ deny: sides }), "unmet", about);
        counts[verdict]++;
      }
      counts.denied += compareCounts(compiled, found, list);
    }
  }
  assert.ok(
    counts.allow > 500 && counts.depends > 100 && counts.denied > 100,
    JSON.stringify(counts),
  );
});

/** Holds the counts of `deny` between all pods, on one port, to the pairs of the rectangles; gives how many pairs are denied. */
function compareCounts(
  compiled: CompiledPolicies,
  found: ReturnType<typeof reachability>,
  list: readonly Rectangle[],
): number {
  const pods = [...found.peers.keys()].filter((index) => {
    const { kind, id } = found.peers[index]!;
    return (kind === "workload" || kind === "pod") && directoryOf(compiled).find(id) !== undefined;
  });
  if (pods.length < 2) return 0;
  const names = pods.map((index) => found.peers[index]!.id);
  const intent: Intent = { deny: { from: names, to: names, ports: ["tcp/80"] } };
  const { pairs } = judgeIntent(surveyLandscape(compiled, []), [], intent);
  const open = new Set<string>();
  const point = (parseTraffic("tcp/80") as Traffic)[0]!;
  for (const { from, to, traffic } of list) {
    if (!contains(traffic, point)) continue;
    for (const a of from) {
      for (const b of to) if (pods.includes(a) && pods.includes(b)) open.add(`${a} ${b}`);
    }
  }
  assert.equal(pairs.unmet, open.size);
  return pairs.covered - pairs.unmet;
}
