import { shown } from "../../base/index.ts";
import type { Cluster, ConfigMap } from "../../model/index.ts";
import type { Answer } from "../policy.ts";
import { type AgentSignature, type Written, findAgents } from "./detect/agents.ts";
import { type EngineVersion, type Setting, readAnswer, versionOf } from "./setting.ts";

/** What Antrea is told in `antrea-config`, as far as it decides traffic; else its own defaults. */
export interface AntreaConfig {
  /** The feature gate of Antrea's own policies; on by default since 1.0. */
  readonly antreaPolicy: Setting<Answer>;
  /** The gate of policies on nodes; alpha, off by default (ANT-9). */
  readonly nodeNetworkPolicy: Setting<Answer>;
  /** The gate of `l7Protocols`; alpha, off by default (ANT-23). */
  readonly l7NetworkPolicy: Setting<Answer>;
  /** The agents' own Service proxy, which `toServices` needs (ANT-17). */
  readonly antreaProxy: Setting<Answer>;
  /** `trafficEncapMode`: `networkPolicyOnly` is a chain behind another CNI. */
  readonly trafficEncapMode: Setting<string>;
  /** Of the agent's image. */
  readonly version: EngineVersion | undefined;
}

/** How Antrea's agent is recognised (compliance.md 1.1.1). */
export const ANTREA_AGENT: AgentSignature = {
  names: ["antrea-agent"],
  namespaces: ["kube-system"],
  containers: ["antrea-agent"],
  image: /(?:^|[/_-])antrea[/_-]+antrea-(?:agent-)?(?:ubuntu|ubi|debian|photon)$/u,
};

/** Reads the configuration of Antrea. A gate that agent and controller both have is on only where both have it on. */
export function readAntreaConfig(cluster: Cluster): AntreaConfig {
  const configMap = findAntreaConfig(cluster);
  const agent = readConf(configMap, "antrea-agent.conf");
  const controller = readConf(configMap, "antrea-controller.conf");
  const both = (name: string, stage: "alpha" | "beta"): Setting<Answer> => {
    const settings = [agent, controller].map((conf) => readGate(conf, name, stage));
    return settings.find(({ value }) => value !== "yes") ?? settings[0]!;
  };
  const gated = readGate(agent, "AntreaProxy", "beta");
  const proxy = readAnswer(agent.get("antreaProxy.enable"), "yes");
  const image = findAgents(cluster, ANTREA_AGENT)[0]?.container?.image;
  const encap = agent.get("trafficEncapMode");
  return {
    antreaPolicy: both("AntreaPolicy", "beta"),
    nodeNetworkPolicy: readGate(agent, "NodeNetworkPolicy", "alpha"),
    l7NetworkPolicy: both("L7NetworkPolicy", "alpha"),
    antreaProxy: gated.value === "yes" ? proxy : gated,
    trafficEncapMode: { value: encap?.value ?? "encap", evidence: encap?.evidence },
    version: image === undefined ? undefined : versionOf(image),
  };
}

/** `antrea-config`; older manifests add a hash to its name. */
export function findAntreaConfig(cluster: Cluster): ConfigMap | undefined {
  return cluster.configMaps.find(({ name }) => /^antrea-config(?:-[a-z\d]+)?$/u.test(name));
}

type Conf = ReadonlyMap<string, Written>;

/** The gate of one program: its own line, else the switch of all gates of its stage, else the stage's default. */
function readGate(conf: Conf, name: string, stage: "alpha" | "beta"): Setting<Answer> {
  const all = stage === "alpha" ? "featureGates.AllAlpha" : "featureGates.AllBeta";
  const written = conf.get(`featureGates.${name}`) ?? conf.get(all);
  return readAnswer(written, stage === "beta" ? "yes" : "no");
}

/** The scalar fields of a configuration file, two levels deep. It is YAML of which only plain lines are written: `name: value` at the margin or below a name. */
function readConf(configMap: ConfigMap | undefined, file: string): Conf {
  const found = new Map<string, Written>();
  const text = configMap?.data[file];
  if (configMap === undefined || text === undefined) return found;
  const subject = `${configMap.namespace}/ConfigMap/${configMap.name}`;
  let parent = "";
  for (const line of text.split("\n")) {
    const match = /^(\s*)([A-Za-z]\w*):\s*(?:(?!#)["']?([^"'#\s]+)["']?)?\s*(?:#.*)?$/u.exec(line);
    if (match === null) continue;
    const [, indent, name, value] = match;
    if (indent === "") parent = value === undefined ? `${name}.` : "";
    if (value === undefined) continue;
    const key = indent === "" ? name! : `${parent}${name}`;
    const evidence = {
      text: `has ${shown(`${key}: ${value}`)} in \`${file}\``,
      subject,
      origin: configMap.origin,
      path: ["data", file],
    };
    found.set(key, { value, evidence });
  }
  return found;
}
