// What compiling and reachability cost, in counters: it grows with the cluster, not with its square.
import assert from "node:assert/strict";
import { test } from "node:test";

import { PROFILES, compilePolicies, reachability } from "../src/policy/index.ts";
import { realisticCluster } from "./generate/realistic.ts";
import { buildCluster } from "./generate/scenario.ts";
import type { RawObject } from "./generate/words.ts";

/** A cluster of so many workloads: 20 to a namespace, 2 namespaces to a team, a node for 10, a policy for each; one namespace admits its own applications from everywhere. */
function clusterOf(workloads: number, podsPerWorkload: number): readonly RawObject[] {
  const nodes = Array.from({ length: workloads / 10 }, (_, index) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: `node-${index}`, labels: { "kubernetes.io/hostname": `node-${index}` } },
    status: { addresses: [{ type: "InternalIP", address: `10.0.0.${index}` }] },
  }));
  const size = { workloads, policies: workloads, podsPerWorkload, teams: workloads / 40 };
  const shared = Array.from({ length: 20 }, (_, index) => sharedPolicy(`app-${index}`));
  return [...nodes, ...realisticCluster(1, size), ...shared];
}

/** Its peers are found by their label, in no namespace: that looks at every pod unless labels are looked up by index. */
function sharedPolicy(app: string): RawObject {
  const podSelector = { matchLabels: { app } };
  const ingress = [{ from: [{ namespaceSelector: {}, podSelector }] }];
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: `shared-${app}`, namespace: "team-0" },
    spec: { podSelector, ingress },
  };
}

/** Every counter, of compiling and of all rectangles. */
function countersOf(objects: readonly RawObject[]): Readonly<Record<string, number>> {
  const cluster = buildCluster({ objects, podRanges: [], nodeRanges: [] });
  const compiled = compilePolicies(cluster, PROFILES["kubernetes"]!);
  const reach = reachability(compiled);
  const rectangles = [...reach.rectangles()].length;
  return { ...compiled.counters, ...reach.counters(), rectangles };
}

/** The most of each that a workload may cost: constants, so that no counter grows faster than the cluster. */
const MOST_PER_WORKLOAD: Readonly<Record<string, number>> = {
  kinds: 1.5,
  classes: 1.4,
  selectors: 2,
  selectorEvaluations: 50,
  groups: 1.5,
  groupMeetings: 30,
  cellsVisited: 12,
  cellsJudged: 4,
  hostMeetings: 0.5,
  rectangles: 5,
};

test("what compiling and reachability do grows no faster than the cluster", () => {
  for (const podsPerWorkload of [0, 2]) {
    for (const workloads of [200, 800]) {
      for (const [name, number] of Object.entries(
        countersOf(clusterOf(workloads, podsPerWorkload)),
      )) {
        const most = MOST_PER_WORKLOAD[name]! * workloads;
        const text = `${number} ${name} for ${workloads} workloads of ${podsPerWorkload} pods`;
        assert.ok(number > 0 && number <= most, `${text}, at most ${most}`);
      }
    }
  }
});

test("more pods of the same workloads and more nodes are met no more often", () => {
  const few = clusterOf(200, 1);
  const more = few.flatMap((object, index) => [object, ...secondOf(object, index)]);
  const { kinds, rectangles, ...before } = countersOf(few);
  const { kinds: moreKinds, rectangles: moreRectangles, ...after } = countersOf(more);
  assert.deepEqual(after, before);
  const nodes = more.filter(({ kind }) => kind === "Node").length / 2;
  assert.equal(
    moreKinds,
    kinds! + nodes,
    "each node has a label of its own, which no policy names",
  );
  // A pod's own node is told apart: the rectangles of a node are with the pods that run there.
  assert.ok(
    moreRectangles! <= 1.5 * rectangles!,
    `${moreRectangles} rectangles, not ${rectangles}`,
  );
});

/** Another pod or node like the object, if it is one. */
function secondOf(object: RawObject, index: number): readonly RawObject[] {
  const { name, ...rest } = object["metadata"] as { readonly name: string };
  const metadata = { ...rest, name: `${name}-2` };
  if (object["kind"] === "Pod") return [{ ...object, metadata }];
  if (object["kind"] !== "Node") return [];
  const labels = { "kubernetes.io/hostname": metadata.name };
  const addresses = [{ type: "InternalIP", address: `10.0.1.${index}` }];
  return [{ ...object, metadata: { ...metadata, labels }, status: { addresses } }];
}
