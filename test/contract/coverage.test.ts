import assert from "node:assert/strict";
import { test } from "node:test";

import type { Session } from "../../src/app/index.ts";
import { createAdmissions, createOutlook } from "../../src/policy/index.ts";
import { buildCluster, scenarioOf } from "../generate/scenario.ts";
import { type RawObject, WORDS } from "../generate/words.ts";
import { type ReachTable, assertReach } from "./assert-reach.ts";
import type { ReachDocument, ScanDocument } from "./documents.ts";
import { openBuilt, reachJson, scanJson } from "./open.ts";

const SEEDS = Array.from({ length: 60 }, (_, index) => 9000 + index);
const DIRECTIONS = ["ingress", "egress"] as const;

function pod(namespace: string, name: string, labels: Readonly<Record<string, string>>): RawObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { namespace, name, labels }, spec: {} };
}

/** Every choice of the labels that policies of generated clusters name, with another value and without. */
function choices(): readonly Readonly<Record<string, string>>[] {
  const keys = { app: WORDS.apps, tier: WORDS.tiers, pod: ["set-0", "set-1"] };
  let all: readonly Readonly<Record<string, string>>[] = [{}];
  for (const [key, values] of Object.entries(keys)) {
    all = all.flatMap((labels) => [
      labels,
      ...[...values, "other"].map((value) => ({ ...labels, [key]: value })),
    ]);
  }
  return all;
}

test("coverage says what happens to new pods when they are there", async () => {
  const seen = { covered: 0, open: 0, escaped: 0 };
  for (const seed of SEEDS) {
    const scenario = scenarioOf(seed);
    const { objects } = scenario;
    const scanned = await openBuilt(buildCluster(scenario), "kubernetes");
    const { coverage } = JSON.parse(scanJson(scanned)) as ScanDocument;
    const hasAdmin = scanned.compiled.cluster.adminPolicies.length > 0;
    for (const { namespace, ...covered } of coverage) {
      const plain = [pod(namespace, "new", {}), pod("elsewhere", "unnamed", {})];
      const cluster = buildCluster({ ...scenario, objects: [...objects, ...plain] });
      const session = await openBuilt(cluster, "kubernetes");
      const reach = JSON.parse(reachJson(session)) as ReachDocument;
      const table = assertReach(reach, cluster, { isWhole: true, pairs: false });
      const labelled = choices().map((labels, index) => pod(namespace, `new-${index}`, labels));
      const more = await openBuilt(
        buildCluster({ ...scenario, objects: [...objects, ...labelled] }),
        "kubernetes",
      );
      const outlook = createOutlook(more.compiled);
      for (const direction of DIRECTIONS) {
        const what = `seed ${seed}: ${direction} of ${namespace}`;
        const isOpen = hasConnection(table, `${namespace}/Pod/new`, direction);
        const escapes = more.compiled.cluster.workloads.some(
          (each) =>
            each.namespace === namespace &&
            each.name.startsWith("new-") &&
            !outlook.isIsolated(each.pods[0]!, direction),
        );
        if (covered[direction]) {
          seen.covered++;
          assert.ok(!isOpen, `${what} is covered, but a pod without labels is open`);
          assert.ok(hasAdmin || !escapes, `${what} is covered, but some labels escape`);
        } else {
          if (isOpen) seen.open++;
          else seen.escaped++;
          const why = isOpen || escapes || admitsUnnamed(session, namespace, direction);
          assert.ok(why, `${what} is not covered, but no pod shows why`);
        }
      }
    }
  }
  for (const number of Object.values(seen)) assert.ok(number >= 10, JSON.stringify(seen));
});

/** Whether the policies of the new pod alone admit the unnamed pod or the outside, though the other end may refuse. */
function admitsUnnamed(
  { compiled }: Session,
  namespace: string,
  direction: (typeof DIRECTIONS)[number],
): boolean {
  const workload = compiled.cluster.workloads.find(({ id }) => id === `${namespace}/Pod/new`);
  const admitted = createAdmissions(compiled, createOutlook(compiled))(
    workload!.pods[0]!,
    direction,
  );
  return admitted!.list.some(({ peer }) => peer.kind === "cluster" || peer.kind === "outside");
}

/** Whether a pod without labels has any connection with the unnamed pod or with the outside. */
function hasConnection(
  table: ReachTable,
  id: string,
  direction: (typeof DIRECTIONS)[number],
): boolean {
  return [...table].some(([key, answers]) => {
    const [from = "", to = ""] = key.split(" ");
    const [own, other] = direction === "ingress" ? [to, from] : [from, to];
    const isUnnamed = other === "elsewhere/Pod/unnamed" || other.startsWith("outside/");
    return own === id && isUnnamed && answers.length > 0;
  });
}
