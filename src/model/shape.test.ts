import assert from "node:assert/strict";
import { test } from "node:test";

import { createClusterBuilder } from "./cluster-builder.ts";

type Raw = Readonly<Record<string, unknown>>;

/** What is said of one object. */
function said(apiVersion: string, kind: string, more: Raw): readonly string[] {
  const builder = createClusterBuilder();
  const place = { file: "f.yaml", line: 1, start: 0, end: 0 } as const;
  const raw = { apiVersion, kind, metadata: { name: "a" }, ...more };
  builder.add(raw, { ...place, format: "yaml", inside: [] });
  return builder.build().diagnostics.map(({ text }) => text);
}

/** Fields of the wrong type: what is said of each. */
const WRONG: readonly [kind: string, more: Raw, texts: readonly string[]][] = [
  ["v1 Pod", { spec: { containers: "x" } }, ["`containers` must be a list, not `x`"]],
  [
    "v1 Pod",
    { spec: { containers: [null, "x", { ports: [null, {}] }, { ports: "x" }] } },
    [
      "`containerPort` must be a number from 1 to 65535, not `undefined`",
      "`containers[0]` must be an object, not `null`",
      "`containers[1]` must be an object, not `x`",
      "`containers[2].ports[0]` must be an object, not `null`",
      "`containers[3].ports` must be a list, not `x`",
    ],
  ],
  ["v1 Pod", { spec: { nodeName: 5 } }, ["`nodeName` must be text, not `5`: put it in quotes"]],
  ["v1 Pod", { spec: "x" }, ["the pod's `spec` is no object"]],
  [
    "v1 Pod",
    { spec: {}, status: { podIP: 3, podIPs: [{ ip: 4 }, null], phase: [] } },
    [
      "`status.phase` must be text, not `[]`",
      "`status.podIP` must be text, not `3`: put it in quotes",
      "`status.podIPs[0].ip` must be text, not `4`: put it in quotes",
      "`status.podIPs[1]` must be an object, not `null`",
    ],
  ],
  [
    "v1 Pod",
    { metadata: { name: "a", ownerReferences: ["x", { kind: 1 }] }, spec: {} },
    [
      "`metadata.ownerReferences[0]` must be an object, not `x`",
      "`metadata.ownerReferences[1].kind` must be text, not `1`: put it in quotes",
    ],
  ],
  [
    "apps/v1 Deployment",
    { spec: { replicas: "3", template: { spec: { initContainers: {} } } } },
    [
      "`replicas` must be a number, not `3`",
      "`template.spec.initContainers` must be a list, not `{}`",
    ],
  ],
  [
    "apps/v1 Deployment",
    { spec: { template: [] } },
    ["the pod template `spec.template` is no object: add it"],
  ],
  [
    "batch/v1 CronJob",
    { spec: { jobTemplate: "x" } },
    [
      "`jobTemplate` must be an object, not `x`",
      "the pod template `spec.jobTemplate.spec.template` is missing: add it",
    ],
  ],
  [
    "v1 Service",
    { spec: { ports: { a: "b" }, clusterIPs: [1], type: 3 } },
    [
      "`clusterIPs[0]` must be text, not `1`: put it in quotes",
      '`ports` must be a list, not `{"a":"b"}`',
      "`type` must be text, not `3`: put it in quotes",
    ],
  ],
  [
    "discovery.k8s.io/v1 EndpointSlice",
    { endpoints: "x" },
    ["`endpoints` must be a list, not `x`"],
  ],
  [
    "networking.k8s.io/v1 Ingress",
    { spec: { rules: [3] } },
    ["`rules[0]` must be an object, not `3`"],
  ],
  ["v1 Node", { status: { addresses: "x" } }, ["`status.addresses` must be a list, not `x`"]],
  ["v1 ConfigMap", { data: [] }, ["`data` must be an object, not `[]`"]],
  ["v1 Pod", { spec: { containers: null, nodeName: null }, status: null }, []],
];

test("a field of the wrong type is an error, and null is an absent one", () => {
  for (const [kind, more, texts] of WRONG) {
    const [apiVersion = "", name = ""] = kind.split(" ");
    assert.deepEqual(said(apiVersion, name, more), texts, `${kind} ${JSON.stringify(more)}`);
  }
});
