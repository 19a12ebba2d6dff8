import assert from "node:assert/strict";
import { test } from "node:test";

import { type Cluster, createClusterBuilder } from "../model/index.ts";
import { compilePolicies } from "./compile.ts";
import { KUBERNETES } from "./profile/kubernetes.ts";
import { reachability } from "./reachability.ts";

type Raw = Readonly<Record<string, unknown>>;

function clusterOf(objects: readonly Raw[]): Cluster {
  const builder = createClusterBuilder();
  for (const [index, object] of objects.entries()) {
    const place = { file: "cluster", line: index + 1, start: 0, end: 0 };
    builder.add(object, { ...place, format: "line", inside: [] });
  }
  return builder.build();
}

function pod(
  name: string,
  more: { readonly metadata?: Raw; readonly spec?: Raw; readonly status?: Raw },
): Raw {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop", ...more.metadata },
    spec: { containers: [{ name: "c" }], ...more.spec },
    ...(more.status === undefined ? {} : { status: { phase: "Running", ...more.status } }),
  };
}

function networkPolicy(spec: Raw): Raw {
  const metadata = { name: "policy", namespace: "shop" };
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
}

interface Named {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly verdict: string;
}

/** The rectangles of a cluster with the ids of their peers, in the order of the rectangle. */
function rectanglesOf(objects: readonly Raw[]): readonly Named[] {
  const { peers, rectangles } = reachability(compilePolicies(clusterOf(objects), KUBERNETES));
  const names = (side: readonly number[]): readonly string[] =>
    side.map((index) => peers[index]!.id);
  return [...rectangles()].map(({ from, to, verdict }) => ({
    from: names(from),
    to: names(to),
    verdict,
  }));
}

function labelled(name: string, app: string): Raw {
  return pod(name, { metadata: { labels: { app } } });
}

test("the sides of a rectangle ascend, also where classes of pods alternate", () => {
  const rectangles = rectanglesOf([
    ...["a", "c"].map((name) => labelled(name, "web")),
    ...["b", "d"].map((name) => labelled(name, "api")),
    networkPolicy({
      podSelector: { matchLabels: { app: "none" } },
      ingress: [{ from: [{ podSelector: { matchLabels: { app: "web" } } }] }],
    }),
    // Without a pod that it selects the policy is not in force; with one it tells web from api.
    labelled("e", "none"),
  ]);
  const toOutside = rectangles.find(({ to }) => to.includes("outside/1"))!;
  assert.deepEqual(
    toOutside.from,
    ["a", "b", "c", "d", "e"].map((name) => `shop/Pod/${name}`),
  );
});

/** Two pods of one owner, of one class, and a host-network pod on the node of the first; policies admit the pods of the namespace. */
function onTwoNodes(
  places: Readonly<Record<"a" | "b" | "host", { readonly spec?: Raw; readonly status?: Raw }>>,
): readonly Raw[] {
  const ownerReferences = [{ kind: "DaemonSet", name: "agent", controller: true }];
  const owned = (name: "a" | "b", podIP: string): Raw =>
    pod(name, {
      metadata: { ownerReferences },
      spec: places[name].spec ?? {},
      status: { podIP, ...places[name].status },
    });
  const spec = { hostNetwork: true, ...places.host.spec };
  return [
    owned("a", "10.1.0.1"),
    owned("b", "10.1.0.2"),
    pod("host", { spec, status: { podIP: "10.9.0.1", ...places.host.status } }),
    networkPolicy({ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }),
  ];
}

const [FIRST, SECOND] = [{ hostIP: "10.9.0.1" }, { hostIP: "10.9.0.2" }];

/** NP-7, NP-8: pods of one owner that a host tells apart are peers of their own. */
const TOLD_APART = [
  [
    "the nodes are known by their addresses only",
    { a: { status: FIRST }, b: { status: SECOND }, host: {} },
  ],
  [
    "the pods are on one node by name, and one tells its address",
    { a: { spec: { nodeName: "n" }, status: FIRST }, b: { spec: { nodeName: "n" } }, host: {} },
  ],
] as const;

for (const [name, places] of TOLD_APART) {
  test(`pods are told apart by their own node: ${name}`, () => {
    const rectangles = rectanglesOf(onTwoNodes(places));
    const verdicts = ["shop/Pod/a", "shop/Pod/b"].map((to) =>
      rectangles
        .filter((each) => each.from.includes("shop/Pod/host") && each.to.includes(to))
        .map(({ verdict }) => verdict),
    );
    assert.deepEqual(verdicts, [["allow"], ["depends"]], JSON.stringify(rectangles));
  });
}

test("a rule for nodes means host-network pods in both readings (CNP-7, NP-8)", () => {
  const rectangles = rectanglesOf([
    labelled("a", "web"),
    pod("host", { spec: { hostNetwork: true } }),
    {
      apiVersion: "policy.networking.k8s.io/v1alpha2",
      kind: "ClusterNetworkPolicy",
      metadata: { name: "no-nodes" },
      spec: {
        tier: "Admin",
        priority: 0,
        subject: { namespaces: {} },
        egress: [{ action: "Deny", to: [{ nodes: {} }] }],
      },
    },
  ]);
  const toHost = rectangles.filter(
    ({ from, to }) => from.includes("shop/Pod/a") && to.includes("shop/Pod/host"),
  );
  assert.deepEqual(toHost, []);
});
