import type { Cluster } from "../../../model/index.ts";
import { type AgentSignature, findAgents, judgeAgents } from "./agents.ts";
import { type DetectedEngine, profileOf } from "./detection.ts";

const NPM: AgentSignature = {
  names: ["azure-npm"],
  namespaces: ["kube-system"],
  containers: ["azure-npm"],
  image: /(?:^|[/_-])azure-npm$/u,
};

const CNS: AgentSignature = {
  names: ["azure-cns"],
  namespaces: ["kube-system"],
  containers: ["cns-container"],
  image: /(?:^|[/_-])azure-cns$/u,
};

/** Azure's policy manager, and its CNI, which connects pods and enforces nothing. */
export function findAzure(cluster: Cluster): readonly DetectedEngine[] {
  const npm = judgeAgents(cluster, findAgents(cluster, NPM), () => ({
    enforcement: "on",
    evidence: [],
  }));
  const cns = judgeAgents(cluster, findAgents(cluster, CNS), ({ evidence }) => ({
    enforcement: "off",
    evidence: [{ ...evidence, text: "gives pods their addresses and enforces no policy" }],
  }));
  return [
    ...(npm === undefined ? [] : [{ name: "azure-npm", profile: profileOf(npm, "azure"), ...npm }]),
    ...(cns === undefined
      ? []
      : [{ name: "azure-cni", profile: profileOf(cns, undefined), ...cns }]),
  ];
}
