import assert from "node:assert/strict";
import { test } from "node:test";

import { formatAddress } from "../base/index.ts";
import { createClusterBuilder } from "./cluster-builder.ts";
import type { Cluster, Pod } from "./cluster.ts";

type Raw = Readonly<Record<string, unknown>>;

function clusterOf(...specs: readonly { spec?: Raw; status?: Raw; labels?: Raw }[]): Cluster {
  const builder = createClusterBuilder();
  for (const [index, { spec = {}, status, labels }] of specs.entries()) {
    const place = { file: "f.yaml", line: 1, start: 0, end: 0 } as const;
    const raw = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `p${index}`, labels },
      spec,
      status,
    };
    builder.add(raw, { ...place, format: "yaml", inside: [] });
  }
  return builder.build();
}

function podsOf(cluster: Cluster): readonly Pod[] {
  return cluster.workloads.flatMap((one) => one.pods);
}

const texts = (addresses: Pod["addresses"]): readonly string[] | undefined =>
  addresses?.map(formatAddress);

const ports = (...list: readonly Raw[]): Raw => ({ ports: list });

test("named ports of ordinary containers, of init containers and of sidecars", () => {
  const cluster = clusterOf({
    spec: {
      containers: [
        ports({ name: "http", containerPort: 80 }, { containerPort: 81 }),
        ports({ name: "dns", containerPort: 53, protocol: "UDP" }),
      ],
      initContainers: [
        { ...ports({ name: "setup", containerPort: 1 }) },
        { restartPolicy: "Always", ...ports({ name: "mesh", containerPort: 2 }) },
      ],
    },
  });
  assert.deepEqual(podsOf(cluster)[0]?.ports, [
    { name: "http", protocol: "TCP", port: 80, container: "ordinary" },
    { name: "dns", protocol: "UDP", port: 53, container: "ordinary" },
    { name: "setup", protocol: "TCP", port: 1, container: "init" },
    { name: "mesh", protocol: "TCP", port: 2, container: "sidecar" },
  ]);
  assert.deepEqual(cluster.diagnostics, []);
});

test("a port that cannot be read is told and left out", () => {
  const table: readonly [port: Raw, text: RegExp][] = [
    [{ name: "a", containerPort: 0 }, /from 1 to 65535, not `0`/u],
    [{ name: "a", containerPort: "80" }, /not `80`/u],
    [{ name: "a", containerPort: 80, protocol: "tcp" }, /not `tcp`/u],
    [{ name: "80", containerPort: 80 }, /`80` is no port name/u],
  ];
  for (const [port, text] of table) {
    const cluster = clusterOf({ spec: { containers: [{ ports: [port] }] } });
    assert.deepEqual(podsOf(cluster)[0]?.ports, []);
    assert.match(cluster.diagnostics[0]?.text ?? "", text);
    assert.equal(cluster.incomplete, false);
  }
});

test("addresses: the list, else the single one; at most one of a family; unknown if one is unreadable", () => {
  const table: readonly [status: Raw, expected: readonly string[] | undefined][] = [
    [{}, undefined],
    [{ podIP: "10.0.0.1" }, ["10.0.0.1"]],
    [
      { podIP: "10.0.0.9", podIPs: [{ ip: "10.0.0.1" }, { ip: "2001:db8::1" }] },
      ["10.0.0.1", "2001:db8::1"],
    ],
    [{ podIPs: [{ ip: "10.0.0.1" }, { ip: "10.0.0.2" }] }, ["10.0.0.1"]],
    [{ podIP: "nonsense" }, undefined],
    [{ podIPs: [{ ip: "10.0.0.1" }, { ip: "x" }] }, undefined],
  ];
  for (const [status, expected] of table) {
    assert.deepEqual(texts(podsOf(clusterOf({ status }))[0]?.addresses), expected);
  }
  const { diagnostics } = clusterOf({ status: { podIP: "nonsense" } });
  assert.deepEqual(
    diagnostics.map((one) => one.severity),
    ["warning"],
  );
});

test("the node's addresses, its name, and a host-network pod", () => {
  const status = { hostIPs: [{ ip: "192.0.2.1" }], podIP: "10.0.0.1", phase: "Running" };
  const [plain, host, unknown] = podsOf(
    clusterOf(
      { spec: { nodeName: "n1" }, status },
      {
        spec: { hostNetwork: true, nodeName: "n1" },
        status: { hostIP: "192.0.2.1", phase: "Running" },
      },
      { spec: { hostNetwork: true } },
    ),
  );
  assert.equal(plain?.node, "n1");
  assert.deepEqual(texts(plain?.hostAddresses), ["192.0.2.1"]);
  assert.deepEqual(texts(host?.addresses), ["192.0.2.1"]);
  assert.deepEqual(
    [unknown?.hostNetwork, unknown?.addresses, unknown?.hostAddresses],
    [true, undefined, []],
  );
});

test("pods that are alike share their labels, ports and host addresses", () => {
  const one = {
    labels: { app: "a" },
    spec: { containers: [{ ports: [{ name: "http", containerPort: 80 }] }] },
    status: { hostIP: "192.0.2.1", podIP: "10.0.0.1" },
  };
  const [a, b] = podsOf(clusterOf(structuredClone(one), structuredClone(one)));
  assert.equal(a?.labels, b?.labels);
  assert.equal(a?.ports, b?.ports);
  assert.equal(a?.hostAddresses, b?.hostAddresses);
});

test("labels of null: no labels, and an empty value", () => {
  const builder = createClusterBuilder();
  const place = { file: "f.yaml", line: 1, start: 0, end: 0 } as const;
  for (const [name, labels] of Object.entries({ a: null, b: { x: null } })) {
    const metadata = { name, labels };
    const raw = { apiVersion: "v1", kind: "Pod", metadata, spec: {} };
    builder.add(raw, { ...place, format: "yaml", inside: [] });
  }
  const cluster = builder.build();
  assert.deepEqual(
    podsOf(cluster).map((one) => one.labels),
    [{}, { x: "" }],
  );
  assert.deepEqual(cluster.diagnostics, []);
});

test("the service account", () => {
  const [named, old, none] = podsOf(
    clusterOf({ spec: { serviceAccountName: "a" } }, { spec: { serviceAccount: "b" } }, {}),
  );
  assert.deepEqual(
    [named?.serviceAccount, old?.serviceAccount, none?.serviceAccount],
    ["a", "b", "default"],
  );
});
