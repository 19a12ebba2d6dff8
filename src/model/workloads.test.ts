import assert from "node:assert/strict";
import { test } from "node:test";

import { createClusterBuilder } from "./cluster-builder.ts";
import type { Cluster } from "./cluster.ts";

type Raw = Readonly<Record<string, unknown>>;

function clusterOf(objects: readonly Raw[]): Cluster {
  const builder = createClusterBuilder();
  for (const [index, raw] of objects.entries()) {
    const place = { file: "f.yaml", line: index + 1, start: 0, end: 0 } as const;
    builder.add(raw, { ...place, format: "yaml", inside: [] });
  }
  return builder.build();
}

const VERSIONS: Readonly<Record<string, string>> = {
  Pod: "v1",
  ReplicationController: "v1",
  Job: "batch/v1",
  CronJob: "batch/v1",
  Rollout: "argoproj.io/v1alpha1",
};

const owner = (ref: string, more: Raw = {}): Raw => {
  const [kind, name] = ref.split("/");
  return { kind, name, ...more };
};

function metadata(name: string, owners: readonly Raw[]): Raw {
  return { name, namespace: "ns", ownerReferences: owners };
}

function declared(ref: string, owners: readonly Raw[] = [], more: Raw = {}): Raw {
  const [kind = "", name = ""] = ref.split("/");
  const template = { metadata: { labels: { from: ref.replace("/", ".") } }, spec: {} };
  const spec = kind === "CronJob" ? { jobTemplate: { spec: { template } } } : { template, ...more };
  const apiVersion = VERSIONS[kind] ?? "apps/v1";
  const status = more["status"];
  return { apiVersion, kind, metadata: metadata(name, owners), spec, status };
}

function pod(name: string, owners: readonly Raw[] = [], status: Raw = {}, spec: Raw = {}): Raw {
  return { apiVersion: "v1", kind: "Pod", metadata: metadata(name, owners), spec, status };
}

const succeeded: Raw = { phase: "Succeeded" };
const scheduled: Raw = { nodeName: "n1" };

const TABLE: readonly [name: string, objects: readonly Raw[], workloads: readonly string[]][] = [
  [
    "a template is one pod without a name",
    [declared("Deployment/web")],
    ["ns/Deployment/web: <Deployment.web>"],
  ],
  [
    "also with no replicas",
    [declared("Deployment/web", [], { replicas: 0 })],
    ["ns/Deployment/web: <Deployment.web>"],
  ],
  [
    "a dump with Deployment, ReplicaSets and Pods is one workload",
    [
      declared("Deployment/web"),
      declared("ReplicaSet/web-1", [owner("Deployment/web")], { replicas: 0 }),
      declared("ReplicaSet/web-2", [owner("Deployment/web")]),
      pod("web-2-b", [owner("ReplicaSet/web-2")]),
      pod("web-2-a", [owner("ReplicaSet/web-2")]),
    ],
    ["ns/Deployment/web: web-2-a web-2-b"],
  ],
  [
    "an owner that is not among the objects is taken by its reference",
    [pod("web-5d4f8c-x", [owner("ReplicaSet/web-5d4f8c")])],
    ["ns/ReplicaSet/web-5d4f8c: web-5d4f8c-x"],
  ],
  [
    "an owner that is not among the objects has the templates below it, those in use first",
    [
      declared("ReplicaSet/old", [owner("Deployment/web")], { replicas: 0 }),
      declared("ReplicaSet/new", [owner("Deployment/web")], { replicas: 2 }),
    ],
    ["ns/Deployment/web: <ReplicaSet.new>"],
  ],
  [
    "owners of a kind that is not interpreted are followed",
    [
      { apiVersion: "example.com/v1", kind: "Shard", metadata: metadata("s", [owner("Store/db")]) },
      pod("db-0", [owner("Shard/s")]),
    ],
    ["ns/Store/db: db-0"],
  ],
  [
    "a cluster-scoped owner is followed",
    [
      {
        apiVersion: "example.com/v1",
        kind: "Shard",
        metadata: { name: "s", ownerReferences: [owner("Store/db")] },
      },
      pod("db-0", [owner("Shard/s")]),
    ],
    ["ns/Store/db: db-0"],
  ],
  [
    "the controller counts, else the first",
    [
      pod("a", [owner("ReplicaSet/x"), owner("ReplicaSet/y", { controller: true })]),
      pod("b", [owner("ReplicaSet/x"), owner("ReplicaSet/y")]),
    ],
    ["ns/ReplicaSet/x: b", "ns/ReplicaSet/y: a"],
  ],
  [
    "a Node or a reference without a kind owns nothing",
    [pod("static", [owner("Node/n1", { controller: true })]), pod("odd", [{ name: "x" }])],
    ["ns/Pod/odd: odd", "ns/Pod/static: static"],
  ],
  [
    "a CronJob owns Jobs; live pods come before the template",
    [
      declared("CronJob/c"),
      declared("Job/c-1", [owner("CronJob/c")]),
      pod("c-1-x", [owner("Job/c-1")]),
    ],
    ["ns/CronJob/c: c-1-x"],
  ],
  [
    "NP-10: a CronJob with finished pods has its template",
    [
      declared("CronJob/c"),
      declared("Job/c-1", [owner("CronJob/c")]),
      pod("c-1-x", [owner("Job/c-1")], succeeded),
    ],
    ["ns/CronJob/c: <CronJob.c>"],
  ],
  [
    "NP-10: a Job or bare pod that has finished is no workload",
    [
      declared("Job/j"),
      pod("j-x", [owner("Job/j")], succeeded),
      pod("bare", [], { phase: "Failed" }),
      pod("gone", [owner("ReplicaSet/r")], succeeded),
    ],
    [],
  ],
  [
    "a Job whose status says that it is complete is no workload",
    [declared("Job/j", [], { status: { conditions: [{ type: "Complete", status: "True" }] } })],
    [],
  ],
  ["a Job without pods has its template", [declared("Job/j")], ["ns/Job/j: <Job.j>"]],
  [
    "NP-10: other owners fall back to their template",
    [declared("StatefulSet/s"), pod("s-0", [owner("StatefulSet/s")], { phase: "Failed" })],
    ["ns/StatefulSet/s: <StatefulSet.s>"],
  ],
  [
    "NP-10: a scheduled pod with a phase but without an address is no endpoint",
    [
      pod("waits", [], { phase: "Pending" }, scheduled),
      pod("unscheduled", [], { phase: "Pending" }),
      pod("manifest", [], {}, scheduled),
      pod("runs", [], { phase: "Running", podIP: "10.0.0.1" }, scheduled),
      pod(
        "host",
        [],
        { phase: "Running", hostIP: "10.0.0.1" },
        { ...scheduled, hostNetwork: true },
      ),
    ],
    [
      "ns/Pod/host: host",
      "ns/Pod/manifest: manifest",
      "ns/Pod/runs: runs",
      "ns/Pod/unscheduled: unscheduled",
    ],
  ],
  [
    "a Job with a pod that waits for its address has its template",
    [
      declared("Job/j"),
      pod("j-x", [owner("Job/j")], succeeded),
      pod("j-y", [owner("Job/j")], { phase: "Pending" }, scheduled),
    ],
    ["ns/Job/j: <Job.j>"],
  ],
];

test("pods belong to the owner that following ownerReferences reaches", () => {
  for (const [name, objects, workloads] of TABLE) {
    const cluster = clusterOf(objects);
    const seen = cluster.workloads.map(({ id, pods }) => {
      return `${id}: ${pods.map((one) => one.name ?? `<${one.labels["from"]}>`).join(" ")}`;
    });
    assert.deepEqual(seen, workloads, name);
    assert.equal(cluster.incomplete, false);
  }
});

test("a pod that is being deleted still counts", () => {
  const raw = pod("a");
  const deleted = { ...(raw["metadata"] as Raw), deletionTimestamp: "2026-01-01T00:00:00Z" };
  assert.equal(clusterOf([{ ...raw, metadata: deleted }]).workloads.length, 1);
});

test("a ring of owners ends at its smallest id, with one warning", () => {
  const { workloads, diagnostics } = clusterOf([
    declared("ReplicaSet/b", [owner("Deployment/a")]),
    declared("Deployment/a", [owner("ReplicaSet/b")]),
    pod("p", [owner("ReplicaSet/b")]),
  ]);
  assert.deepEqual(
    workloads.map((one) => one.id),
    ["ns/Deployment/a"],
  );
  const warnings = diagnostics.filter((one) => one.severity === "warning");
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]?.text ?? "", /`ns\/Deployment\/a` lead back to itself/u);
});

test("the origin of a workload is its owner's, else its first pod's", () => {
  const both = clusterOf([pod("a", [owner("ReplicaSet/r")]), declared("ReplicaSet/r")]);
  assert.equal(both.workloads[0]?.origin?.line, 2);
  const without = clusterOf([pod("a", [owner("ReplicaSet/r")])]);
  assert.equal(without.workloads[0]?.origin?.line, 1);
});
