import type { Cluster } from "../../../model/index.ts";
import {
  ANETD_AGENT,
  CILIUM_AGENT,
  type CiliumConfig,
  readCiliumConfig,
} from "../cilium-config.ts";
import { evidenceOf, findAgents, findConfigMap, judgeAgents } from "./agents.ts";
import {
  type DetectedEngine,
  type Enforcement,
  type Evidence,
  type Judgement,
  NOTHING_ENFORCED,
} from "./detection.ts";

/** Cilium, also inside AKS, and GKE's Dataplane V2, which has Cilium inside. */
export function findCilium(cluster: Cluster): readonly DetectedEngine[] {
  const anetd = judgeAgents(cluster, findAgents(cluster, ANETD_AGENT), () => ({
    enforcement: "on",
    evidence: [],
  }));
  const own = findAgents(cluster, CILIUM_AGENT).filter(({ workload }) => workload.name !== "anetd");
  const config = own.length > 0 || anetd === undefined ? readCiliumConfig(cluster) : undefined;
  const judge = (): Judgement => judgeConfig(config!);
  const cilium =
    judgeAgents(cluster, own, judge) ??
    (anetd === undefined ? (readNodes(cluster, judge) ?? readConfigMap(cluster)) : undefined);
  return [
    ...(anetd === undefined
      ? []
      : [{ name: "gke-dataplane-v2", profile: "gke-dataplane-v2", ...anetd }]),
    ...(cilium === undefined
      ? []
      : [{ name: "cilium", profile: profileOf(cilium, config), ...cilium }]),
  ];
}

/** Agents that run and are told not to enforce NetworkPolicy may enforce Cilium's own kinds; agents that do not run enforce nothing. */
function profileOf({ enforcement }: Judgement, config: CiliumConfig | undefined): string {
  const told = config !== undefined && enforcementOf(config) === "off";
  return enforcement === "off" && !told ? NOTHING_ENFORCED : "cilium";
}

/** Whether agents with this configuration enforce NetworkPolicy. */
function judgeConfig(config: CiliumConfig): Judgement {
  const { policyEnforcementMode, enableK8sNetworkPolicy, auditMode, chainingMode } = config;
  const chained = chainingMode.value === "none" || chainingMode.value === "" ? [] : [chainingMode];
  const settings = [policyEnforcementMode, enableK8sNetworkPolicy, auditMode, ...chained];
  const evidence = settings.flatMap((one): readonly Evidence[] =>
    one.evidence === undefined ? [] : [one.evidence],
  );
  return { enforcement: enforcementOf(config), evidence };
}

function enforcementOf(config: CiliumConfig): Enforcement {
  const { policyEnforcementMode, enableK8sNetworkPolicy, auditMode } = config;
  if (policyEnforcementMode.value === "never" || enableK8sNetworkPolicy.value === "no")
    return "off";
  if (policyEnforcementMode.value === "unclear" || enableK8sNetworkPolicy.value === "unclear") {
    return "unknown";
  }
  return ({ yes: "audit", no: "on", unclear: "unknown" } as const)[auditMode.value];
}

/** AKS tells in its nodes' labels that Cilium is their data plane. */
function readNodes(cluster: Cluster, judge: () => Judgement): Judgement | undefined {
  const label = "kubernetes.azure.com/ebpf-dataplane";
  const node = cluster.nodes.find(({ labels }) => labels[label] === "cilium");
  if (node === undefined) return undefined;
  const text = `has the label \`${label}: cilium\``;
  const { enforcement, evidence } = judge();
  const own = evidenceOf(node, ["metadata", "labels", label], text);
  return { enforcement, evidence: [own, ...evidence] };
}

/** The configuration alone: whether anything runs by it is not known. */
function readConfigMap(cluster: Cluster): Judgement | undefined {
  const configMap = findConfigMap(cluster, "cilium-config");
  if (configMap === undefined) return undefined;
  const { namespace, name, origin } = configMap;
  const text = "is Cilium's configuration; no agent of it is among the objects";
  const subject = `${namespace}/ConfigMap/${name}`;
  return { enforcement: "unknown", evidence: [{ text, subject, origin, path: [] }] };
}
