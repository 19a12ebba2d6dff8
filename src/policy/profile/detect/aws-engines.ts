import { type Cluster, type OtherObject, isRaw } from "../../../model/index.ts";
import {
  type AgentSignature,
  type FoundAgent,
  type Written,
  evidenceOf,
  findAgents,
  findConfigMap,
  judgeAgents,
  objectEvidence,
  readFlag,
  readKey,
  readVariable,
} from "./agents.ts";
import type { DetectedEngine, Enforcement, Evidence, Judgement } from "./detection.ts";

const AWS_NODE: AgentSignature = {
  names: ["aws-node"],
  namespaces: ["kube-system"],
  containers: ["aws-node"],
  image: /(?:^|[/_-])amazon-k8s-cni$/u,
};

/** The VPC CNI of AWS and EKS Auto Mode. Both enforce policies only where two places say so, and are shipped with them off. */
export function findAws(cluster: Cluster): readonly DetectedEngine[] {
  const controller = readController(cluster);
  const judged = judgeAgents(cluster, findAgents(cluster, AWS_NODE), (found) =>
    judgeNode(cluster, found, controller),
  );
  const auto = judgeAuto(cluster, controller);
  const profile = "aws-vpc-cni";
  return [
    ...(judged === undefined ? [] : [{ name: profile, profile, ...judged }]),
    ...(auto === undefined ? [] : [{ name: "eks-auto-mode", profile, ...auto }]),
  ];
}

/** `enable-network-policy-controller` of `amazon-vpc-cni`: without the controller no agent is told of a policy. */
function readController(cluster: Cluster): Written | undefined {
  const configMap = findConfigMap(cluster, "amazon-vpc-cni");
  return configMap === undefined
    ? undefined
    : readKey(configMap, "enable-network-policy-controller");
}

function judgeNode(
  cluster: Cluster,
  found: FoundAgent,
  controller: Written | undefined,
): Judgement {
  const { agent, container } = found;
  const policies = agent.containers.find(
    ({ name, image }) => name === "aws-eks-nodeagent" || NODE_AGENT_IMAGE.test(image),
  );
  const flag =
    policies === undefined ? undefined : readFlag(found, policies, "enable-network-policy");
  const none: Evidence = { ...found.evidence, text: "has no container of the policy agent" };
  const mode =
    container === undefined
      ? undefined
      : readVariable(cluster, found, container, "NETWORK_POLICY_ENFORCING_MODE");
  const enforcement = policies === undefined ? "off" : both(flag?.value, controller?.value);
  const evidence = [
    ...(policies === undefined ? [none] : []),
    ...(flag === undefined ? [] : [flag.evidence]),
    ...(controller === undefined ? [] : [controller.evidence]),
    // In the mode `standard` a new pod is open until its policies have reached the node.
    ...(enforcement === "on" && mode !== undefined ? [mode.evidence] : []),
  ];
  return { enforcement, evidence };
}

const NODE_AGENT_IMAGE = /aws-network-policy-agent(?:[:@]|$)/u;

/** On only where both are `true`, off where one is known not to be. */
function both(flag: string | undefined, controller: string | undefined): Enforcement {
  if (flag === "true" && controller === "true") return "on";
  return isOff(flag) || isOff(controller) ? "off" : "unknown";
}

function isOff(value: string | undefined): boolean {
  return value !== undefined && value !== "true";
}

/** EKS Auto Mode runs the agent outside the cluster's objects: its NodeClass says whether. */
function judgeAuto(cluster: Cluster, controller: Written | undefined): Judgement | undefined {
  const classes = cluster.others.filter(
    ({ kind, apiVersion }) => kind === "NodeClass" && apiVersion.startsWith("eks.amazonaws.com/"),
  );
  const label = "eks.amazonaws.com/compute-type";
  const node = cluster.nodes.find(({ labels }) => labels[label] === "auto");
  if (classes.length === 0 && node === undefined) return undefined;
  const policies = classes.map(readNodeClass);
  const evidence = [
    ...(node === undefined
      ? []
      : [evidenceOf(node, ["metadata", "labels", label], `has the label \`${label}: auto\``)]),
    ...policies.map((one) => one.evidence),
    ...(controller === undefined ? [] : [controller.evidence]),
  ];
  const known = policies.length > 0 && policies.every(({ value }) => value);
  return { enforcement: both(known ? "true" : undefined, controller?.value), evidence };
}

function readNodeClass(object: OtherObject): {
  readonly value: boolean;
  readonly evidence: Evidence;
} {
  const { spec } = object.object as { spec?: unknown };
  const policy = isRaw(spec) ? spec["networkPolicy"] : undefined;
  const value = policy === "DefaultAllow" || policy === "DefaultDeny";
  const text = value ? `has \`networkPolicy: ${policy}\`` : "does not set `networkPolicy`";
  return { value, evidence: objectEvidence(object, ["spec", "networkPolicy"], text) };
}
