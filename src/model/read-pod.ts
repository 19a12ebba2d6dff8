import { type Address, parseAddress } from "../base/index.ts";
import type { ContainerPort, Pod } from "./cluster.ts";
import type { Interner } from "./intern.ts";
import { faultsOfLabels, isPortName, readableLabels } from "./label-syntax.ts";
import type { Origin, Path } from "./origin.ts";
import { type Notes, type Raw, isRaw, listAt, objectAt, shown, textAt } from "./raw.ts";
import type { Labels } from "./selector.ts";

/** A pod of a dump, or a bare one of a manifest. `finished` and `unaddressed` pods are no endpoints (NP-10). */
export interface ReadPod {
  readonly pod: Pod;
  readonly state: "live" | "finished" | "unaddressed";
}

/** Where and for whom a pod is read. */
export interface PodContext {
  readonly interner: Interner;
  readonly notes: Notes;
  readonly origin: Origin;
}

/** Reads a Pod; nothing if its labels or its spec cannot be read. */
export function readPod(raw: Raw, name: string, context: PodContext): ReadPod | undefined {
  const pod = readSpec(raw, [], context);
  if (pod === undefined) return undefined;
  const status = objectAt(raw, "status");
  const hostAddresses = readAddresses(status, "hostIPs", "hostIP", context) ?? [];
  const own = readAddresses(status, "podIPs", "podIP", context);
  const addresses =
    own ?? (pod.hostNetwork && hostAddresses.length > 0 ? hostAddresses : undefined);
  const node = textAt(objectAt(raw, "spec"), "nodeName");
  const phase = textAt(status, "phase");
  const hasAddress =
    addresses !== undefined || status["podIP"] !== undefined || listAt(status, "podIPs").length > 0;
  // NP-10. Without a phase it is a manifest, or a dump that was stripped: it counts as running.
  const unaddressed = node !== undefined && phase !== undefined && !hasAddress;
  const finished = phase === "Succeeded" || phase === "Failed";
  const state = finished ? "finished" : unaddressed ? "unaddressed" : "live";
  const nodeName = node === undefined ? undefined : context.interner.text(node);
  return { pod: { ...pod, name, node: nodeName, addresses, hostAddresses }, state };
}

/** Reads a pod template at `path`: a pod without a name, of which many may exist. */
export function readTemplate(template: unknown, path: Path, context: PodContext): Pod | undefined {
  if (isRaw(template)) return readSpec(template, path, context);
  const what = template === undefined || template === null ? "missing" : "no object";
  context.notes.error(path, `the pod template \`${path.join(".")}\` is ${what}: add it`);
  return undefined;
}

function readSpec(raw: Raw, path: Path, context: PodContext): Pod | undefined {
  const labels = readPodLabels(raw, path, context);
  const spec = raw["spec"];
  if (!isRaw(spec)) {
    const what = spec === undefined || spec === null ? "missing" : "no object";
    context.notes.error([...path, "spec"], `the pod's \`spec\` is ${what}`);
    return undefined;
  }
  const hostNetwork = spec["hostNetwork"] ?? false;
  if (typeof hostNetwork !== "boolean") {
    const text = `\`hostNetwork\` must be true or false without quotes, not ${shown(hostNetwork)}`;
    context.notes.error([...path, "spec", "hostNetwork"], text);
    return undefined;
  }
  if (labels === undefined) return undefined;
  const account = textAt(spec, "serviceAccountName") ?? textAt(spec, "serviceAccount");
  return {
    name: undefined,
    labels,
    serviceAccount: context.interner.text(account ?? "default"),
    ports: readPorts(spec, [...path, "spec"], context),
    hostNetwork,
    node: undefined,
    addresses: undefined,
    hostAddresses: [],
    origin: context.origin,
  };
}

function readPodLabels(raw: Raw, path: Path, context: PodContext): Labels | undefined {
  const value = objectAt(raw, "metadata")["labels"] ?? NO_LABELS;
  const make = (): Labels | undefined =>
    faultsOfLabels(value).length === 0 ? readableLabels(value) : undefined;
  const labels = isRaw(value) ? context.interner.labels(value, make) : undefined;
  if (labels === undefined) {
    for (const { key, text } of faultsOfLabels(value)) {
      const steps = key === "" ? ["metadata", "labels"] : ["metadata", "labels", key];
      context.notes.error([...path, ...steps], text);
    }
  }
  return labels;
}

const NO_LABELS: Raw = Object.freeze({});

function readPorts(spec: Raw, path: Path, context: PodContext): readonly ContainerPort[] {
  const ports: ContainerPort[] = [];
  readContainers(spec, "containers", { path, context, ports });
  readContainers(spec, "initContainers", { path, context, ports });
  const key = ports.map((one) => `${one.name} ${one.protocol} ${one.port} ${one.container}`);
  return context.interner.list(`ports ${key.join("\n")}`, () => ports);
}

interface PortsInto {
  readonly path: Path;
  readonly context: PodContext;
  readonly ports: ContainerPort[];
}

function readContainers(spec: Raw, list: "containers" | "initContainers", into: PortsInto): void {
  const containers = listAt(spec, list);
  for (let at = 0; at < containers.length; at++) {
    const container = containers[at];
    if (!isRaw(container)) continue;
    const kind = kindOf(list, container);
    const ports = listAt(container, "ports");
    for (let index = 0; index < ports.length; index++) {
      const raw = ports[index];
      if (!isRaw(raw)) continue;
      const port = readPort(raw, kind);
      if (typeof port === "string") {
        into.context.notes.warning([...into.path, list, at, "ports", index], port);
      } else if (port !== undefined) into.ports.push(port);
    }
  }
}

/** Ordinary init containers have ended when the pod serves; some engines look at their ports all the same (NP-5). */
function kindOf(list: "containers" | "initContainers", container: Raw): ContainerPort["container"] {
  if (list === "containers") return "ordinary";
  return container["restartPolicy"] === "Always" ? "sidecar" : "init";
}

/** A port with a name, nothing for one without, or what is wrong with it. */
function readPort(
  raw: Raw,
  container: ContainerPort["container"],
): ContainerPort | string | undefined {
  const name = raw["name"];
  const port = raw["containerPort"];
  const protocol = raw["protocol"] ?? "TCP";
  if (typeof port !== "number" || !Number.isInteger(port) || port < 1 || port > 65_535) {
    return `\`containerPort\` must be a number from 1 to 65535, not ${shown(port)}`;
  }
  if (protocol !== "TCP" && protocol !== "UDP" && protocol !== "SCTP") {
    return `the protocol of a port is \`TCP\`, \`UDP\` or \`SCTP\`, not ${shown(protocol)}`;
  }
  if (name === undefined || name === null || name === "") return undefined;
  if (typeof name === "string" && isPortName(name)) return { name, protocol, port, container };
  return `${shown(name)} is no port name: no rule can mean it`;
}

/** The addresses of a status, at most one of a family; nothing if there are none or one of them cannot be read. */
function readAddresses(
  status: Raw,
  list: "podIPs" | "hostIPs",
  single: "podIP" | "hostIP",
  context: PodContext,
): readonly Address[] | undefined {
  const texts: string[] = [];
  for (const item of listAt(status, list)) {
    if (isRaw(item) && typeof item["ip"] === "string") texts.push(item["ip"]);
  }
  const one = status[single];
  if (texts.length === 0 && typeof one === "string" && one !== "") texts.push(one);
  if (texts.length === 0) return undefined;
  if (list === "podIPs") return parseAddresses(texts, list, context);
  // Many pods share a node.
  const known = context.interner.list(`hosts ${JSON.stringify(texts)}`, () => {
    return parseAddresses(texts, list, context) ?? [];
  });
  return known.length === 0 ? undefined : known;
}

function parseAddresses(
  texts: readonly string[],
  list: string,
  context: PodContext,
): readonly Address[] | undefined {
  const addresses: Address[] = [];
  for (const text of texts) {
    const address = parseAddress(text);
    if (address === undefined) {
      const note = `${shown(text)} is no address: the addresses of this pod count as unknown`;
      context.notes.warning(["status", list], note);
      return undefined;
    }
    if (addresses.every((other) => other.family !== address.family)) addresses.push(address);
  }
  return addresses;
}
