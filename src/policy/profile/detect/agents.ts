import { shown } from "../../../base/index.ts";
import type {
  AgentContainer,
  Cluster,
  ConfigMap,
  NodeAgent,
  Origin,
  OtherObject,
  Path,
  Workload,
} from "../../../model/index.ts";
import { type Evidence, type Judgement, joinJudgements } from "./detection.ts";

/** How the DaemonSet of an engine is recognised: by an image, whatever mirror it comes from, or by its name in its own place. */
export interface AgentSignature {
  readonly names: readonly string[];
  readonly namespaces: readonly string[];
  readonly containers: readonly string[];
  /** Matched against an image without its tag: the end of the repository. Mirrors write `/` as `-` or `_`. */
  readonly image: RegExp;
}

/** A DaemonSet that fits a signature. */
export interface FoundAgent {
  readonly workload: Workload;
  readonly agent: NodeAgent;
  /** The container that fits, if one does. */
  readonly container: AgentContainer | undefined;
  readonly evidence: Evidence;
}

/** The DaemonSets that fit a signature, in the order of their ids. */
export function findAgents(cluster: Cluster, signature: AgentSignature): readonly FoundAgent[] {
  return cluster.workloads.flatMap((workload) => {
    const { agent } = workload;
    if (agent === undefined) return [];
    const running = agent.containers.filter(({ list }) => list === "containers");
    const byImage = running.find(({ image }) => signature.image.test(repositoryOf(image)));
    const byName = running.find(({ name }) => signature.containers.includes(name));
    const named =
      signature.names.includes(workload.name) &&
      (byName !== undefined || signature.namespaces.includes(workload.namespace));
    if (byImage === undefined && !named) return [];
    const container = byImage ?? byName;
    const evidence =
      byImage === undefined
        ? agentEvidence(workload, agent, [], "has the name of the engine's agent")
        : agentEvidence(
            workload,
            agent,
            containerPath(agent, byImage, ["image"]),
            `runs ${shown(tailOf(byImage.image))}`,
          );
    return [{ workload, agent, container, evidence }];
  });
}

/** Judges the agents that were found as one engine. An agent that no node runs counts only where no other runs. */
export function judgeAgents(
  cluster: Cluster,
  found: readonly FoundAgent[],
  judge: (found: FoundAgent) => Judgement,
): Judgement | undefined {
  const idle: Judgement[] = [];
  const running: Judgement[] = [];
  for (const one of found) {
    const stopped = whyStopped(cluster, one);
    if (stopped !== undefined) {
      idle.push({ enforcement: "off", evidence: [one.evidence, stopped] });
      continue;
    }
    const { enforcement, evidence } = judge(one);
    const whole = [one.evidence, ...evidence];
    if (!one.agent.disputed) running.push({ enforcement, evidence: whole });
    else {
      const text = "is declared twice, with other containers: which of them runs is not known";
      const disputed = agentEvidence(one.workload, one.agent, [], text);
      running.push({ enforcement: "unknown", evidence: [...whole, disputed] });
    }
  }
  const counted = running.length > 0 ? running : idle;
  return counted.length === 0 ? undefined : counted.reduce(joinJudgements);
}

/** Why no node runs an agent, as its status or its node selector tells. */
function whyStopped(cluster: Cluster, { workload, agent }: FoundAgent): Evidence | undefined {
  if (agent.desired === 0) {
    return agentEvidence(workload, agent, [], "runs on no node, as its status tells");
  }
  const wanted = Object.entries(agent.nodeSelector);
  if (agent.desired !== undefined || wanted.length === 0 || cluster.nodes.length === 0) {
    return undefined;
  }
  const fits = cluster.nodes.some(({ labels }) =>
    wanted.every(([key, value]) => labels[key] === value),
  );
  if (fits) return undefined;
  const path = [...agent.path, "nodeSelector"];
  return agentEvidence(workload, agent, path, "runs on no node: none has the labels it asks for");
}

/** What a DaemonSet says. */
export function agentEvidence(
  { id }: Workload,
  { origin }: NodeAgent,
  path: Path,
  text: string,
): Evidence {
  return { text, subject: id, origin, path };
}

/** Where a field of a container stands. */
export function containerPath(
  agent: NodeAgent,
  { list, index }: AgentContainer,
  path: Path = [],
): Path {
  return [...agent.path, list, index, ...path];
}

/** A value that is written down, and where. */
export interface Written {
  readonly value: string;
  readonly evidence: Evidence;
}

/** The value of `--NAME=VALUE`, `--NAME VALUE` or `--NAME` (then `true`) of a container; the last counts. */
export function readFlag(
  { workload, agent }: Pick<FoundAgent, "workload" | "agent">,
  container: AgentContainer,
  name: string,
): Written | undefined {
  const lists = [
    ["command", container.command],
    ["args", container.args],
  ] as const;
  for (const [list, words] of lists.toReversed()) {
    for (let at = words.length - 1; at >= 0; at--) {
      const [flag, ...rest] = words[at]!.split("=");
      if (flag !== `--${name}` && flag !== `-${name}`) continue;
      const next = words[at + 1];
      const separate = next === undefined || next.startsWith("-") ? "true" : next;
      const value = rest.length > 0 ? rest.join("=") : separate;
      const path = containerPath(agent, container, [list, at]);
      const text = `has ${shown(`--${name}=${value}`)}`;
      return { value, evidence: agentEvidence(workload, agent, path, text) };
    }
  }
  return undefined;
}

/** The value of a variable of a container, also where a ConfigMap of the same namespace has it. */
export function readVariable(
  cluster: Cluster,
  { workload, agent }: Pick<FoundAgent, "workload" | "agent">,
  container: AgentContainer,
  name: string,
): Written | undefined {
  const at = container.env.findLastIndex((one) => one.name === name);
  const variable = container.env[at];
  if (variable?.value !== undefined) {
    const path = containerPath(agent, container, ["env", at]);
    const text = `has ${shown(`${name}=${variable.value}`)}`;
    return { value: variable.value, evidence: agentEvidence(workload, agent, path, text) };
  }
  const { configMap } = variable ?? {};
  if (configMap === undefined) return undefined;
  const found = cluster.configMaps.find(
    (one) => one.name === configMap.name && one.namespace === workload.namespace,
  );
  return found === undefined ? undefined : readKey(found, configMap.key);
}

/** The value of a ConfigMap's key. */
export function readKey(configMap: ConfigMap, key: string): Written | undefined {
  if (!Object.hasOwn(configMap.data, key)) return undefined;
  const value = configMap.data[key]!;
  const { namespace, name, origin } = configMap;
  const subject = `${namespace}/ConfigMap/${name}`;
  return {
    value,
    evidence: { text: `has ${shown(`${key}: ${value}`)}`, subject, origin, path: ["data", key] },
  };
}

/** A ConfigMap by its name; with several of that name the one of `namespace`, else the first. */
export function findConfigMap(
  cluster: Cluster,
  name: string,
  namespace: string | undefined = "kube-system",
): ConfigMap | undefined {
  const named = cluster.configMaps.filter((one) => one.name === name);
  return named.find((one) => one.namespace === namespace) ?? named[0];
}

/** What an object that nothing interprets says. */
export function objectEvidence(object: OtherObject, path: Path, text: string): Evidence {
  const { kind, namespace, name, origin } = object;
  const subject = namespace === undefined ? `${kind}/${name}` : `${namespace}/${kind}/${name}`;
  return { text, subject, origin, path };
}

/** What an object that has a namespace, or none, says of itself. */
export function evidenceOf(
  object: { readonly kind: string; readonly name: string; readonly origin: Origin },
  path: Path,
  text: string,
): Evidence {
  const { kind, name, origin } = object;
  return { text, subject: `${kind}/${name}`, origin, path };
}

/** An image as a message shows it: of a long one the end, which tells what it is. */
function tailOf(image: string): string {
  return image.length > 60 ? `...${image.slice(-57)}` : image;
}

/** An image without its tag and digest. */
function repositoryOf(image: string): string {
  const name = image.split("@", 1)[0]!;
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? name.slice(0, colon) : name;
}

/** The tag of an image, empty without one. */
export function tagOf(image: string): string {
  const name = image.split("@", 1)[0]!;
  return name.slice(repositoryOf(image).length + 1);
}
