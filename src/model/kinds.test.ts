import assert from "node:assert/strict";
import { test } from "node:test";

import { readingOf } from "./kinds.ts";

const TABLE: readonly [apiVersion: string, kind: string, reading: string][] = [
  ["v1", "Pod", "read"],
  ["apps/v1", "Deployment", "read"],
  ["batch/v1", "CronJob", "read"],
  ["networking.k8s.io/v1", "NetworkPolicy", "read"],
  ["policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", "read"],
  ["policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", "read"],
  ["extensions/v1beta1", "Deployment", "read-old"],
  ["batch/v1beta1", "CronJob", "read-old"],
  ["extensions/v1beta1", "NetworkPolicy", "inert"], // NP-13
  ["networking.k8s.io/v1beta1", "Ingress", "inert"],
  ["networking.k8s.io/v2", "NetworkPolicy", "unread"],
  ["policy.networking.k8s.io/v1beta1", "ClusterNetworkPolicy", "unread"],
  ["policy.networking.k8s.io/v1alpha1", "ClusterNetworkPolicy", "unread"],
  ["apps/v9", "Deployment", "unread"],
  ["app/v1", "Deployment", "unread"],
  ["v1", "Deployment", "unread"],
  ["", "NetworkPolicy", "unread"],
  ["projectcalico.org/v3", "NetworkPolicy", "read"],
  ["projectcalico.org/v3", "StagedGlobalNetworkPolicy", "read"],
  ["crd.projectcalico.org/v1", "GlobalNetworkSet", "read"],
  ["crd.projectcalico.org/v1", "FelixConfiguration", "other"],
  ["cilium.io/v2", "CiliumNetworkPolicy", "unread"],
  ["cilium.io/v2", "CiliumEndpoint", "other"],
  ["crd.antrea.io/v1beta1", "ClusterNetworkPolicy", "read"],
  ["k8s.ovn.org/v1", "EgressFirewall", "unread"],
  ["networking.k8s.aws/v1alpha1", "ClusterNetworkPolicy", "unread"],
  ["k8s.cni.cncf.io/v1beta1", "MultiNetworkPolicy", "unread"],
  ["apiextensions.k8s.io/v1", "CustomResourceDefinition", "other"],
  ["serving.knative.dev/v1", "Service", "other"],
  ["example.com/v1", "NetworkPolicy", "other"],
  ["v1", "constructor", "other"],
  ["networking.k8s.io/v1", "networkpolicy", "unread"],
  ["networking.k8s.io/v1", "NetworkPolicies", "unread"],
  ["networking.k8s.io/v1", "NetworkPolicys", "unread"],
  ["networking.k8s.io/v1", "IngressClass", "other"],
  ["policy.networking.k8s.io/v1alpha2", "BaselineNetworkPolicy", "unread"],
  ["v1", "pod", "unread"],
  ["v1", "Pods", "unread"],
  ["v1", "Endpoints", "other"],
  ["v1", "PodTemplate", "other"],
  ["v1", "Event", "other"],
  ["v1", "Secret", "other"],
  ["apps/v1", "deployment", "unread"],
  ["apps/v1", "ControllerRevision", "other"],
  ["rbac.authorization.k8s.io/v1", "Role", "other"],
  ["gateway.networking.k8s.io/v1", "Gateway", "other"],
];

test("the group counts as well as the kind", () => {
  for (const [apiVersion, kind, reading] of TABLE) {
    assert.equal(readingOf(apiVersion, kind).kind, reading, `${apiVersion} ${kind}`);
  }
});
