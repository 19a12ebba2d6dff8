import { adminPolicies } from "./hostile-admin-policies.ts";
import { antreaObjects } from "./hostile-antrea.ts";
import { calicoObjects } from "./hostile-calico.ts";
import { type Setting, namespaces, nodes, workloads } from "./hostile-endpoints.ts";
import { networkPolicy } from "./hostile-policies.ts";
import type { Random } from "./random.ts";
import type { RawObject } from "./words.ts";

/** A small cluster that leaves nothing out: every kind of endpoint and policy, with contradictions and gaps. Valid for the API, apart from peers and protocols without a field (CNP-8). One in ten is crowded: dozens of pods, so that labels are looked up by index; one in four has a policy or two only, so that one kind of rule decides alone. */
export function hostileCluster(random: Random): readonly RawObject[] {
  const isCrowded = random.chance(10);
  const isSparse = random.chance(25);
  const setting: Setting = {
    isDump: random.chance(60),
    pods: isCrowded ? [24, 40] : [2, 6],
    hostPods: random.pick([10, 18, 18, 50]),
    nodeNames: random.pick([0, 50, 80, 100]),
    stacks: random.pick([[[4]], [[4, 6]], [[4], [4], [4, 6], [6]]]),
  };
  return [
    ...namespaces(random),
    ...(random.chance(50) ? nodes(random) : []),
    ...workloads(random, setting),
    ...random.many(isSparse ? 0 : 1, isSparse ? 1 : isCrowded ? 12 : 6, (index) =>
      networkPolicy(random, index),
    ),
    ...adminPolicies(random, isSparse ? 2 : 4),
    ...calicoObjects(random),
    ...antreaObjects(random),
  ];
}
