import type { Cluster } from "../../../model/index.ts";
import { ANTREA_AGENT, findAntreaConfig, readAntreaConfig } from "../antrea-config.ts";
import {
  type AgentSignature,
  type FoundAgent,
  agentEvidence,
  containerPath,
  findAgents,
  judgeAgents,
  readFlag,
} from "./agents.ts";
import { type DetectedEngine, type Judgement, profileOf } from "./detection.ts";

const WEAVE: AgentSignature = {
  names: ["weave-net"],
  namespaces: ["kube-system"],
  containers: ["weave"],
  image: /(?:^|[/_-])weave-(?:kube|npc)$/u,
};

const KUBE_ROUTER: AgentSignature = {
  names: ["kube-router"],
  namespaces: ["kube-system"],
  containers: ["kube-router"],
  image: /(?:^|[/_-])cloudnativelabs[/_-]+kube-router$/u,
};

const KUBE_OVN: AgentSignature = {
  names: ["kube-ovn-cni", "ovs-ovn"],
  namespaces: ["kube-system"],
  containers: ["cni-server"],
  image: /(?:^|[/_-])kubeovn[/_-]+kube-ovn$/u,
};

/** Engines that are one DaemonSet and have no relatives: Antrea, Weave, kube-router, Kube-OVN. */
export function findSingles(cluster: Cluster): readonly DetectedEngine[] {
  const weave = judgeAgents(cluster, findAgents(cluster, WEAVE), judgeWeave);
  const router = judgeAgents(cluster, findAgents(cluster, KUBE_ROUTER), judgeRouter);
  const ovn = judgeAgents(cluster, findAgents(cluster, KUBE_OVN), () => ON);
  return [
    ...findAntrea(cluster),
    ...engine("weave", weave),
    ...engine("kube-router", router),
    ...engine("kube-ovn", ovn),
  ];
}

const ON: Judgement = { enforcement: "on", evidence: [] };

/** Of these nobody has read how they enforce; that they do not is known. */
function engine(name: string, judged: Judgement | undefined): readonly DetectedEngine[] {
  if (judged === undefined) return [];
  return [{ name, profile: profileOf(judged, undefined), ...judged }];
}

function findAntrea(cluster: Cluster): readonly DetectedEngine[] {
  const { trafficEncapMode } = readAntreaConfig(cluster);
  const chained =
    trafficEncapMode.value === "networkPolicyOnly" ? trafficEncapMode.evidence : undefined;
  const judge = (): Judgement => ({ ...ON, evidence: chained === undefined ? [] : [chained] });
  const judged =
    judgeAgents(cluster, findAgents(cluster, ANTREA_AGENT), judge) ?? readConfigMap(cluster);
  return judged === undefined
    ? []
    : [{ name: "antrea", profile: profileOf(judged, "antrea"), ...judged }];
}

/** The configuration alone: whether anything runs by it is not known. */
function readConfigMap(cluster: Cluster): Judgement | undefined {
  const configMap = findAntreaConfig(cluster);
  if (configMap === undefined) return undefined;
  const { namespace, name, origin } = configMap;
  const text = "is Antrea's configuration; no agent of it is among the objects";
  const subject = `${namespace}/ConfigMap/${name}`;
  return { enforcement: "unknown", evidence: [{ text, subject, origin, path: [] }] };
}

/** Weave enforces by a second container. */
function judgeWeave({ workload, agent }: FoundAgent): Judgement {
  const npc = agent.containers.find(
    ({ name, image }) => name === "weave-npc" || /weave-npc(?:[:@]|$)/u.test(image),
  );
  const text = npc === undefined ? "has no container `weave-npc`" : "has the container `weave-npc`";
  const path = npc === undefined ? agent.path : containerPath(agent, npc);
  const enforcement = npc === undefined ? "off" : "on";
  return { enforcement, evidence: [agentEvidence(workload, agent, path, text)] };
}

/** What it does without the flag has not been read. */
function judgeRouter(found: FoundAgent): Judgement {
  const { container } = found;
  const flag = container === undefined ? undefined : readFlag(found, container, "run-firewall");
  if (flag === undefined) return { enforcement: "unknown", evidence: [] };
  return { enforcement: flag.value === "true" ? "on" : "off", evidence: [flag.evidence] };
}
