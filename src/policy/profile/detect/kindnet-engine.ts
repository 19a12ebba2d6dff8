import type { Cluster } from "../../../model/index.ts";
import {
  type AgentSignature,
  type FoundAgent,
  findAgents,
  judgeAgents,
  readFlag,
  tagOf,
} from "./agents.ts";
import { type DetectedEngine, type Judgement, profileOf } from "./detection.ts";

/** kind's image is `kindest/kindnetd` with a date, the project's own `networking/kindnet` with a version. */
const KINDNET: AgentSignature = {
  names: ["kindnet"],
  namespaces: ["kube-system"],
  containers: ["kindnet-cni"],
  image: /(?:^|[/_-])(?:kindest[/_-]+kindnetd|networking[/_-]+kindnet|aojea[/_-]+kindnetd?)$/u,
};

/** Kindnet, which has the engine of kube-network-policies inside. */
export function findKindnet(cluster: Cluster): readonly DetectedEngine[] {
  const judged = judgeAgents(cluster, findAgents(cluster, KINDNET), judgeKindnet);
  return judged === undefined
    ? []
    : [{ name: "kindnet", profile: profileOf(judged, "kube-network-policies"), ...judged }];
}

function judgeKindnet(found: FoundAgent): Judgement {
  const { container, evidence } = found;
  const flag = container === undefined ? undefined : readFlag(found, container, "network-policy");
  if (flag?.value === "false") return { enforcement: "off", evidence: [flag.evidence] };
  const age = container === undefined ? "unknown" : enforcementOf(container.image);
  const text = {
    on: "is a version that enforces NetworkPolicy",
    off: "is older than kind v0.24.0: it does not know NetworkPolicy",
    unknown: "does not tell whether its version enforces NetworkPolicy",
  }[age];
  return {
    enforcement: age,
    evidence: [...(flag === undefined ? [] : [flag.evidence]), { ...evidence, text }],
  };
}

/** Since kindnetd of August 2024, which came with kind v0.24.0 (v0.23.0 had that of 2024-05-13), since kindnet v1.3.0 of its author, and in all versions of the project's own image. */
function enforcementOf(image: string): "on" | "off" | "unknown" {
  const tag = tagOf(image);
  const date = Number(/^v(\d{8})(?:-|$)/u.exec(tag)?.[1] ?? Number.NaN);
  if (!Number.isNaN(date))
    return date >= 20_240_801 ? "on" : date <= 20_240_513 ? "off" : "unknown";
  const version = /^v(\d+)\.(\d+)/u.exec(tag);
  if (version === null) return "unknown";
  if (/networking[/_-]+kindnet[:@]/u.test(image)) return "on";
  const [major, minor] = [Number(version[1]), Number(version[2])];
  return major > 1 || (major === 1 && minor >= 3) ? "on" : "unknown";
}
