import { type Cluster, isRaw } from "../../../model/index.ts";
import { CALICO_AGENT, findInstallations, readCalicoConfig } from "../calico-config.ts";
import {
  type FoundAgent,
  findAgents,
  findConfigMap,
  judgeAgents,
  objectEvidence,
  readKey,
  readVariable,
} from "./agents.ts";
import {
  type DetectedEngine,
  type Evidence,
  type Judgement,
  joinJudgements,
  profileOf,
} from "./detection.ts";
import { FLANNEL_IMAGE } from "./flannel-image.ts";

/** Calico and Canal, and the CNI behind which Calico stands where its operator names one. */
export function findCalico(cluster: Cluster): readonly DetectedEngine[] {
  const agents = findAgents(cluster, CALICO_AGENT);
  const canals = agents.filter(isCanal);
  const plain = agents.filter((one) => !isCanal(one));
  const bpf = readCalicoConfig(cluster).bpfEnabled;
  const profile = bpf.value === "yes" ? "calico-ebpf" : "calico";
  const plane = bpf.value === "yes" && bpf.evidence !== undefined ? [bpf.evidence] : [];
  const judge = (one: FoundAgent): Judgement => ({
    enforcement: "on",
    evidence: [...readPolicyOnly(cluster, one), ...plane],
  });
  const canal = judgeAgents(cluster, canals, judge) ?? readCanalConfig(cluster, agents);
  const calico =
    judgeAgents(cluster, plain, judge) ??
    readInstalled(cluster, plane) ??
    readCalicoConfigMap(cluster, canal);
  return [
    ...(canal === undefined
      ? []
      : [{ name: "canal", profile: profileOf(canal, profile), ...canal }]),
    ...(calico === undefined
      ? []
      : [{ name: "calico", profile: profileOf(calico, profile), ...calico }]),
    ...readBehind(cluster),
  ];
}

/** Canal is one DaemonSet with Calico's node and flannel. */
function isCanal({ agent, workload }: FoundAgent): boolean {
  return (
    /^(?:rke2-)?canal$/u.test(workload.name) ||
    agent.containers.some(
      ({ name, image, list }) =>
        list === "containers" && (name === "kube-flannel" || FLANNEL_IMAGE.test(image)),
    )
  );
}

function readPolicyOnly(cluster: Cluster, found: FoundAgent): readonly Evidence[] {
  const { container } = found;
  if (container === undefined) return [];
  const backend = readVariable(cluster, found, container, "CALICO_NETWORKING_BACKEND");
  if (backend?.value !== "none") return [];
  const text = `${backend.evidence.text}: another CNI connects the pods`;
  return [{ ...backend.evidence, text }];
}

/** The operator is asked to install Calico, and its DaemonSet is not among the objects. */
function readInstalled(cluster: Cluster, plane: readonly Evidence[]): Judgement | undefined {
  const installed = findInstallations(cluster).map((one): Judgement => ({
    enforcement: "on",
    evidence: [objectEvidence(one, [], "asks the operator to install Calico"), ...plane],
  }));
  return installed.length === 0 ? undefined : installed.reduce(joinJudgements);
}

/** The configuration alone: whether anything runs by it is not known. */
function readCalicoConfigMap(
  cluster: Cluster,
  canal: Judgement | undefined,
): Judgement | undefined {
  const configMap = canal === undefined ? findConfigMap(cluster, "calico-config") : undefined;
  const written = configMap === undefined ? undefined : readKey(configMap, "cni_network_config");
  return written === undefined
    ? undefined
    : { enforcement: "unknown", evidence: [{ ...written.evidence, text: LONELY }] };
}

function readCanalConfig(cluster: Cluster, agents: readonly FoundAgent[]): Judgement | undefined {
  const configMap = agents.length === 0 ? findConfigMap(cluster, "canal-config") : undefined;
  if (configMap === undefined) return undefined;
  const { namespace, name, origin } = configMap;
  const subject = `${namespace}/ConfigMap/${name}`;
  return { enforcement: "unknown", evidence: [{ text: LONELY, subject, origin, path: [] }] };
}

/** Said of a ConfigMap whose DaemonSet is not among the objects. */
const LONELY = "is the engine's configuration; no agent of it is among the objects";

/** The CNI that connects the pods where Calico's operator is told so: policy-only mode. */
function readBehind(cluster: Cluster): readonly DetectedEngine[] {
  return findInstallations(cluster).flatMap((one) => {
    const { spec } = one.object as { spec?: unknown };
    const cni = isRaw(spec) ? spec["cni"] : undefined;
    const type = isRaw(cni) ? cni["type"] : undefined;
    const behind = typeof type === "string" ? BEHIND[type] : undefined;
    if (behind === undefined) return [];
    const text = `has \`cni.type: ${String(type)}\`: that CNI connects the pods`;
    const evidence = [objectEvidence(one, ["spec", "cni", "type"], text)];
    return [{ ...behind, enforcement: "unknown" as const, evidence }];
  });
}

const BEHIND: Readonly<Record<string, Pick<DetectedEngine, "name" | "profile"> | undefined>> = {
  AmazonVPC: { name: "aws-vpc-cni", profile: "aws-vpc-cni" },
  AzureVNET: { name: "azure-cni", profile: undefined },
  GKE: { name: "gke", profile: undefined },
};
