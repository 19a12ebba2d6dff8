import assert from "node:assert/strict";
import { test } from "node:test";

import { formatAddress } from "../base/index.ts";
import { createClusterBuilder } from "./cluster-builder.ts";
import type { Cluster } from "./cluster.ts";

type Raw = Readonly<Record<string, unknown>>;

/** The cluster of these objects, each in a line of its own. */
function clusterOf(...objects: readonly unknown[]): Cluster {
  const builder = createClusterBuilder();
  for (const [index, raw] of objects.entries()) {
    const place = { file: "f.yaml", line: index + 1, start: 0, end: 0 } as const;
    builder.add(raw, { ...place, format: "yaml", inside: [] });
  }
  return builder.build();
}

const named = (apiVersion: string, kind: string, metadata: Raw, more: Raw = {}): Raw => ({
  apiVersion,
  kind,
  metadata,
  ...more,
});
const namespace = (name: string, labels: Raw = {}): Raw =>
  named("v1", "Namespace", { name, labels });
const deployment = (name: string, labels: Raw = { app: name }): Raw =>
  named(
    "apps/v1",
    "Deployment",
    { name },
    { spec: { template: { metadata: { labels }, spec: {} } } },
  );

const role = (uid: string, rules: readonly string[]): Raw =>
  named("rbac.authorization.k8s.io/v1", "Role", { name: "r", uid }, { rules });
const labelled = (name: string): Raw =>
  named("v1", "Pod", { name, labels: { "a b": "x" } }, { spec: {} });
const backend = (name: string): Raw => ({ service: { name, port: { number: 80 } } });

function said(cluster: Cluster): readonly string[] {
  return cluster.diagnostics.map((one) => {
    return `${one.severity}${one.decides ? "!" : ""} ${one.line}: ${one.text}`;
  });
}

test("what the API server would add", () => {
  const cluster = clusterOf(
    namespace("shop", { team: "a" }),
    named("v1", "Service", { name: "s", namespace: "shop" }, { spec: { ports: [{ port: 80 }] } }),
    deployment("web"),
  );
  assert.deepEqual(cluster.namespaces.get("shop")?.labels, {
    team: "a",
    "kubernetes.io/metadata.name": "shop",
  });
  assert.deepEqual(
    cluster.workloads.map((one) => one.id),
    ["default/Deployment/web"],
  );
  assert.equal(cluster.workloads[0]?.pods[0]?.serviceAccount, "default");
  const [service] = cluster.services;
  assert.equal(service?.type, "ClusterIP");
  assert.deepEqual(service?.ports, [
    { name: undefined, protocol: "TCP", port: 80, targetPort: 80, nodePort: undefined },
  ]);
});

test("a namespace that is used but not declared has its name label, and is told once", () => {
  const inShop = { namespace: "shop" };
  const cluster = clusterOf(
    deployment("in-default"),
    named("v1", "ConfigMap", { name: "a", ...inShop }),
    named("v1", "ConfigMap", { name: "b", ...inShop }),
  );
  assert.deepEqual(cluster.namespaces.get("shop"), {
    kind: "Namespace",
    name: "shop",
    labels: { "kubernetes.io/metadata.name": "shop" },
    declarations: [],
  });
  assert.deepEqual(said(cluster), [
    "info 2: namespace `shop` is used but not declared: it has its name label only",
  ]);
});

test("Lists are opened, lists in lists too; items of a typed list need no kind", () => {
  const items = [{ metadata: { name: "a" }, spec: {} }];
  const cluster = clusterOf(
    { apiVersion: "v1", kind: "List", items: [{ apiVersion: "v1", kind: "PodList", items }] },
    { apiVersion: "v1", kind: "NamespaceList", items: [] },
  );
  assert.deepEqual(
    cluster.workloads.map((one) => one.id),
    ["default/Pod/a"],
  );
  assert.deepEqual(cluster.workloads[0]?.pods[0]?.origin.inside, ["items", 0, "items", 0]);
  assert.equal(cluster.objects, 1);
});

test("equal duplicates are a warning, contradicting ones an error that decides", () => {
  const equal = clusterOf(deployment("web"), deployment("web"));
  assert.deepEqual(said(equal), [
    "warning 2: Deployment `default/web` is declared twice, first at f.yaml:1: merged",
  ]);
  const other = clusterOf(deployment("web"), deployment("web", { app: "x" }));
  assert.deepEqual(said(other), [
    "error! 2: Deployment `default/web` is declared twice, first at f.yaml:1, with other content: the first is used, remove one",
  ]);
  assert.deepEqual(other.workloads[0]?.pods[0]?.labels, { app: "web" });
  const apart = clusterOf(
    named("batch/v1", "Job", { name: "web" }, { spec: { template: { spec: {} } } }),
    deployment("web"),
  );
  assert.deepEqual(said(apart), []);
  const kept = [equal, other, apart].map(({ duplicates }) => duplicates.map((one) => one.content));
  assert.deepEqual(kept, [["same"], ["different"], []]);
});

test("namespaces are united where their labels agree", () => {
  const united = clusterOf(namespace("a", { x: "1" }), namespace("a", { y: "2" }));
  assert.deepEqual(united.namespaces.get("a")?.labels, {
    x: "1",
    y: "2",
    "kubernetes.io/metadata.name": "a",
  });
  assert.deepEqual(
    united.namespaces.get("a")?.declarations.map(({ origin }) => origin.line),
    [1, 2],
  );
  assert.equal(united.incomplete, false);
  const torn = clusterOf(namespace("a", { x: "1" }), namespace("a", { x: "2" }));
  assert.equal(torn.namespaces.get("a")?.labels["x"], "1");
  assert.equal(torn.incomplete, true);
});

test("uninterpreted objects are compared without what the server keeps about them", () => {
  assert.match(said(clusterOf(role("1", ["a"]), role("2", ["a"])))[0] ?? "", /^warning .*merged$/u);
  const other = clusterOf(role("1", ["a"]), role("2", ["b"]));
  assert.match(said(other)[0] ?? "", /^error 2/u);
  assert.equal(other.others.length, 1);
});

test("policies of engines that are not read make the result incomplete; their definitions do not", () => {
  const policy = clusterOf(named("cilium.io/v2", "CiliumNetworkPolicy", { name: "p" }));
  assert.equal(policy.incomplete, true);
  assert.equal(policy.others.length, 1);
  const definition = named("apiextensions.k8s.io/v1", "CustomResourceDefinition", { name: "x" });
  assert.equal(clusterOf(definition).incomplete, false);
  const inert = clusterOf(named("extensions/v1beta1", "NetworkPolicy", { name: "p" })); // NP-13
  assert.equal(inert.incomplete, false);
  assert.equal(inert.diagnostics[0]?.severity, "warning");
  assert.equal(inert.others.length, 1);
  assert.deepEqual(inert.networkPolicies, []);
  assert.deepEqual(
    inert.unserved.map((one) => [one.apiVersion, one.namespace, one.current]),
    [["extensions/v1beta1", "default", "networking.k8s.io/v1"]],
  );
});

const UNUSABLE: readonly [text: RegExp, raw: unknown][] = [
  [/an object was expected/u, "text"],
  [/without `metadata`/u, { apiVersion: "v1", kind: "Pod", spec: {} }],
  [/has no `metadata.name`/u, named("v1", "Pod", {}, { spec: {} })],
  [/is named `7`/u, named("v1", "Pod", { name: 7 }, { spec: {} })],
  [/the name `a\/b` is invalid/u, named("v1", "Pod", { name: "a/b" }, { spec: {} })],
  [/the namespace is `true`/u, named("v1", "Pod", { name: "a", namespace: true }, { spec: {} })],
  [/the pod's `spec` is missing/u, named("v1", "Pod", { name: "a" })],
  [
    /`hostNetwork` must be true or false/u,
    named("v1", "Pod", { name: "a" }, { spec: { hostNetwork: "no" } }),
  ],
  [
    /label value `1` must be text/u,
    named("v1", "Pod", { name: "a", labels: { x: 1 } }, { spec: {} }),
  ],
  [/labels must be an object/u, named("v1", "Pod", { name: "a", labels: "x" }, { spec: {} })],
  [
    /template `spec.template` is missing/u,
    named("apps/v1", "Deployment", { name: "a" }, { spec: {} }),
  ],
  [
    /template `spec.jobTemplate.spec.template` is missing/u,
    named("batch/v1", "CronJob", { name: "a" }),
  ],
  [/label value `1` must be text/u, deployment("a", { x: 1 })],
  [/`Deployment` of `apps\/v9` is not known/u, { ...deployment("a"), apiVersion: "apps/v9" }],
  [/write `apiVersion: apps\/v1`/u, { ...deployment("a"), apiVersion: undefined }],
];

test("an endpoint that cannot be read is an error that decides", () => {
  for (const [text, raw] of UNUSABLE) {
    const { diagnostics, workloads, incomplete } = clusterOf(raw);
    assert.deepEqual(
      diagnostics.map((one) => one.severity),
      ["error"],
      String(text),
    );
    assert.match(diagnostics[0]?.text ?? "", text);
    assert.equal(incomplete, true);
    assert.deepEqual(workloads, []);
  }
});

test("the same faulty labels are told for every pod that has them", () => {
  assert.equal(clusterOf(labelled("a"), labelled("b")).diagnostics.length, 2);
});

test("a generated name is no duplicate of another", () => {
  const job = named(
    "batch/v1",
    "Job",
    { generateName: "j-" },
    { spec: { template: { spec: {} } } },
  );
  assert.deepEqual(said(clusterOf(job, job)), []);
});

const pod = (name: unknown, more: Raw = {}): Raw =>
  named("v1", "Pod", { name, ...more }, { spec: {} });

test("a name that the API would refuse is told; one that is nearly right is used", () => {
  const table: readonly [raw: Raw, said: RegExp | undefined, workloads: number][] = [
    [deployment("My_App", {}), /^warning .*`My_App` is invalid/u, 1],
    [deployment("a.b-c", {}), undefined, 1],
    [deployment("a".repeat(254), {}), /^error! .*at most 253/u, 0],
    [pod("a/b"), /^error! .*`a\/b` is invalid/u, 0],
    [pod("caf\uFFFD"), /^error! .*is invalid/u, 0],
    [pod("{{ .Values.name }}"), /^error! .*is invalid/u, 0],
    [pod(false), /^error! .*is named `false`: its name must be text, put it in quotes/u, 0],
    [pod("a", { namespace: "a.b" }), /^warning .*`a.b` is invalid: .*, at most 63/u, 1],
    [pod("a", { namespace: 5 }), /^error! .*the namespace is `5`: it must be text, put/u, 0],
    [namespace("a.b"), /^warning .*`a.b` is invalid/u, 0],
    [named("v1", "Service", { name: "a.b" }, { spec: {} }), /^warning .*`a.b` is invalid/u, 0],
    [named("v1", "Node", { name: "a.b" }), undefined, 0],
  ];
  for (const [raw, text, count] of table) {
    const cluster = clusterOf(raw);
    const lines = said(cluster).filter((one) => !one.startsWith("info"));
    assert.equal(lines.length, text === undefined ? 0 : 1, lines.join("\n"));
    if (text !== undefined) assert.match(lines[0] ?? "", text);
    assert.equal(cluster.workloads.length, count);
  }
});

test("labels, annotations and their like must be texts, on every kind", () => {
  const metadata = { name: "a", labels: { "a b": "x" }, annotations: { a: 1 } };
  const spec = { template: { spec: {} } };
  for (const [apiVersion, kind] of [
    ["apps/v1", "Deployment"],
    ["networking.k8s.io/v1", "NetworkPolicy"],
    ["v1", "Namespace"],
    ["v1", "Service"],
  ] as const) {
    const cluster = clusterOf(named(apiVersion, kind, metadata, { spec }));
    assert.ok(cluster.incomplete, kind);
    assert.deepEqual(
      cluster.diagnostics
        .filter((one) => one.severity === "error")
        .map((one) => one.text.split(" ").slice(0, 3).join(" ")),
      ["`metadata.annotations.a` must be", "label key `a"],
      kind,
    );
    assert.deepEqual(cluster.networkPolicies, []);
  }
});

test("no text of an object can forge a line or an id", () => {
  const owner = { kind: "ReplicaSet", name: "a/Deployment/b\n", controller: true };
  const lines = said(
    clusterOf(
      pod("p", { ownerReferences: [owner] }),
      named("a/v1", "X\u001B", { name: "n\n", namespace: "b\u001B\n" }),
      named("a/v1", "X\u001B", { name: "n\n", namespace: "b\u001B\n" }, { x: 1 }),
      named("networking.k8s.io/v1\n", "NetworkPolicy\u001B", { name: "n" }),
    ),
  );
  assert.equal(lines.length, 4);
  assert.ok(
    lines.every((line) => !/\p{Cc}/u.test(line)),
    lines.join("|"),
  );
  assert.match(lines[0] ?? "", /^warning 1: `ReplicaSet\/a\/Deployment\/b ` can be no owner/u);
});

test("a namespace on an object of the cluster makes no namespace", () => {
  const metadata = { name: "a", namespace: "zz" };
  const cluster = clusterOf(
    named("v1", "Node", metadata),
    named("v1", "Namespace", metadata),
    named("rbac.authorization.k8s.io/v1", "ClusterRole", metadata),
    named("apiextensions.k8s.io/v1", "CustomResourceDefinition", metadata),
  );
  assert.deepEqual([[...cluster.namespaces.keys()], said(cluster)], [["a"], []]);
});

test("labels with any characters are never taken for others", () => {
  const hostile = pod("a", { labels: { "a\0b\0c": "d" } });
  const plain = pod("b", { labels: { a: "b", c: "d" } });
  for (const order of [
    [hostile, plain],
    [plain, hostile],
  ]) {
    const { workloads, diagnostics } = clusterOf(...order);
    assert.deepEqual(
      workloads.map((one) => one.pods[0]?.labels),
      [{ a: "b", c: "d" }],
    );
    assert.equal(diagnostics.length, 1);
  }
});

test("old versions of workloads are read, with a warning", () => {
  const { workloads, diagnostics, incomplete } = clusterOf({
    ...deployment("a"),
    apiVersion: "extensions/v1beta1",
  });
  assert.equal(workloads.length, 1);
  assert.match(diagnostics[0]?.text ?? "", /not served any more: write `apiVersion: apps\/v1`/u);
  assert.equal(incomplete, false);
});

test("nodes have all addresses of their status", () => {
  const addresses = [
    { type: "InternalIP", address: "10.0.0.1" },
    { type: "ExternalIP", address: "2001:db8::1" },
    { type: "Hostname", address: "n1" },
    { type: "InternalIP", address: "nonsense" },
  ];
  const cluster = clusterOf(named("v1", "Node", { name: "n1" }, { status: { addresses } }));
  assert.deepEqual(cluster.nodes[0]?.addresses.map(formatAddress), ["10.0.0.1", "2001:db8::1"]);
  assert.match(said(cluster)[0] ?? "", /^warning 1: `nonsense` is no address/u);
});

test("Ingress, EndpointSlice, ConfigMap and ServiceAccount", () => {
  const cluster = clusterOf(
    named(
      "networking.k8s.io/v1",
      "Ingress",
      { name: "i" },
      {
        spec: {
          defaultBackend: backend("a"),
          rules: [
            {
              host: "x.example",
              http: { paths: [{ backend: backend("b") }, { backend: backend("a") }] },
            },
          ],
        },
      },
    ),
    named(
      "discovery.k8s.io/v1",
      "EndpointSlice",
      { name: "e", labels: { "kubernetes.io/service-name": "a" } },
      { endpoints: [{ addresses: ["10.0.0.1"] }, { addresses: ["10.0.0.2"] }] },
    ),
    named("v1", "ConfigMap", { name: "c" }, { data: { a: "1", b: 2 } }),
    named("v1", "ServiceAccount", { name: "s", labels: { x: "y" } }),
  );
  assert.deepEqual(cluster.ingresses[0]?.backends, ["a", "b"]);
  assert.deepEqual(cluster.ingresses[0]?.hosts, ["x.example"]);
  assert.equal(cluster.endpointSlices[0]?.service, "a");
  assert.deepEqual(cluster.endpointSlices[0]?.addresses, ["10.0.0.1", "10.0.0.2"]);
  assert.deepEqual(cluster.configMaps[0]?.data, { a: "1" });
  assert.deepEqual(cluster.serviceAccounts[0]?.labels, { x: "y" });
  assert.deepEqual(said(cluster), ["error 3: `data.b` must be text, not `2`: put it in quotes"]);
});

test("diagnostics are located only when there is something to say, and sorted", () => {
  let asked = 0;
  const builder = createClusterBuilder({
    locate: (origin, path) => {
      asked++;
      return { file: origin.file, line: path.length };
    },
  });
  const place = { file: "f.yaml", line: 1, start: 0, end: 0 } as const;
  builder.add(deployment("web"), { ...place, format: "yaml", inside: [] });
  assert.deepEqual(builder.build().diagnostics, []);
  assert.equal(asked, 0);
  builder.add(deployment("bad", { x: 1 }), { ...place, format: "yaml", inside: [] });
  builder.report({ severity: "info", file: "a.yaml", line: 9, text: "t", decides: false });
  const { diagnostics } = builder.build();
  assert.deepEqual(
    diagnostics.map((one) => [one.file, one.line]),
    [
      ["a.yaml", 9],
      ["f.yaml", 5],
    ],
  );
  assert.equal(asked, 1);
});
