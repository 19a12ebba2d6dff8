// What policies admit of pods that do not exist: by table, and held to pods that do.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { assessExposure, countExposure, scopesOf } from "../src/analysis/index.ts";
import { formatRange } from "../src/base/index.ts";
import { createGroupJudge } from "../src/policy/group-judge.ts";
import {
  type Admission,
  PROFILES,
  compilePolicies,
  createOutlook,
  formatTraffic,
} from "../src/policy/index.ts";
import { createResults } from "../src/policy/results.ts";
import { compileManifest } from "./catalogue/examples.ts";
import { buildCluster, scenarioOf } from "./generate/scenario.ts";

const WEB = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: t1}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main}]}`;

interface Case {
  readonly name: string;
  readonly direction: "ingress" | "egress";
  readonly policies: string;
  readonly expected: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: "NP-2: without a policy everything may come",
    direction: "ingress",
    policies: "",
    expected: ["0.0.0.0/0,::/0: all", "cluster: all"],
  },
  {
    name: "NP-3: a deny-all admits nobody",
    direction: "ingress",
    policies: policy("policyTypes: [Ingress]"),
    expected: [],
  },
  {
    name: "NP-1: an empty pod selector is every pod of the own namespace",
    direction: "ingress",
    policies: policy("ingress: [{from: [{podSelector: {}}]}]"),
    expected: ["namespace shop: all"],
  },
  {
    name: "NP-1: an empty namespace selector is every pod of the cluster",
    direction: "egress",
    policies: policy(
      "policyTypes: [Egress]\n  egress: [{to: [{namespaceSelector: {}}], ports: [{port: 80}]}]",
    ),
    expected: ["cluster: tcp/80 perhaps icmp icmpv6 proto"],
  },
  {
    name: "NP-9: a namespace by its name label is that namespace, though it is not there yet",
    direction: "ingress",
    policies: policy(
      "ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: data}}}]}]",
    ),
    expected: ["namespace data: all"],
  },
  {
    name: "NP-9: labels of namespaces and of pods are told, also where a namespace has them",
    direction: "ingress",
    policies: policy(
      "ingress: [{from: [{namespaceSelector: {matchLabels: {team: t1}}, podSelector: {matchExpressions: [{key: app, operator: In, values: [a, b]}, {key: old, operator: DoesNotExist}]}}]}]",
    ),
    expected: ["selected team=t1/app in (a,b),!old: all"],
  },
  {
    name: "NP-9: NotIn admits a pod without labels",
    direction: "ingress",
    policies: policy(
      "ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [a]}]}}]}]",
    ),
    expected: ["namespace shop: all"],
  },
  {
    name: "NP-5: a port name toward a pod that is not there is told by its name",
    direction: "egress",
    policies: policy(
      "policyTypes: [Egress]\n  egress: [{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: sql}]}]",
    ),
    expected: ["selected shop/app=db: :sql perhaps icmp icmpv6 proto"],
  },
  {
    name: "NP-6: whether a range means pods is open",
    direction: "egress",
    policies: policy("policyTypes: [Egress]\n  egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]"),
    expected: ["10.0.0.0/8: all", "cluster IPv4:  perhaps all"],
  },
  {
    name: "CNP-3: what an Admin policy denies is not admitted by a policy below it",
    direction: "ingress",
    policies: `${policy("ingress: [{}]")}
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: no-db}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {}}
  ingress: [{action: Deny, from: [{namespaces: {}}]}]`,
    expected: ["0.0.0.0/0,::/0: all"],
  },
];

function policy(rest: string): string {
  return `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ${rest}`;
}

function textOf({ peer, family, allow, depends, universe, portNames }: Admission): string {
  const who =
    peer.kind === "outside"
      ? peer.addresses.map(formatRange).join()
      : peer.kind === "namespace"
        ? `namespace ${peer.namespace}`
        : peer.kind === "selected"
          ? `selected ${peer.namespaces ?? ""}/${peer.pods ?? ""}`
          : peer.kind;
  const sure = [...formatTraffic(allow, universe), ...portNames.map((name) => `:${name}`)];
  const perhaps = formatTraffic(depends, universe);
  return `${who}${family === undefined ? "" : ` IPv${family}`}: ${sure.join(" ")}${perhaps.length === 0 ? "" : ` perhaps ${perhaps.join(" ")}`}`;
}

describe("admissions", () => {
  for (const { name, direction, policies, expected } of CASES) {
    test(name, () => {
      const compiled = compileManifest({
        manifest: policies === "" ? WEB : `${WEB}\n---${policies}`,
      });
      const { workloads } = compiled.cluster;
      const found = assessExposure(compiled, createOutlook(compiled), workloads).filter(
        (each) => each.direction === direction,
      );
      assert.equal(found.length, 1);
      assert.deepEqual(found[0]!.list.map(textOf), expected);
    });
  }

  test("workloads of which the same is said stand together, and are counted each", () => {
    const compiled = compileManifest({ manifest: `${WEB}\n---${WEB.replaceAll("web", "api")}` });
    const { workloads } = compiled.cluster;
    const found = assessExposure(compiled, createOutlook(compiled), workloads);
    assert.deepEqual(
      found.map((each) => [each.direction, each.workloads.join(), each.isIsolated]),
      [
        ["ingress", "shop/Pod/api,shop/Pod/web", false],
        ["egress", "shop/Pod/api,shop/Pod/web", false],
      ],
    );
    const ids = workloads.map(({ id }) => id);
    assert.deepEqual(countExposure(scopesOf(found), ids).ingress, {
      outside: 2,
      cluster: 2,
      namespace: 0,
      selected: 0,
    });
  });
});

test("an imagined pod is treated like a pod that exists with its labels", () => {
  let compared = 0;
  for (let seed = 1; seed <= 150; seed++) {
    const cluster = buildCluster(scenarioOf(seed));
    for (const profile of Object.values(PROFILES)) {
      const compiled = compilePolicies(cluster, profile);
      const judge = createGroupJudge(compiled, createResults());
      const accounts = new Map(
        cluster.serviceAccounts.map((each) => [`${each.namespace}/${each.name}`, each.labels]),
      );
      const pods = compiled.classes.classes.filter(
        ({ type, ports, families, cells }) =>
          type === "pod" && ports.length === 0 && families === 3 && cells[4] < -1,
      );
      for (const group of compiled.groups.filter(({ point }) => point.startsWith("workload"))) {
        for (const { number, namespace, labels, serviceAccount } of pods) {
          const known = cluster.namespaces.get(namespace);
          if (known === undefined) continue;
          const at = { kind: group.point, guarded: group.classes[0]!, group: group.number };
          const pod = {
            namespace,
            namespaceLabels: known.labels,
            labels,
            serviceAccount,
            serviceAccountLabels: accounts.get(`${namespace}/${serviceAccount}`) ?? {},
          };
          for (const family of [4, 6] as const) {
            const real = { kind: "class", number, asPod: true, own: false } as const;
            const imagined = judge({ ...at, column: { kind: "imagined", pod } }, family);
            assert.equal(imagined, judge({ ...at, column: real }, family), `seed ${seed}`);
            compared++;
          }
        }
      }
    }
  }
  assert.ok(compared > 5000, `${compared} results`);
});
