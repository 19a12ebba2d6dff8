import { addressSet, parseCidr } from "../../src/base/index.ts";
import { type Cluster, createClusterBuilder } from "../../src/model/index.ts";
import { hostileCluster } from "./hostile.ts";
import { unknownRanges } from "./hostile-ranges.ts";
import { createRandom } from "./random.ts";
import { realisticCluster } from "./realistic.ts";
import type { RawObject } from "./words.ts";

/** Everything that an engine is told before it is asked. */
export interface Scenario {
  readonly objects: readonly RawObject[];
  /** CIDRs that bound the addresses of pods and nodes that nobody knows; empty: they may be anywhere. */
  readonly podRanges: readonly string[];
  readonly nodeRanges: readonly string[];
}

/** The scenario of a seed: a hostile cluster, and one in fifty a small realistic one. */
export function scenarioOf(seed: number): Scenario {
  const random = createRandom(seed);
  const isRealistic = random.chance(2);
  const size = { workloads: 25, policies: 25, podsPerWorkload: random.pick([0, 2]) };
  const objects = isRealistic ? [...realisticCluster(seed, size)] : hostileCluster(random);
  return {
    objects,
    podRanges: unknownRanges(random, ["10.1.0.0/16", "10.0.0.0/8", "10.1.0.0/29", "fd01::/64"]),
    nodeRanges: unknownRanges(random, ["10.9.0.0/24", "10.9.0.1/32", "fd09::/64"]),
  };
}

/** The cluster of a scenario; objects stand in the lines of one file. */
export function buildCluster({ objects, podRanges, nodeRanges }: Scenario): Cluster {
  const builder = createClusterBuilder({
    podRanges: setOf(podRanges),
    nodeRanges: setOf(nodeRanges),
  });
  for (const [index, object] of objects.entries()) {
    const place = { file: "generated", line: index + 1, start: 0, end: 0 };
    builder.add(object, { ...place, format: "line", inside: [] });
  }
  return builder.build();
}

function setOf(texts: readonly string[]): Cluster["podRanges"] {
  return texts.length === 0 ? undefined : addressSet(texts.map((text) => parseCidr(text)!));
}
