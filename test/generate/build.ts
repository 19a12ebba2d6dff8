import { type Cluster, createClusterBuilder } from "../../src/model/index.ts";
import { type AddressSet, parseCidr } from "../../src/base/index.ts";
import { createRandom } from "./random.ts";
import type { RawObject } from "./words.ts";

/** Builds a cluster of raw objects; `seed` chooses whether ranges bound unknown addresses. */
export function buildCluster(objects: readonly RawObject[], seed: number): Cluster {
  const random = createRandom(seed ^ 0x5eed);
  const podRanges = random.chance(25) ? ranges(["10.1.0.0/16"], ["fd01::/64"], seed) : undefined;
  const nodeRanges = random.chance(25) ? ranges(["10.9.0.0/24"], ["fd09::/64"], seed) : undefined;
  const builder = createClusterBuilder({ podRanges, nodeRanges });
  for (const [index, object] of objects.entries()) {
    builder.add(object, {
      file: "generated",
      line: index + 1,
      start: 0,
      end: 0,
      format: "line",
      inside: [],
    });
  }
  return builder.build();
}

function ranges(v4: readonly string[], v6: readonly string[], seed: number): AddressSet {
  const texts = seed % 3 === 0 ? v4 : [...v4, ...v6];
  return texts.map((text) => parseCidr(text)!);
}
