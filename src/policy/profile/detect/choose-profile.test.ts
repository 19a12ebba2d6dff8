import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { type Raw, clusterOf, daemonSet, node, object } from "../../../../test/raw-objects.ts";
import { choose } from "./choose-profile.ts";
import { detectEngines } from "./detect-engines.ts";

const CALICO_NODE = { name: "calico-node", image: "quay.io/calico/node:v3.32.1" };
const FLANNELD = { name: "kube-flannel", image: "ghcr.io/flannel-io/flannel:v0.28.9" };
const CILIUM = daemonSet("kube-system/cilium", [{ image: "quay.io/cilium/cilium:v1.19.4" }]);
const K3S = node(
  {},
  { annotations: { "k3s.io/node-args": '["server"]' }, version: "v1.33.4+k3s1" },
);
const KNOWN: ReadonlySet<string> = new Set(["kubernetes", "calico", "cilium", "flannel"]);
const CRD = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "x", {
  spec: { group: "cilium.io", names: { kind: "CiliumNetworkPolicy" } },
});
const policy = (apiVersion: string, kind: string): Raw => object(apiVersion, kind, "p");

const CHOICES: Readonly<Record<string, readonly [readonly Raw[], string, RegExp]>> = {
  "without anything": [[], "kubernetes", /^no engine was recognised among the objects$/u],
  "a definition alone decides nothing": [[CRD], "kubernetes", /^no engine was recognised/u],
  "policies of one engine": [
    [policy("cilium.io/v2", "CiliumNetworkPolicy")],
    "cilium",
    /^no engine .* `CiliumNetworkPolicy\/p` is a CiliumNetworkPolicy of cilium\.io$/u,
  ],
  "policies of two engines": [
    [
      policy("cilium.io/v2", "CiliumNetworkPolicy"),
      policy("projectcalico.org/v3", "GlobalNetworkPolicy"),
    ],
    "kubernetes",
    /there are policies of cilium, calico$/u,
  ],
  "the engine comes before the policies": [
    [
      daemonSet("kube-flannel/kube-flannel-ds", [FLANNELD]),
      policy("cilium.io/v2", "CiliumNetworkPolicy"),
    ],
    "flannel",
    /^flannel \(enforces no NetworkPolicy\): `kube-flannel\/DaemonSet\/kube-flannel-ds` runs/u,
  ],
  "a variant without a profile": [
    [
      daemonSet("kube-system/calico-node", [
        { ...CALICO_NODE, env: [{ name: "FELIX_BPFENABLED", value: "true" }] },
      ]),
    ],
    "calico",
    /^calico \(enforces NetworkPolicy\)/u,
  ],
  "an engine without a profile": [
    [K3S],
    "kubernetes",
    /^k3s \(enforces NetworkPolicy\): .*no profile, so the text of the APIs counts$/u,
  ],
  "chained engines": [
    [CILIUM, daemonSet("kube-system/azure-cns", [{ name: "cns-container" }])],
    "cilium",
    /, beside azure-cni \(enforces no NetworkPolicy\)$/u,
  ],
};

describe("a profile is chosen", () => {
  for (const [name, [objects, expected, why]] of Object.entries(CHOICES)) {
    test(name, () => {
      const choice = choose(detectEngines(clusterOf(objects)), KNOWN);
      assert.equal(choice.name, expected);
      assert.match(choice.why, why);
    });
  }
});

test("kinds of policy are told with the number of their objects", () => {
  const objects = [
    CRD,
    object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "y", {
      spec: { group: "k8s.ovn.org", names: { kind: "EgressFirewall" } },
    }),
    policy("cilium.io/v2", "CiliumNetworkPolicy"),
    policy("k8s.ovn.org/v1", "EgressFirewall"),
  ];
  const { kinds } = detectEngines(clusterOf(objects));
  assert.deepEqual(
    kinds.map(({ group, kind, objects: count }) => `${group} ${kind} ${count}`),
    ["cilium.io CiliumNetworkPolicy 1", "k8s.ovn.org EgressFirewall 1"],
  );
  // An object says more than the definition of its kind, whichever is read first.
  assert.deepEqual(
    kinds.map(({ evidence }) => evidence.subject),
    ["CiliumNetworkPolicy/p", "EgressFirewall/p"],
  );
  const defined = detectEngines(clusterOf([CRD])).kinds.map(({ objects: count }) => count);
  assert.deepEqual(defined, [0]);
});
