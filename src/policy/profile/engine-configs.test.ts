// The configuration of engines, from whatever place they take it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import {
  type Raw,
  clusterOf,
  configMap,
  daemonSet,
  object as plain,
} from "../../../test/raw-objects.ts";
import { readAntreaConfig } from "./antrea-config.ts";
import { readCalicoConfig } from "./calico-config.ts";
import { readCiliumConfig } from "./cilium-config.ts";
import type { Setting } from "./setting.ts";

/** An object that says something in its spec. */
const object = (apiVersion: string, kind: string, name: string, spec: Raw): Raw =>
  plain(apiVersion, kind, name, { spec });

/** The settings that are not as without any object. */
function changes(config: object, without: object): Raw {
  const before = without as Readonly<Record<string, Setting<unknown>>>;
  const values = Object.entries(config as Readonly<Record<string, Setting<unknown>>>)
    .filter(([key]) => key !== "version")
    .map(([key, { value, evidence }]): [string, unknown, boolean] => [
      key,
      value,
      evidence !== undefined,
    ])
    .filter(([key, value, isWritten]) => {
      const same = JSON.stringify(value) === JSON.stringify(before[key]?.value);
      assert.ok(same || isWritten || key === "defaultLocalCluster" || key.startsWith("defaultEnd"));
      return !same;
    });
  return Object.fromEntries(values.map(([key, value]) => [key, value]));
}

const NOTHING = clusterOf([]);
const cilium = (image: string, args: readonly string[] = []): Raw =>
  daemonSet("kube-system/cilium", [{ name: "cilium-agent", image, args }]);

const CILIUM: Readonly<Record<string, readonly [readonly Raw[], Raw]>> = {
  "1.19 means its own cluster": [
    [cilium("x/cilium/cilium:v1.19.0")],
    { defaultLocalCluster: "yes" },
  ],
  "1.18 means all clusters": [
    [cilium("x/cilium/cilium:v1.18.12-rc.1")],
    { defaultLocalCluster: "no" },
  ],
  "what cilium-config says": [
    [
      configMap("kube-system/cilium-config", {
        "enable-policy": "always",
        "policy-audit-mode": "true",
        "enable-k8s-networkpolicy": "false",
        "policy-cidr-match-mode": "nodes",
        "enable-host-firewall": "true",
        labels: "k8s:app k8s:io\\.kubernetes\\.pod\\.namespace !k8s:tmp",
        "allow-localhost": "policy",
        "enable-node-selector-labels": "true",
        "policy-default-local-cluster": "true",
        "enable-non-default-deny-policies": "false",
        "enable-l7-proxy": "false",
        "cni-chaining-mode": "aws-cni",
        "kube-proxy-replacement": "true",
        "cluster-name": "west",
      }),
    ],
    {
      policyEnforcementMode: "always",
      auditMode: "yes",
      enableK8sNetworkPolicy: "no",
      cidrMatchModeNodes: "yes",
      hostFirewall: "yes",
      labelPrefixes: ["k8s:app", "k8s:io\\.kubernetes\\.pod\\.namespace", "!k8s:tmp"],
      allowLocalhost: "policy",
      enableNodeSelectorLabels: "yes",
      defaultLocalCluster: "yes",
      nonDefaultDeny: "no",
      l7Proxy: "no",
      chainingMode: "aws-cni",
      kubeProxyReplacement: "true",
      clusterName: "west",
    },
  ],
  "an argument comes before cilium-config": [
    [
      cilium("cilium/cilium", ["--enable-policy=never", "--enable-host-firewall"]),
      configMap("kube-system/cilium-config", {
        "enable-policy": "always",
        "enable-host-firewall": "false",
      }),
    ],
    { policyEnforcementMode: "never", hostFirewall: "yes" },
  ],
  "what nobody can read is unclear": [
    [
      configMap("kube-system/cilium-config", {
        "enable-policy": "sometimes",
        "policy-audit-mode": "on",
        "policy-cidr-match-mode": "pods",
      }),
    ],
    { policyEnforcementMode: "unclear", auditMode: "unclear", cidrMatchModeNodes: "unclear" },
  ],
  "what some nodes have otherwise is unclear": [
    [
      object("cilium.io/v2", "CiliumNodeConfig", "some", {
        defaults: { "enable-host-firewall": "true" },
      }),
    ],
    { hostFirewall: "unclear" },
  ],
};

describe("the configuration of Cilium", () => {
  for (const [name, [objects, expected]] of Object.entries(CILIUM)) {
    test(name, () => {
      const config = readCiliumConfig(clusterOf(objects));
      assert.deepEqual(changes(config, readCiliumConfig(NOTHING)), expected);
    });
  }
});

const calico = (env: readonly Raw[]): Raw =>
  daemonSet("kube-system/calico-node", [
    { name: "calico-node", image: "calico/node:v3.32.1", env },
  ]);
const felix = (name: string, spec: Raw): Raw =>
  object("projectcalico.org/v3", "FelixConfiguration", name, spec);

const CALICO: Readonly<Record<string, readonly [readonly Raw[], Raw]>> = {
  "Felix that is not told": [[calico([])], { defaultEndpointToHostAction: "Drop" }],
  "the object `default`": [
    [
      felix("default", {
        bpfEnabled: true,
        defaultEndpointToHostAction: "Accept",
        allowVXLANPacketsFromWorkloads: true,
        allowIPIPPacketsFromWorkloads: true,
        failsafeInboundHostPorts: [
          { protocol: "udp", port: 68 },
          { port: 22, net: "192.0.2.0/24" },
        ],
        failsafeOutboundHostPorts: [],
      }),
    ],
    {
      bpfEnabled: "yes",
      defaultEndpointToHostAction: "Accept",
      allowVxlanPacketsFromWorkloads: "yes",
      allowIpipPacketsFromWorkloads: "yes",
      failsafeInbound: [
        { protocol: "UDP", port: 68 },
        { protocol: "TCP", port: 22, net: "192.0.2.0/24" },
      ],
      failsafeOutbound: [],
    },
  ],
  "the environment comes first, also from a ConfigMap": [
    [
      calico([
        { name: "FELIX_DEFAULTENDPOINTTOHOSTACTION", value: "ACCEPT" },
        {
          name: "FELIX_BPFENABLED",
          valueFrom: { configMapKeyRef: { name: "calico-config", key: "bpf" } },
        },
        { name: "FELIX_FAILSAFEINBOUNDHOSTPORTS", value: "none" },
        { name: "FELIX_FAILSAFEOUTBOUNDHOSTPORTS", value: "udp:53,tcp:192.0.2.0/24:6443,179" },
      ]),
      configMap("kube-system/calico-config", { bpf: "true" }),
      felix("default", { bpfEnabled: false, failsafeInboundHostPorts: [{ port: 22 }] }),
    ],
    {
      defaultEndpointToHostAction: "Accept",
      bpfEnabled: "yes",
      failsafeInbound: [],
      failsafeOutbound: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 6443, net: "192.0.2.0/24" },
        { protocol: "TCP", port: 179 },
      ],
    },
  ],
  "what one node has otherwise is unclear": [
    [felix("node.a", { bpfEnabled: true, failsafeInboundHostPorts: [] })],
    { bpfEnabled: "unclear", failsafeInbound: "unclear" },
  ],
  "what nobody can read is unclear": [
    [felix("default", { failsafeInboundHostPorts: [{ port: "ssh" }] })],
    { failsafeInbound: "unclear" },
  ],
  "the data plane that the operator is asked for": [
    [
      object("operator.tigera.io/v1", "Installation", "default", {
        calicoNetwork: { linuxDataplane: "BPF" },
      }),
    ],
    { bpfEnabled: "yes" },
  ],
};

describe("the configuration of Calico", () => {
  for (const [name, [objects, expected]] of Object.entries(CALICO)) {
    test(name, () => {
      const config = readCalicoConfig(clusterOf(objects));
      const found = changes(config, readCalicoConfig(NOTHING));
      assert.deepEqual(JSON.parse(JSON.stringify(found)), expected);
    });
  }
});

const antrea = (agent: string, controller: string = "featureGates:\n"): readonly Raw[] => [
  configMap("kube-system/antrea-config-a1b2", {
    "antrea-agent.conf": agent,
    "antrea-controller.conf": controller,
  }),
];

const ANTREA: Readonly<Record<string, readonly [readonly Raw[], Raw]>> = {
  "lines that are comments say nothing": [
    antrea(
      "featureGates:\n#  AntreaPolicy: false\n  # L7NetworkPolicy: true\nantreaProxy:\n  #enable: false\n",
    ),
    {},
  ],
  "gates of one program": [
    antrea(
      "featureGates:\n  NodeNetworkPolicy: true # alpha\n",
      "featureGates:\n  AntreaPolicy: false\n",
    ),
    { antreaPolicy: "no", nodeNetworkPolicy: "yes" },
  ],
  "a gate that both programs must have": [antrea("featureGates:\n  L7NetworkPolicy: true\n"), {}],
  "and have": [
    antrea("featureGates:\n  L7NetworkPolicy: true\n", "featureGates:\n  L7NetworkPolicy: true\n"),
    { l7NetworkPolicy: "yes" },
  ],
  "all gates of a stage": [
    antrea(
      "featureGates:\n  AllAlpha: true\n  NodeNetworkPolicy: false\n",
      "featureGates:\n  AllAlpha: true\n",
    ),
    { l7NetworkPolicy: "yes" },
  ],
  "the proxy and the mode": [
    antrea('antreaProxy:\n  enable: false\ntrafficEncapMode: "networkPolicyOnly"\n'),
    { antreaProxy: "no", trafficEncapMode: "networkPolicyOnly" },
  ],
};

describe("the configuration of Antrea", () => {
  for (const [name, [objects, expected]] of Object.entries(ANTREA)) {
    test(name, () => {
      const config = readAntreaConfig(clusterOf(objects));
      assert.deepEqual(changes(config, readAntreaConfig(NOTHING)), expected);
    });
  }
});
