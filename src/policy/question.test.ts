import assert from "node:assert/strict";
import { test } from "node:test";

import { createClusterBuilder } from "../model/index.ts";
import { type CompiledPolicies, compilePolicies } from "./compile.ts";
import { KUBERNETES } from "./profile/kubernetes.ts";
import { answerQuestion, directoryOf } from "./question.ts";

const ORIGIN = { file: "objects", line: 1, start: 0, end: 0, format: "line", inside: [] } as const;

function compile(objects: readonly object[]): CompiledPolicies {
  const builder = createClusterBuilder();
  for (const object of objects) builder.add(object, ORIGIN);
  return compilePolicies(builder.build(), KUBERNETES);
}

function verdict(compiled: CompiledPolicies, from: string, to: string, family?: 4 | 6): string {
  const question = { from, to, port: "tcp/80", family, facts: [] };
  const answer = answerQuestion(compiled, question);
  assert.ok(typeof answer !== "string", JSON.stringify(answer));
  return answer.verdict;
}

/** A pod of the StatefulSet `pg`; its own label sets it apart where a policy names it. */
function replica(index: number, addresses: readonly string[]): object {
  const owner = { apiVersion: "apps/v1", kind: "StatefulSet", name: "pg", controller: true };
  const labels = { app: "pg", index: `${index}` };
  const metadata = { name: `pg-${index}`, namespace: "db", labels, ownerReferences: [owner] };
  const status = { phase: "Running", podIPs: addresses.map((ip) => ({ ip })) };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [] }, status };
}

const SHUT_FIRST = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "shut", namespace: "db" },
  spec: { podSelector: { matchLabels: { index: "0" } }, policyTypes: ["Ingress"] },
};

test("a pod and the workload that it belongs to: the others, and its own address is always open (NP-7)", () => {
  const two = compile([replica(0, ["10.1.0.1"]), replica(1, ["10.1.0.2"]), SHUT_FIRST]);
  const table = [
    ["db/Pod/pg-0", "db/StatefulSet/pg", "allow"],
    ["db/StatefulSet/pg", "db/Pod/pg-0", "deny"],
    ["db/StatefulSet/pg", "db/Pod/pg-1", "allow"],
    ["db/Pod/pg-1", "db/StatefulSet/pg", "deny"],
    ["db/StatefulSet/pg", "db/StatefulSet/pg", "depends"],
    ["db/Pod/pg-0", "db/Pod/pg-0", "allow"],
  ] as const;
  for (const [from, to, expected] of table) {
    assert.equal(verdict(two, from, to), expected, `${from} to ${to}`);
  }
});

test("pods of one class stay two different pods", () => {
  const shutAll = { ...SHUT_FIRST, spec: { podSelector: {}, policyTypes: ["Ingress"] } };
  const two = compile([replica(0, ["10.1.0.1"]), replica(1, ["10.1.0.2"]), shutAll]);
  for (const [from, to] of [
    ["db/Pod/pg-0", "db/StatefulSet/pg"],
    ["db/Pod/pg-1", "db/StatefulSet/pg"],
    ["db/StatefulSet/pg", "db/Pod/pg-1"],
  ] as const) {
    assert.equal(verdict(two, from, to), "deny", `${from} to ${to}`);
  }
});

test("an address on either side fixes the family, whatever the question chooses", () => {
  const two = compile([replica(0, ["10.1.0.1", "fd00::1"]), replica(1, ["10.1.0.2"])]);
  assert.equal(verdict(two, "db/Pod/pg-1", "10.1.0.1", 6), "allow");
  assert.equal(verdict(two, "db/Pod/pg-1", "fd00::1"), "deny", "pg-1 has no IPv6 address");
  assert.equal(verdict(two, "10.1.0.2", "fd00::1"), "deny", "two addresses of two families");
  assert.equal(verdict(two, "fd00::1", "10.1.0.1"), "allow", "a pod and itself");
});

test("a reason is about the traffic that was asked for: the port of a sidecar is no matter of ICMP (NP-5, NP-11)", () => {
  const ports = [{ name: "side", containerPort: 9000 }];
  const spec = { containers: [], initContainers: [{ name: "s", restartPolicy: "Always", ports }] };
  const metadata = { name: "web", namespace: "db", labels: { index: "0" } };
  const ingress = [{ ports: [{ port: "side" }] }];
  const compiled = compile([
    { apiVersion: "v1", kind: "Pod", metadata, spec },
    { ...SHUT_FIRST, spec: { podSelector: {}, ingress } },
  ]);
  const codes = (port: string): readonly string[] => {
    const ends = { from: "203.0.113.1", to: "db/Pod/web", family: undefined, facts: [] } as const;
    const answer = answerQuestion(compiled, { ...ends, port });
    assert.ok(typeof answer !== "string", JSON.stringify(answer));
    return answer.reasons.map(({ code }) => code);
  };
  assert.deepEqual(codes("tcp/9000"), ["port-name-of-sidecar"]);
  assert.deepEqual(codes("icmp/8"), ["ports-and-icmp"]);
  assert.deepEqual(codes("tcp/9001"), []);
});

test("the address that a pod tells of its node is the listed node, with its labels (CNP-7)", () => {
  const node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n", labels: { zone: "a" } },
    status: { addresses: [{ type: "InternalIP", address: "10.9.0.1" }] },
  };
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "db" },
    spec: { containers: [], nodeName: "n" },
    status: { phase: "Running", podIP: "10.1.0.1", hostIP: "10.9.0.99" },
  };
  const spec = {
    tier: "Admin",
    priority: 0,
    subject: { namespaces: {} },
    egress: [{ action: "Deny", to: [{ nodes: { matchLabels: { zone: "a" } } }] }],
  };
  const apiVersion = "policy.networking.k8s.io/v1alpha2";
  const policy = { apiVersion, kind: "ClusterNetworkPolicy", metadata: { name: "no-a" }, spec };
  const compiled = compile([node, pod, policy]);
  for (const name of ["node/n", "10.9.0.1", "10.9.0.99"]) {
    assert.equal(directoryOf(compiled).find(name)?.id, "node/n", name);
    assert.equal(verdict(compiled, "db/Pod/web", name), "deny", name);
  }
});
