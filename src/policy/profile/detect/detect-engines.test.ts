// The rows of the sheet on CNI detection (compliance.md 1.1.1), each with small manifests of our own.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import {
  type Raw,
  clusterOf,
  configMap,
  daemonSet,
  node,
  object,
} from "../../../../test/raw-objects.ts";
import { detectEngines } from "./detect-engines.ts";

/** `NAME ENFORCEMENT PROFILE` of each engine. */
function summary(objects: readonly Raw[]): readonly string[] {
  return detectEngines(clusterOf(objects)).engines.map(
    ({ name, enforcement, profile }) => `${name} ${enforcement} ${profile ?? "-"}`,
  );
}

const CALICO_NODE = { name: "calico-node", image: "quay.io/calico/node:v3.32.1" };
const FLANNELD = { name: "kube-flannel", image: "ghcr.io/flannel-io/flannel:v0.28.9" };
const CILIUM_AGENT = { name: "cilium-agent", image: "quay.io/cilium/cilium:v1.19.4@sha256:00" };
const CILIUM = daemonSet("kube-system/cilium", [CILIUM_AGENT]);
const cilium = (data: Readonly<Record<string, string>>): readonly Raw[] => [
  CILIUM,
  configMap("kube-system/cilium-config", data),
];
const AWS_NODE = { name: "aws-node", image: "registry.test/amazon-k8s-cni:v1.23.1" };
const awsNode = (flag: string): Raw =>
  daemonSet("kube-system/aws-node", [
    AWS_NODE,
    { name: "aws-eks-nodeagent", image: "registry.test/agent", args: [flag] },
  ]);
const awsConfig = (value: string): Raw =>
  configMap("kube-system/amazon-vpc-cni", { "enable-network-policy-controller": value });
const KINDNET = (image: string, args: readonly string[] = []): Raw =>
  daemonSet("kube-system/kindnet", [{ name: "kindnet-cni", image, args }]);
const SDN = (mode: string): readonly Raw[] => [
  daemonSet("openshift-sdn/sdn", [{ name: "sdn" }]),
  object("operator.openshift.io/v1", "Network", "cluster", {
    spec: { defaultNetwork: { openshiftSDNConfig: { mode } } },
  }),
];
const k3s = (args: readonly string[] | undefined): Raw => {
  const annotations = args === undefined ? {} : { "k3s.io/node-args": JSON.stringify(args) };
  return node({}, { annotations, version: "v1.33.4+k3s1" });
};
const NODE_CLASS = object("eks.amazonaws.com/v1", "NodeClass", "default", {
  spec: { networkPolicy: "DefaultDeny" },
});
const installation = (cni: string): Raw =>
  object("operator.tigera.io/v1", "Installation", "default", { spec: { cni: { type: cni } } });

const CASES: Readonly<Record<string, readonly [readonly Raw[], readonly string[]]>> = {
  "nothing is nothing": [[], []],
  "Calico by its image from a mirror under another name": [
    [daemonSet("net/agent", [{ image: "mirror.test/rancher/mirrored-calico-node:v3.30.0" }])],
    ["calico on calico"],
  ],
  "Calico by its name where the image tells nothing": [
    [daemonSet("calico-system/calico-node", [{ name: "node", image: "mirror.test/x@sha256:1" }])],
    ["calico on calico"],
  ],
  "a name in another namespace and with another image is no agent": [
    [daemonSet("shop/cilium", [{ image: "shop/cilium-dashboard:1" }])],
    [],
  ],
  "Calico's operator is asked to install it": [[installation("Calico")], ["calico on calico"]],
  "Calico with eBPF": [
    [
      daemonSet("kube-system/calico-node", [
        { ...CALICO_NODE, env: [{ name: "FELIX_BPFENABLED", value: "true" }] },
      ]),
    ],
    ["calico on calico-ebpf"],
  ],
  "Calico for policies over the VPC CNI": [
    [installation("AmazonVPC"), awsNode("--enable-network-policy=false"), awsConfig("false")],
    ["calico on calico", "aws-vpc-cni off aws-vpc-cni"],
  ],
  "Calico's configuration without an agent": [
    [configMap("kube-system/calico-config", { cni_network_config: "{}" })],
    ["calico unknown calico"],
  ],
  "Calico whose agents run on no node": [
    [
      daemonSet("calico-system/calico-node", [CALICO_NODE], {
        status: { desiredNumberScheduled: 0 },
      }),
    ],
    ["calico off flannel"],
  ],
  "Cilium with what it is shipped with": [
    cilium({ "enable-policy": "default" }),
    ["cilium on cilium"],
  ],
  "Cilium without configuration": [[CILIUM], ["cilium on cilium"]],
  "Cilium always": [cilium({ "enable-policy": "always" }), ["cilium on cilium"]],
  "Cilium never": [cilium({ "enable-policy": "never" }), ["cilium off cilium"]],
  "Cilium in audit mode": [cilium({ "policy-audit-mode": "true" }), ["cilium audit cilium"]],
  "Cilium without the Kubernetes kind": [
    cilium({ "enable-k8s-networkpolicy": "false" }),
    ["cilium off cilium"],
  ],
  "Cilium told by an argument, which comes first": [
    [
      daemonSet("kube-system/cilium", [{ ...CILIUM_AGENT, args: ["--policy-audit-mode"] }]),
      configMap("kube-system/cilium-config", { "policy-audit-mode": "false" }),
    ],
    ["cilium audit cilium"],
  ],
  "Cilium with another mode on some nodes": [
    [
      ...cilium({ "enable-policy": "default" }),
      object("cilium.io/v2", "CiliumNodeConfig", "some", {
        spec: { defaults: { "enable-policy": "never" } },
      }),
    ],
    ["cilium unknown cilium"],
  ],
  "Cilium's configuration without an agent": [
    [configMap("kube-system/cilium-config", { "enable-policy": "default" })],
    ["cilium unknown cilium"],
  ],
  "Cilium that is disabled by a node selector": [
    [
      daemonSet("kube-system/cilium", [CILIUM_AGENT], {
        spec: { nodeSelector: { "net/cilium": "yes" } },
      }),
      node({ os: "linux" }),
    ],
    ["cilium off flannel"],
  ],
  "Cilium behind the CNI of AWS, which is kept from all nodes": [
    [
      CILIUM,
      daemonSet("kube-system/aws-node", [AWS_NODE], {
        spec: { nodeSelector: { "io.cilium/aws-node-enabled": "true" } },
      }),
      node({ os: "linux" }),
    ],
    ["cilium on cilium", "aws-vpc-cni off aws-vpc-cni"],
  ],
  "Flannel alone": [
    [daemonSet("kube-flannel/kube-flannel-ds", [FLANNELD])],
    ["flannel off flannel"],
  ],
  "Flannel with the policy container": [
    [
      daemonSet("kube-flannel/kube-flannel-ds", [
        FLANNELD,
        { name: "kube-network-policies", image: "registry.test/kube-network-policies:v0.9.0" },
      ]),
    ],
    ["flannel on kube-network-policies"],
  ],
  "Flannel with the policy engine as its own DaemonSet": [
    [
      daemonSet("kube-flannel/kube-flannel-ds", [FLANNELD]),
      daemonSet("kube-system/kube-network-policies", [{ image: "x/kube-network-policies:v1" }]),
    ],
    ["kube-network-policies on kube-network-policies", "flannel off flannel"],
  ],
  "Flannel's configuration without an agent": [
    [configMap("kube-flannel/kube-flannel-cfg", { "net-conf.json": "{}" })],
    ["flannel unknown -"],
  ],
  "Canal by its containers": [
    [daemonSet("kube-system/canal", [CALICO_NODE, FLANNELD])],
    ["canal on calico"],
  ],
  "Canal of RKE2": [
    [
      daemonSet("kube-system/rke2-canal", [
        { name: "calico-node", image: "rancher/hardened-calico:v3.30.0" },
        { name: "kube-flannel", image: "rancher/hardened-flannel:v0.27.0" },
      ]),
    ],
    ["canal on calico"],
  ],
  "Canal's configuration without an agent": [
    [configMap("kube-system/canal-config", {})],
    ["canal unknown calico"],
  ],
  "Weave with its policy container": [
    [daemonSet("kube-system/weave-net", [{ name: "weave" }, { name: "weave-npc" }])],
    ["weave on -"],
  ],
  "Weave without": [
    [daemonSet("kube-system/weave-net", [{ name: "weave" }])],
    ["weave off flannel"],
  ],
  Antrea: [
    [daemonSet("kube-system/antrea-agent", [{ image: "antrea/antrea-agent-ubuntu:v2.4.0" }])],
    ["antrea on antrea"],
  ],
  "Antrea for policies only": [
    [
      daemonSet("kube-system/antrea-agent", [{ name: "antrea-agent" }]),
      configMap("kube-system/antrea-config", {
        "antrea-agent.conf": "trafficEncapMode: networkPolicyOnly",
      }),
      awsNode("--enable-network-policy=false"),
    ],
    ["antrea on antrea", "aws-vpc-cni off aws-vpc-cni"],
  ],
  "kube-router with its firewall": [
    [
      daemonSet("kube-system/kube-router", [
        { image: "cloudnativelabs/kube-router:v2", args: ["--run-firewall=true"] },
      ]),
    ],
    ["kube-router on -"],
  ],
  "kube-router without": [
    [
      daemonSet("kube-system/kube-router", [
        { name: "kube-router", args: ["--run-firewall", "false"] },
      ]),
    ],
    ["kube-router off flannel"],
  ],
  "kube-router that does not say": [
    [daemonSet("kube-system/kube-router", [{ name: "kube-router" }])],
    ["kube-router unknown -"],
  ],
  "AWS with both switches": [
    [awsNode("--enable-network-policy=true"), awsConfig("true")],
    ["aws-vpc-cni on aws-vpc-cni"],
  ],
  "AWS with the argument only": [
    [awsNode("--enable-network-policy=true"), awsConfig("false")],
    ["aws-vpc-cni off aws-vpc-cni"],
  ],
  "AWS with the ConfigMap only": [
    [awsNode("--enable-network-policy=false"), awsConfig("true")],
    ["aws-vpc-cni off aws-vpc-cni"],
  ],
  "AWS with the argument, and the ConfigMap is not among the objects": [
    [awsNode("--enable-network-policy=true")],
    ["aws-vpc-cni unknown aws-vpc-cni"],
  ],
  "AWS without the policy agent": [
    [daemonSet("kube-system/aws-node", [AWS_NODE]), awsConfig("true")],
    ["aws-vpc-cni off aws-vpc-cni"],
  ],
  "EKS Auto Mode with both": [
    [NODE_CLASS, awsConfig("true"), node({ "eks.amazonaws.com/compute-type": "auto" })],
    ["eks-auto-mode on aws-vpc-cni"],
  ],
  "EKS Auto Mode without the controller": [
    [NODE_CLASS, awsConfig("false")],
    ["eks-auto-mode off aws-vpc-cni"],
  ],
  "EKS Auto Mode by its nodes": [
    [node({ "eks.amazonaws.com/compute-type": "auto" })],
    ["eks-auto-mode unknown aws-vpc-cni"],
  ],
  "Azure NPM": [
    [
      daemonSet("kube-system/azure-npm", [
        { image: "mirror.test/containernetworking/azure-npm:v1" },
      ]),
      daemonSet("kube-system/azure-cns", [{ name: "cns-container" }]),
    ],
    ["azure-npm on azure", "azure-cni off flannel"],
  ],
  "Azure CNI with Cilium": [
    [CILIUM, daemonSet("kube-system/azure-cns", [{ name: "cns-container" }])],
    ["cilium on cilium", "azure-cni off flannel"],
  ],
  "Azure with Cilium by its nodes": [
    [node({ "kubernetes.azure.com/ebpf-dataplane": "cilium" })],
    ["cilium on cilium"],
  ],
  "Azure CNI alone": [
    [daemonSet("kube-system/azure-cns", [{ image: "registry.test/azure-cns:v1" }])],
    ["azure-cni off flannel"],
  ],
  "GKE Dataplane V2": [
    [
      daemonSet("kube-system/anetd", [
        { name: "cilium-agent", image: "gke.test/cilium/cilium:v1" },
      ]),
      configMap("kube-system/cilium-config", { "enable-policy": "default" }),
    ],
    ["gke-dataplane-v2 on gke-dataplane-v2"],
  ],
  "OVN-Kubernetes": [
    [daemonSet("openshift-ovn-kubernetes/ovnkube-node", [{}])],
    ["ovn-kubernetes on ovn-kubernetes"],
  ],
  "OVN-Kubernetes by the type of the network": [
    [
      object("config.openshift.io/v1", "Network", "cluster", {
        status: { networkType: "OVNKubernetes" },
      }),
    ],
    ["ovn-kubernetes on ovn-kubernetes"],
  ],
  "OpenShift SDN with policies": [SDN("NetworkPolicy"), ["openshift-sdn on -"]],
  "OpenShift SDN that is flat": [SDN("Subnet"), ["openshift-sdn off flannel"]],
  "OpenShift SDN with its own isolation": [SDN("Multitenant"), ["openshift-sdn unknown -"]],
  "kindnet of kind v0.24.0": [
    [KINDNET("docker.io/kindest/kindnetd:v20240813-c6f155d6")],
    ["kindnet on kube-network-policies"],
  ],
  "kindnet of kind v0.23.0": [
    [KINDNET("docker.io/kindest/kindnetd:v20240513-cd2ac642")],
    ["kindnet off flannel"],
  ],
  "kindnet between the two": [
    [KINDNET("docker.io/kindest/kindnetd:v20240705-00000000")],
    ["kindnet unknown kube-network-policies"],
  ],
  "kindnet without a tag": [
    [KINDNET("kindest/kindnetd")],
    ["kindnet unknown kube-network-policies"],
  ],
  "kindnet under its second name": [
    [KINDNET("registry.test/networking/kindnet:v1.0.0", ["--network-policy=true"])],
    ["kindnet on kube-network-policies"],
  ],
  "kindnet that is told not to": [
    [KINDNET("registry.test/networking/kindnet:v1.0.0", ["--network-policy=false"])],
    ["kindnet off flannel"],
  ],
  k3s: [[k3s(["server", "--disable", "traefik"])], ["k3s on -"]],
  "k3s without policies": [[k3s(["server", "--disable-network-policy"])], ["k3s off flannel"]],
  "k3s that does not tell": [[k3s(undefined)], ["k3s unknown -"]],
  "k3s with Cilium": [
    [k3s(["server", "--flannel-backend=none", "--disable-network-policy"]), CILIUM],
    ["cilium on cilium", "k3s off flannel"],
  ],
  "Kube-OVN": [
    [daemonSet("kube-system/kube-ovn-cni", [{ image: "docker.io/kubeovn/kube-ovn:v1.14.0" }])],
    ["kube-ovn on -"],
  ],
  "a pod of a dump stands for its DaemonSet": [
    [
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: {
          name: "x-1",
          namespace: "kube-system",
          ownerReferences: [{ kind: "DaemonSet", name: "x", controller: true }],
        },
        spec: { containers: [CILIUM_AGENT] },
      },
    ],
    ["cilium on cilium"],
  ],
  "two declarations that contradict each other": [
    [
      awsNode("--enable-network-policy=true"),
      awsNode("--enable-network-policy=false"),
      awsConfig("true"),
    ],
    ["aws-vpc-cni unknown aws-vpc-cni"],
  ],
};

describe("engines are recognised", () => {
  for (const [name, [objects, expected]] of Object.entries(CASES)) {
    test(name, () => assert.deepEqual(summary(objects), expected));
  }
});

test("every engine has a reason, and every reason an object that is there", () => {
  for (const [objects] of Object.values(CASES)) {
    const cluster = clusterOf(objects);
    for (const { evidence } of detectEngines(cluster).engines) {
      assert.notEqual(evidence.length, 0);
      for (const one of evidence) {
        assert.equal(one.origin?.file, "all.ndjson");
        const raw = objects[one.origin.line - 1] as { kind: string; metadata: { name: string } };
        const [kind, named] = one.subject.split("/").slice(-2);
        // A pod's DaemonSet need not be among the objects.
        if (raw.kind !== "Pod") assert.deepEqual([kind, named], [raw.kind, raw.metadata.name]);
        const last = one.path.at(-1);
        if (one.text.startsWith("has `") || one.text.startsWith("runs `")) {
          assert.notEqual(at(raw, one.path), undefined, `${one.subject} ${String(last)}`);
        }
      }
    }
  }
});

function at(raw: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Raw | undefined)?.[key], raw);
}
