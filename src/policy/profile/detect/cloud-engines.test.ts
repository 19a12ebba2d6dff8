// Descriptions of managed clusters, as kubescape wraps what the clouds' APIs give (compliance.md 1.1.1).
import assert from "node:assert/strict";
import { test } from "node:test";

import { type Raw, clusterOf, object } from "../../../../test/raw-objects.ts";
import { detectEngines } from "./detect-engines.ts";

const describeCluster = (apiVersion: string, data: Raw): Raw =>
  object(apiVersion, "ClusterDescribe", "prod", { data });

const CASES: Readonly<Record<string, readonly [readonly Raw[], readonly string[]]>> = {
  "AKS without policies, as Azure describes it": [
    [
      describeCluster("management.azure.com/v1", {
        properties: { networkProfile: { networkPlugin: "kubenet", networkPolicy: null } },
      }),
    ],
    ["azure-cni off flannel"],
  ],
  "AKS with Calico, as Azure describes it": [
    [
      describeCluster("management.azure.com/v1", {
        properties: { networkProfile: { networkPolicy: "calico" } },
      }),
    ],
    ["calico on calico"],
  ],
  "GKE with Dataplane V2, as Google describes it": [
    [
      describeCluster("container.googleapis.com/v1", {
        network_config: { datapath_provider: "ADVANCED_DATAPATH" },
      }),
    ],
    ["gke-dataplane-v2 on gke-dataplane-v2"],
  ],
  "GKE with the legacy engine": [
    [
      describeCluster("container.googleapis.com/v1", {
        networkPolicy: { enabled: true },
        addonsConfig: { networkPolicyConfig: {} },
      }),
    ],
    ["calico on calico"],
  ],
  "GKE with the legacy engine whose addon is off": [
    [
      describeCluster("container.googleapis.com/v1", {
        networkPolicy: { enabled: true },
        addonsConfig: { networkPolicyConfig: { disabled: true } },
      }),
    ],
    ["gke off flannel"],
  ],
  "EKS Auto Mode, as AWS describes it": [
    [describeCluster("eks.amazonaws.com/v1", { Cluster: { ComputeConfig: { Enabled: true } } })],
    ["eks-auto-mode unknown aws-vpc-cni"],
  ],
};

for (const [name, [objects, expected]] of Object.entries(CASES)) {
  test(name, () => {
    const found = detectEngines(clusterOf(objects)).engines.map(
      (one) => `${one.name} ${one.enforcement} ${one.profile ?? "-"}`,
    );
    assert.deepEqual(found, expected);
  });
}
