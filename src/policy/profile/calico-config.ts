import { shown } from "../../base/index.ts";
import { type Cluster, type OtherObject, type Path, isRaw } from "../../model/index.ts";
import type { Answer } from "../policy.ts";
import {
  type AgentSignature,
  type FoundAgent,
  type Written,
  findAgents,
  objectEvidence,
  readVariable,
} from "./detect/agents.ts";
import type { Evidence } from "./detect/detection.ts";
import { type EngineVersion, type Setting, readAnswer, readWord, versionOf } from "./setting.ts";

/** What Felix is told, as far as it decides traffic: its environment, else the FelixConfiguration `default`, else its own default. A value that a node's own FelixConfiguration changes is `unclear`. */
export interface CalicoConfig {
  /** Ports of host endpoints that stay open whatever policies say (CAL-14). */
  readonly failsafeInbound: Setting<readonly FailsafePort[] | "unclear">;
  readonly failsafeOutbound: Setting<readonly FailsafePort[] | "unclear">;
  /** What happens to traffic of a pod to its own node after the pod's egress policies. The code's default is Drop, the manifests set Accept: `unclear` where Felix is not among the objects. */
  readonly defaultEndpointToHostAction: Setting<"Drop" | "Accept" | "Return" | "unclear">;
  readonly bpfEnabled: Setting<Answer>;
  /** A pod's own VXLAN and IPIP packets pass to its policies (CAL-17). */
  readonly allowVxlanPacketsFromWorkloads: Setting<Answer>;
  readonly allowIpipPacketsFromWorkloads: Setting<Answer>;
  /** Of the node's image. */
  readonly version: EngineVersion | undefined;
}

/** A port that failsafe rules keep open. */
export interface FailsafePort {
  readonly protocol: "TCP" | "UDP" | "SCTP";
  readonly port: number;
  /** The other end's range; `undefined`: any. */
  readonly net: string | undefined;
}

/** How Calico's node is recognised (compliance.md 1.1.1). */
export const CALICO_AGENT: AgentSignature = {
  names: ["calico-node"],
  namespaces: ["kube-system", "calico-system"],
  containers: ["calico-node"],
  image: /(?:^|[/_-])(?:calico[/_-]+node|hardened-calico)$/u,
};

/** Reads the configuration of Felix. */
export function readCalicoConfig(cluster: Cluster): CalicoConfig {
  const felix = createLookup(cluster);
  const answer = (key: string, otherwise: Answer): Setting<Answer> =>
    felix.checked(key, readAnswer(felix.of(key), otherwise));
  const action = readWord(
    felix.of("defaultEndpointToHostAction"),
    ["Drop", "Accept", "Return"],
    felix.isKnown ? "Drop" : "unclear",
  );
  const bpf = answer("bpfEnabled", "no");
  return {
    failsafeInbound: readPorts(felix, "failsafeInboundHostPorts", FAILSAFE_INBOUND),
    failsafeOutbound: readPorts(felix, "failsafeOutboundHostPorts", FAILSAFE_OUTBOUND),
    defaultEndpointToHostAction: felix.checked("defaultEndpointToHostAction", action),
    bpfEnabled: bpf.evidence === undefined ? (readInstallation(cluster) ?? bpf) : bpf,
    allowVxlanPacketsFromWorkloads: answer("allowVXLANPacketsFromWorkloads", "no"),
    allowIpipPacketsFromWorkloads: answer("allowIPIPPacketsFromWorkloads", "no"),
    version: felix.version,
  };
}

interface Lookup {
  of(key: string): Written | undefined;
  variable(key: string): Written | undefined;
  /** The value of the object `default` as it is. */
  list(key: string): { readonly value: unknown; readonly evidence: Evidence } | undefined;
  /** The setting, or unclear where a node's own object says something else. */
  checked<Value>(key: string, setting: Setting<Value>): Setting<Value | "unclear">;
  readonly isKnown: boolean;
  readonly version: EngineVersion | undefined;
}

function createLookup(cluster: Cluster): Lookup {
  const found: FoundAgent | undefined = findAgents(cluster, CALICO_AGENT)[0];
  const container = found?.container;
  const objects = cluster.others.filter(
    ({ kind, apiVersion }) =>
      kind === "FelixConfiguration" && /^(?:crd\.)?projectcalico\.org\//u.test(apiVersion),
  );
  const whole = objects.find(({ name }) => name === "default");
  const nodes = objects.filter(({ name }) => name.startsWith("node."));
  const list = (key: string): ReturnType<Lookup["list"]> => {
    const value = whole === undefined ? undefined : specOf(whole)[key];
    if (whole === undefined || value === undefined || value === null) return undefined;
    const text = `has ${shown(`${key}: ${JSON.stringify(value)}`)}`;
    return { value, evidence: objectEvidence(whole, ["spec", key], text) };
  };
  const variable = (key: string): Written | undefined =>
    found === undefined || container === undefined
      ? undefined
      : readVariable(cluster, found, container, `FELIX_${key.toUpperCase()}`);
  return {
    of(key) {
      const value = list(key);
      const text =
        value === undefined ? undefined : { value: textOf(value.value), evidence: value.evidence };
      return variable(key) ?? text;
    },
    variable,
    list,
    checked(key, setting) {
      const other = nodes.find((one) => specOf(one)[key] !== undefined);
      if (other === undefined) return setting;
      const evidence = objectEvidence(other, ["spec", key], `sets \`${key}\` for one node`);
      return { value: "unclear", evidence };
    },
    isKnown: found !== undefined,
    version: container === undefined ? undefined : versionOf(container.image),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function specOf({ object }: OtherObject): Readonly<Record<string, unknown>> {
  const { spec } = object as { spec?: unknown };
  return isRaw(spec) ? spec : {};
}

/** The data plane as the operator is asked for it. */
function readInstallation(cluster: Cluster): Setting<Answer> | undefined {
  for (const one of findInstallations(cluster)) {
    const network = specOf(one)["calicoNetwork"];
    const plane = isRaw(network) ? network["linuxDataplane"] : undefined;
    if (typeof plane !== "string") continue;
    const path: Path = ["spec", "calicoNetwork", "linuxDataplane"];
    const evidence = objectEvidence(one, path, `has ${shown(`linuxDataplane: ${plane}`)}`);
    return { value: plane === "BPF" ? "yes" : "no", evidence };
  }
  return undefined;
}

/** The objects by which Calico's operator is asked to install it. */
export function findInstallations(cluster: Cluster): readonly OtherObject[] {
  return cluster.others.filter(
    ({ kind, apiVersion }) => kind === "Installation" && apiVersion === "operator.tigera.io/v1",
  );
}

function readPorts(
  felix: Lookup,
  key: string,
  otherwise: readonly FailsafePort[],
): Setting<readonly FailsafePort[] | "unclear"> {
  const variable = felix.variable(key);
  const listed = felix.list(key);
  const evidence = variable?.evidence ?? listed?.evidence;
  if (evidence === undefined) return felix.checked(key, { value: otherwise, evidence });
  const ports = variable === undefined ? portsOfList(listed?.value) : portsOfText(variable.value);
  return felix.checked<readonly FailsafePort[] | "unclear">(key, {
    value: ports ?? "unclear",
    evidence,
  });
}

function portsOfList(value: unknown): readonly FailsafePort[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const ports = value.map((item: unknown): FailsafePort | undefined => {
    const { protocol, port, net } = isRaw(item) ? item : NOTHING;
    const name = typeof protocol === "string" ? protocol.toUpperCase() : "TCP";
    if (typeof port !== "number" || !isProtocol(name)) return undefined;
    return { protocol: name, port, net: typeof net === "string" && net !== "" ? net : undefined };
  });
  return ports.every((port) => port !== undefined) ? ports : undefined;
}

/** `tcp:22,udp:10.0.0.0/8:68`, a bare number is TCP, `none` is no port. */
function portsOfText(text: string): readonly FailsafePort[] | undefined {
  if (text.trim().toLowerCase() === "none") return [];
  const ports = text.split(",").map((item): FailsafePort | undefined => {
    const match = /^(?:(tcp|udp|sctp):)?(?:\[?([^\]]+?)\]?:)?(\d+)$/iu.exec(item.trim());
    if (match === null) return undefined;
    const protocol = (match[1] ?? "tcp").toUpperCase();
    if (!isProtocol(protocol)) return undefined;
    return { protocol, port: Number(match[3]), net: match[2] };
  });
  return ports.every((port) => port !== undefined) ? ports : undefined;
}

const NOTHING: Readonly<Record<string, unknown>> = {};

function isProtocol(text: string): text is FailsafePort["protocol"] {
  return text === "TCP" || text === "UDP" || text === "SCTP";
}

function failsafe(
  protocol: FailsafePort["protocol"],
  ports: readonly number[],
): readonly FailsafePort[] {
  return ports.map((port) => ({ protocol, port, net: undefined }));
}

/** What Felix keeps open of itself (CAL-14). */
const COMMON = failsafe("TCP", [179, 2379, 2380, 5473, 6443, 6666, 6667]);
const FAILSAFE_INBOUND = [...failsafe("TCP", [22]), ...failsafe("UDP", [68]), ...COMMON];
const FAILSAFE_OUTBOUND = [...failsafe("UDP", [53, 67]), ...COMMON];
