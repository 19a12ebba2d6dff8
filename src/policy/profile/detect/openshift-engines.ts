import { shown } from "../../../base/index.ts";
import { type Cluster, type OtherObject, isRaw } from "../../../model/index.ts";
import { type AgentSignature, findAgents, judgeAgents, objectEvidence } from "./agents.ts";
import {
  type DetectedEngine,
  type Enforcement,
  type Evidence,
  type Judgement,
  profileOf,
} from "./detection.ts";

const OVN: AgentSignature = {
  names: ["ovnkube-node"],
  namespaces: ["openshift-ovn-kubernetes", "ovn-kubernetes"],
  containers: ["ovnkube-node", "ovnkube-controller"],
  image: /(?:^|[/_-])ovn-kubernetes[/_-]+ovn-kube(?:-[a-z]+)?$/u,
};

const SDN: AgentSignature = {
  names: ["sdn"],
  namespaces: ["openshift-sdn"],
  containers: [],
  image: /(?!)/u,
};

/** OVN-Kubernetes and the old SDN of OpenShift, by their agents or by what OpenShift's own objects say. */
export function findOpenShift(cluster: Cluster): readonly DetectedEngine[] {
  const type = readNetworkType(cluster);
  const ovn =
    judgeAgents(cluster, findAgents(cluster, OVN), () => ({ enforcement: "on", evidence: [] })) ??
    (type?.value === "OVNKubernetes"
      ? { enforcement: "on", evidence: [type.evidence] }
      : undefined);
  const mode = readSdnMode(cluster);
  const sdn =
    judgeAgents(cluster, findAgents(cluster, SDN), () => mode) ??
    (type?.value === "OpenShiftSDN"
      ? { ...mode, evidence: [type.evidence, ...mode.evidence] }
      : undefined);
  return [
    ...(ovn === undefined
      ? []
      : [{ name: "ovn-kubernetes", profile: profileOf(ovn, "ovn-kubernetes"), ...ovn }]),
    ...(sdn === undefined
      ? []
      : [{ name: "openshift-sdn", profile: profileOf(sdn, undefined), ...sdn }]),
  ];
}

function readNetworkType(
  cluster: Cluster,
): { readonly value: string; readonly evidence: Evidence } | undefined {
  const network = findNetwork(cluster, "config.openshift.io/");
  const value = network === undefined ? undefined : at(network.object, ["status", "networkType"]);
  if (network === undefined || typeof value !== "string") return undefined;
  const text = `has ${shown(`networkType: ${value}`)}`;
  return { value, evidence: objectEvidence(network, ["status", "networkType"], text) };
}

/** Only the mode `NetworkPolicy` enforces policies. `Multitenant` isolates namespaces in its own way, which has no profile. */
function readSdnMode(cluster: Cluster): Judgement {
  const path = ["spec", "defaultNetwork", "openshiftSDNConfig", "mode"];
  const network = findNetwork(cluster, "operator.openshift.io/");
  const value = network === undefined ? undefined : at(network.object, path);
  if (network === undefined || typeof value !== "string") {
    return { enforcement: "unknown", evidence: [] };
  }
  const modes: Readonly<Record<string, Enforcement>> = { NetworkPolicy: "on", Subnet: "off" };
  const evidence = [objectEvidence(network, path, `has ${shown(`mode: ${value}`)}`)];
  return { enforcement: modes[value] ?? "unknown", evidence };
}

function findNetwork(cluster: Cluster, group: string): OtherObject | undefined {
  return cluster.others.find(
    ({ kind, name, apiVersion }) =>
      kind === "Network" && name === "cluster" && apiVersion.startsWith(group),
  );
}

function at(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isRaw(value) ? value[key] : undefined), object);
}
