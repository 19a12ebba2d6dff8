import { type Address, parseAddress } from "../base/index.ts";
import type {
  ConfigMap,
  EndpointSlice,
  Ingress,
  Namespace,
  Node,
  Service,
  ServiceAccount,
  ServicePort,
} from "./cluster.ts";
import { faultsOfLabels, readableLabels } from "./label-syntax.ts";
import type { Origin, Path } from "./origin.ts";
import { type Notes, type Raw, isRaw, objectAt, objectsAt, shown, textAt, textsAt } from "./raw.ts";
import { LAST_APPLIED } from "./secret.ts";
import type { Labels } from "./selector.ts";

/** Where an object stands and whom to tell what is wrong with it. */
export interface ObjectContext {
  readonly namespace: string;
  readonly name: string;
  readonly origin: Origin;
  readonly notes: Notes;
}

/** Reads a Namespace, with the name label that the API server adds (NP-9). */
export function readNamespace(raw: Raw, { name, origin, notes }: ObjectContext): Namespace {
  const metadata = objectAt(raw, "metadata");
  const labels = readLabels(metadata["labels"], ["metadata", "labels"], notes);
  const annotations = readTexts(metadata["annotations"]);
  const used = usedNamespace(name);
  return {
    ...used,
    labels: { ...labels, ...used.labels },
    declarations: [{ annotations, origin }],
  };
}

/** A namespace that manifests only use. */
export function usedNamespace(name: string): Namespace {
  const labels = { "kubernetes.io/metadata.name": name };
  return { kind: "Namespace", name, labels, declarations: [] };
}

/** Reads a Node with all addresses of its status. */
export function readNode(raw: Raw, { name, origin, notes }: ObjectContext): Node {
  const addresses: Address[] = [];
  for (const item of objectsAt(objectAt(raw, "status"), "addresses")) {
    const { type, address: text } = item as { type?: unknown; address?: unknown };
    const address = typeof text === "string" ? parseAddress(text) : undefined;
    if (address !== undefined) addresses.push(address);
    // The other types are names.
    else if (type === "InternalIP" || type === "ExternalIP")
      notes.warning(["status", "addresses"], `${shown(text)} is no address: not used`);
  }
  const labels = readLabels(objectAt(raw, "metadata")["labels"], ["metadata", "labels"], notes);
  const metadata = objectAt(raw, "metadata");
  const annotations = readTexts(metadata["annotations"], LAST_APPLIED);
  const info = objectAt(objectAt(raw, "status"), "nodeInfo");
  const system = { annotations, kubeletVersion: textAt(info, "kubeletVersion") };
  return { kind: "Node", name, labels, addresses, system, origin };
}

/** Reads a Service with its defaults: type ClusterIP, protocol TCP, the same target port. */
export function readService(raw: Raw, context: ObjectContext): Service {
  const { namespace, name, origin, notes } = context;
  const spec = objectAt(raw, "spec");
  const selector = readLabels(spec["selector"], ["spec", "selector"], notes);
  const single = textAt(spec, "clusterIP");
  const clusterIPs = textsAt(spec, "clusterIPs");
  const ports = objectsAt(spec, "ports").flatMap((port, index) => {
    const read = readServicePort(port);
    if (typeof read !== "string") return [read];
    notes.error(["spec", "ports", index], read);
    return [];
  });
  return {
    kind: "Service",
    namespace,
    name,
    type: textAt(spec, "type") ?? "ClusterIP",
    selector: Object.keys(selector).length > 0 ? selector : undefined,
    clusterIPs: clusterIPs.length > 0 ? clusterIPs : single === undefined ? [] : [single],
    externalIPs: textsAt(spec, "externalIPs"),
    externalName: textAt(spec, "externalName"),
    ports,
    origin,
  };
}

function readServicePort(raw: Raw): ServicePort | string {
  const port = raw["port"];
  if (!isPortNumber(port)) {
    return `\`port\` must be a number from 1 to 65535, not ${shown(port)}`;
  }
  const protocol = raw["protocol"] ?? "TCP";
  if (protocol !== "TCP" && protocol !== "UDP" && protocol !== "SCTP") {
    return `the protocol of a port is \`TCP\`, \`UDP\` or \`SCTP\`, not ${shown(protocol)}`;
  }
  // 0 and the empty text are the unset target port.
  const target = raw["targetPort"] ?? 0;
  if (!isPortNumber(target) && target !== 0 && typeof target !== "string") {
    return `\`targetPort\` must be a port number or a port name, not ${shown(target)}`;
  }
  const nodePort = raw["nodePort"];
  return {
    name: textAt(raw, "name"),
    protocol,
    port,
    targetPort: target === 0 || target === "" ? port : target,
    nodePort: isPortNumber(nodePort) ? nodePort : undefined,
  };
}

function isPortNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

/** Reads an EndpointSlice. */
export function readEndpointSlice(raw: Raw, context: ObjectContext): EndpointSlice {
  const { namespace, name, origin } = context;
  const labels = objectAt(objectAt(raw, "metadata"), "labels");
  const addresses = objectsAt(raw, "endpoints").flatMap((one) => textsAt(one, "addresses"));
  const service = textAt(labels, "kubernetes.io/service-name");
  const ports = objectsAt(raw, "ports").flatMap(({ port, protocol = "TCP" }) =>
    isPortNumber(port) && (protocol === "TCP" || protocol === "UDP" || protocol === "SCTP")
      ? [{ protocol, port } as const]
      : [],
  );
  return { kind: "EndpointSlice", namespace, name, service, addresses, ports, origin };
}

/** Reads an Ingress of networking.k8s.io/v1. */
export function readIngress(raw: Raw, { namespace, name, origin }: ObjectContext): Ingress {
  const spec = objectAt(raw, "spec");
  const rules = objectsAt(spec, "rules");
  const backends = [
    objectAt(spec, "defaultBackend"),
    ...rules.flatMap((rule) =>
      objectsAt(objectAt(rule, "http"), "paths").map((path) => objectAt(path, "backend")),
    ),
  ].flatMap((backend) => textAt(objectAt(backend, "service"), "name") ?? []);
  const hosts = rules.flatMap((rule) => textAt(rule, "host") ?? []);
  const kind = "Ingress";
  return { kind, namespace, name, hosts: unique(hosts), backends: unique(backends), origin };
}

/** Reads a ConfigMap; binary data is left out. */
export function readConfigMap(raw: Raw, context: ObjectContext): ConfigMap {
  const { namespace, name, origin } = context;
  const data = readTexts(raw["data"]);
  return { kind: "ConfigMap", namespace, name, data, origin };
}

/** Reads a ServiceAccount. */
export function readServiceAccount(raw: Raw, context: ObjectContext): ServiceAccount {
  const { namespace, name, origin, notes } = context;
  const labels = readLabels(objectAt(raw, "metadata")["labels"], ["metadata", "labels"], notes);
  return { kind: "ServiceAccount", namespace, name, labels, origin };
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

/** The readable labels; says what is wrong with the others. */
function readLabels(raw: unknown, path: Path, notes: Notes): Labels {
  for (const { key, text } of faultsOfLabels(raw)) {
    notes.error(key === "" ? path : [...path, key], text);
  }
  return readableLabels(raw);
}

/** A map of texts without what is none, and without one key. Null is decoded as the empty text. */
function readTexts(raw: unknown, without?: string): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(isRaw(raw) ? raw : {})) {
    if ((typeof value !== "string" && value !== null) || key === without) continue;
    Object.defineProperty(texts, key, { value: value ?? "", enumerable: true, writable: true });
  }
  return texts;
}
