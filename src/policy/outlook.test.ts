import assert from "node:assert/strict";
import { test } from "node:test";

import { type AddressSet, parseCidr } from "../base/index.ts";
import { createClusterBuilder } from "../model/index.ts";
import { compilePolicies } from "./compile.ts";
import { createOutlook } from "./outlook.ts";
import { PROFILES } from "./profile/profiles.ts";

const ORIGIN = { file: "objects", line: 1, start: 0, end: 0, format: "line", inside: [] } as const;

function covered(
  objects: readonly object[],
  profile: string,
  podRanges?: AddressSet,
): readonly [boolean, boolean] {
  const builder = createClusterBuilder({ podRanges });
  for (const object of objects) builder.add(object, ORIGIN);
  const cluster = builder.build();
  assert.deepEqual(
    cluster.diagnostics.filter(({ severity }) => severity === "error"),
    [],
  );
  const outlook = createOutlook(compilePolicies(cluster, PROFILES[profile]!));
  return [outlook.isCovered("shop", "ingress"), outlook.isCovered("shop", "egress")];
}

let count = 0;

function isolating(podSelector: object, more: object = {}): object {
  const metadata = { name: `p${count++}`, namespace: "shop" };
  const spec = { podSelector, policyTypes: ["Ingress", "Egress"], ...more };
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
}

function denying(...networks: readonly string[]): object {
  const egress = [{ action: "Deny", to: [{ networks }] }];
  const spec = { tier: "Baseline", priority: count++, subject: { namespaces: {} }, egress };
  const metadata = { name: `c${count}` };
  const apiVersion = "policy.networking.k8s.io/v1alpha2";
  return { apiVersion, kind: "ClusterNetworkPolicy", metadata, spec };
}

const where = (operator: string, values?: readonly string[]): object => ({
  matchExpressions: [{ key: "app", operator, ...(values === undefined ? {} : { values }) }],
});

const TABLE: readonly (readonly [string, readonly object[], readonly [boolean, boolean]])[] = [
  ["everything is isolated", [isolating({})], [true, true]],
  ["one label is isolated", [isolating({ matchLabels: { app: "a" } })], [false, false]],
  [
    "two policies leave no label out, though no pod has the label yet",
    [isolating(where("Exists")), isolating(where("DoesNotExist"))],
    [true, true],
  ],
  [
    "values and all others, though no pod has them yet",
    [isolating(where("In", ["a", "b"])), isolating(where("NotIn", ["a", "b"]))],
    [true, true],
  ],
  ["a Baseline Deny of everything", [isolating({}), denying("0.0.0.0/0", "::/0")], [true, true]],
];

test("coverage: whether a new pod starts denied", () => {
  for (const [name, objects, expected] of TABLE) {
    for (const [profile, { switches }] of Object.entries(PROFILES)) {
      const enforced = (objects as readonly { kind: string }[]).filter(({ kind }) =>
        kind === "NetworkPolicy" ? switches.networkPolicies : switches.adminKinds === "all",
      );
      // Where only some count, the table does not say what is left.
      if (enforced.length < objects.length && enforced.length > 0) continue;
      const wanted = enforced.length > 0 ? expected : [false, false];
      assert.deepEqual(covered(objects, profile), wanted, `${profile}: ${name}`);
    }
  }
});

test("coverage: policies of one subject deny everything together, and one half alone does not", () => {
  const both = [isolating({ matchLabels: { app: "a" } }, { policyTypes: ["Ingress"] })];
  both.push(denying("0.0.0.0/0"));
  assert.deepEqual(covered(both, "kubernetes"), [false, false]);
  both.push(denying("::/0"));
  assert.deepEqual(covered(both, "kubernetes"), [false, true]);
});

test("coverage: what is open to a family that no pod can have opens nothing", () => {
  const objects = [isolating({}, { egress: [{ to: [{ ipBlock: { cidr: "::/0" } }] }] })];
  assert.deepEqual(covered(objects, "kubernetes"), [true, false]);
  assert.deepEqual(covered(objects, "kubernetes", [parseCidr("10.0.0.0/8")!]), [true, true]);
  assert.deepEqual(covered(objects, "kubernetes", [parseCidr("fd00::/8")!]), [true, false]);
});
