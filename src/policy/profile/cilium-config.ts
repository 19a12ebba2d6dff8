import { shown } from "../../base/index.ts";
import type { Cluster, OtherObject } from "../../model/index.ts";
import { isRaw } from "../../model/index.ts";
import type { Answer } from "../policy.ts";
import {
  type AgentSignature,
  type Written,
  findAgents,
  findConfigMap,
  objectEvidence,
  readFlag,
  readKey,
} from "./detect/agents.ts";
import type { Evidence } from "./detect/detection.ts";
import {
  type EngineVersion,
  type Setting,
  isAtLeast,
  readAnswer,
  readWord,
  versionOf,
} from "./setting.ts";

/** What Cilium's agents are told, as far as it decides traffic: their arguments, else `cilium-config`, else the agent's own default. A value that some nodes have otherwise is `unclear`. */
export interface CiliumConfig {
  /** `enable-policy` (CIL-15). */
  readonly policyEnforcementMode: Setting<"default" | "always" | "never" | "unclear">;
  /** `policy-audit-mode`: denied traffic is recorded and passes. */
  readonly auditMode: Setting<Answer>;
  /** `enable-k8s-networkpolicy`. */
  readonly enableK8sNetworkPolicy: Setting<Answer>;
  /** `policy-cidr-match-mode` has `nodes` (CIL-8). */
  readonly cidrMatchModeNodes: Setting<Answer>;
  /** `enable-host-firewall` (CIL-14). */
  readonly hostFirewall: Setting<Answer>;
  /** `labels`: the filter of labels that make an identity, in its order; empty: Cilium's own filter alone. */
  readonly labelPrefixes: Setting<readonly string[]>;
  /** `allow-localhost`; `auto` is `always` under Kubernetes (CIL-7). */
  readonly allowLocalhost: Setting<"auto" | "always" | "policy" | "unclear">;
  /** `enable-node-selector-labels`. */
  readonly enableNodeSelectorLabels: Setting<Answer>;
  /** `policy-default-local-cluster`: on from 1.19, off before; unclear without a version (CIL-3). */
  readonly defaultLocalCluster: Setting<Answer>;
  /** `enable-non-default-deny-policies` (CIL-4). */
  readonly nonDefaultDeny: Setting<Answer>;
  /** `enable-l7-proxy`. */
  readonly l7Proxy: Setting<Answer>;
  /** `cni-chaining-mode`; `none` is no chaining. */
  readonly chainingMode: Setting<string>;
  /** `kube-proxy-replacement`, whose words depend on the version. */
  readonly kubeProxyReplacement: Setting<string>;
  /** `cluster-name`. */
  readonly clusterName: Setting<string>;
  /** Of the agent's image. */
  readonly version: EngineVersion | undefined;
}

/** How Cilium's agent is recognised; GKE's has its own name (compliance.md 1.1.1). */
export const CILIUM_AGENT: AgentSignature = {
  names: ["cilium"],
  namespaces: ["kube-system", "cilium"],
  containers: ["cilium-agent"],
  image: /(?:^|[/_-])cilium[/_-]+cilium(?:-distroless|-ci|-dev)?$/u,
};

/** GKE's agent of Dataplane V2. */
export const ANETD_AGENT: AgentSignature = {
  names: ["anetd"],
  namespaces: ["kube-system"],
  containers: [],
  image: /(?!)/u,
};

/** Reads the configuration of Cilium, or of the Cilium inside GKE's Dataplane V2. */
export function readCiliumConfig(cluster: Cluster): CiliumConfig {
  const written = createLookup(cluster);
  const answer = (key: string, otherwise: Answer): Setting<Answer> =>
    checkNodes(written, key, readAnswer(written.of(key), otherwise));
  const text = (key: string, otherwise: string): Setting<string> => {
    const found = written.of(key);
    return { value: found?.value ?? otherwise, evidence: found?.evidence };
  };
  const { version } = written;
  const local = version === undefined ? "unclear" : isAtLeast(version, 1, 19) ? "yes" : "no";
  return {
    policyEnforcementMode: checkNodes(
      written,
      "enable-policy",
      readWord(written.of("enable-policy"), ["default", "always", "never"], "default"),
    ),
    auditMode: answer("policy-audit-mode", "no"),
    enableK8sNetworkPolicy: answer("enable-k8s-networkpolicy", "yes"),
    cidrMatchModeNodes: checkNodes(
      written,
      "policy-cidr-match-mode",
      readMatchMode(written.of("policy-cidr-match-mode")),
    ),
    hostFirewall: answer("enable-host-firewall", "no"),
    labelPrefixes: readLabels(written.of("labels")),
    allowLocalhost: checkNodes(
      written,
      "allow-localhost",
      readWord(written.of("allow-localhost"), ["auto", "always", "policy"], "auto"),
    ),
    enableNodeSelectorLabels: answer("enable-node-selector-labels", "no"),
    defaultLocalCluster: answer("policy-default-local-cluster", local),
    nonDefaultDeny: answer("enable-non-default-deny-policies", "yes"),
    l7Proxy: answer("enable-l7-proxy", "yes"),
    chainingMode: text("cni-chaining-mode", "none"),
    kubeProxyReplacement: text("kube-proxy-replacement", ""),
    clusterName: text("cluster-name", "default"),
    version,
  };
}

interface Lookup {
  of(key: string): Written | undefined;
  /** The object that gives some nodes another value. */
  readonly nodes: (key: string) => Evidence | undefined;
  readonly version: EngineVersion | undefined;
}

function createLookup(cluster: Cluster): Lookup {
  const found = [CILIUM_AGENT, ANETD_AGENT].flatMap((one) => findAgents(cluster, one))[0];
  const container = found?.container;
  const configMap = findConfigMap(cluster, "cilium-config", found?.workload.namespace);
  const overrides = cluster.others.filter(
    ({ kind, apiVersion }) => kind === "CiliumNodeConfig" && apiVersion.startsWith("cilium.io/"),
  );
  const of = (key: string): Written | undefined =>
    (found === undefined || container === undefined
      ? undefined
      : readFlag(found, container, key)) ??
    (configMap === undefined ? undefined : readKey(configMap, key));
  return {
    of,
    nodes: (key) => overrides.map((one) => nodeValue(one, key, of(key)?.value)).find(Boolean),
    version: container === undefined ? undefined : versionOf(container.image),
  };
}

/** What a CiliumNodeConfig says otherwise about a key. */
function nodeValue(
  object: OtherObject,
  key: string,
  known: string | undefined,
): Evidence | undefined {
  const { spec } = object.object as { spec?: unknown };
  const defaults = isRaw(spec) ? spec["defaults"] : undefined;
  const value = isRaw(defaults) ? defaults[key] : undefined;
  if (typeof value !== "string" || value === known) return undefined;
  const text = `gives some nodes ${shown(`${key}: ${value}`)}`;
  return objectEvidence(object, ["spec", "defaults", key], text);
}

/** A setting that is unclear where some nodes have another value. */
function checkNodes<Value>(
  lookup: Lookup,
  key: string,
  setting: Setting<Value | "unclear">,
): Setting<Value | "unclear"> {
  const evidence = lookup.nodes(key);
  return evidence === undefined ? setting : { value: "unclear", evidence };
}

function readMatchMode(written: Written | undefined): Setting<Answer> {
  if (written === undefined) return { value: "no", evidence: undefined };
  const { value, evidence } = written;
  const modes = value.split(/[\s,]+/u).filter((mode) => mode !== "");
  if (modes.some((mode) => mode !== "nodes")) return { value: "unclear", evidence };
  return { value: modes.length > 0 ? "yes" : "no", evidence };
}

function readLabels(written: Written | undefined): Setting<readonly string[]> {
  const value = written?.value.split(/\s+/u).filter((one) => one !== "") ?? [];
  return { value, evidence: written?.evidence };
}
