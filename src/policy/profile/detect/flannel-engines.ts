import type { AgentContainer, Cluster } from "../../../model/index.ts";
import {
  type AgentSignature,
  type FoundAgent,
  agentEvidence,
  containerPath,
  findAgents,
  findConfigMap,
  judgeAgents,
  readKey,
} from "./agents.ts";
import { type DetectedEngine, type Judgement, NOTHING_ENFORCED, profileOf } from "./detection.ts";
import { FLANNEL_IMAGE } from "./flannel-image.ts";

const FLANNEL: AgentSignature = {
  names: ["kube-flannel-ds", "kube-flannel"],
  namespaces: ["kube-flannel", "kube-system"],
  containers: ["kube-flannel"],
  image: FLANNEL_IMAGE,
};

const KUBE_NETWORK_POLICIES: AgentSignature = {
  names: ["kube-network-policies"],
  namespaces: ["kube-system"],
  containers: ["kube-network-policies"],
  image: /(?:^|[/_-])kube-network-policies(?:-[a-z\d]+)?$/u,
};

/** Flannel, which enforces nothing by itself, and kube-network-policies beside it or alone. */
export function findFlannel(cluster: Cluster): readonly DetectedEngine[] {
  // A DaemonSet with Calico's node is Canal.
  const agents = findAgents(cluster, FLANNEL).filter(
    ({ agent }) => !agent.containers.some(({ name }) => name === "calico-node"),
  );
  const engines: DetectedEngine[] = [];
  for (const policed of [true, false]) {
    const found = agents.filter((one) => (findPolicyContainer(one) !== undefined) === policed);
    const judged = judgeAgents(cluster, found, judgeFlannel);
    const profile = policed ? "kube-network-policies" : NOTHING_ENFORCED;
    if (judged !== undefined)
      engines.push({ name: "flannel", profile: profileOf(judged, profile), ...judged });
  }
  if (engines.length === 0) engines.push(...readFlannelConfig(cluster));
  const alone = findAgents(cluster, KUBE_NETWORK_POLICIES).filter(
    ({ workload }) => !agents.some((one) => one.workload === workload),
  );
  const judged = judgeAgents(cluster, alone, () => ({ enforcement: "on", evidence: [] }));
  const name = "kube-network-policies";
  return judged === undefined
    ? engines
    : [...engines, { name, profile: profileOf(judged, name), ...judged }];
}

function findPolicyContainer({ agent }: FoundAgent): AgentContainer | undefined {
  return agent.containers.find(
    ({ name, list }) => list === "containers" && name === "kube-network-policies",
  );
}

function judgeFlannel(found: FoundAgent): Judgement {
  const { workload, agent } = found;
  const container = findPolicyContainer(found);
  const text =
    container === undefined
      ? "has no `kube-network-policies` container: flannel alone enforces nothing"
      : "has the container `kube-network-policies`";
  const path = container === undefined ? agent.path : containerPath(agent, container);
  const enforcement = container === undefined ? "off" : "on";
  return { enforcement, evidence: [agentEvidence(workload, agent, path, text)] };
}

/** The configuration alone: whether a policy container stands beside the daemon is not known. */
function readFlannelConfig(cluster: Cluster): readonly DetectedEngine[] {
  const configMap = findConfigMap(cluster, "kube-flannel-cfg", "kube-flannel");
  const written = configMap === undefined ? undefined : readKey(configMap, "net-conf.json");
  if (written === undefined) return [];
  const text = "is flannel's configuration; no agent of it is among the objects";
  const evidence = [{ ...written.evidence, text }];
  return [{ name: "flannel", profile: undefined, enforcement: "unknown", evidence }];
}
