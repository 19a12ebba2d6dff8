import { parseAddress } from "../base/index.ts";
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
import type { Interner } from "./intern.ts";
import type { Origin } from "./origin.ts";
import { parseLabels } from "./parse-labels.ts";
import { type Raw, type Report, isRaw, listOf, textOf } from "./raw.ts";

/** An object's identity with what it is read with. */
export interface Resource {
  readonly raw: Raw;
  readonly namespace: string;
  readonly name: string;
  readonly origin: Origin;
  readonly report: Report;
  readonly interner: Interner;
}

/** The label that the API server gives every namespace (NP-9). */
export const NAME_LABEL = "kubernetes.io/metadata.name";

/** Reads a Namespace. */
export function parseNamespace({ raw, name, origin, report }: Resource): Namespace {
  const metadata = isRaw(raw["metadata"]) ? raw["metadata"] : {};
  const labels = parseLabels(metadata["labels"], ["metadata", "labels"], report);
  const annotations = parseLabels(metadata["annotations"], ["metadata", "annotations"], report);
  const own = { ...labels, [NAME_LABEL]: name };
  return { kind: "Namespace", name, labels: own, declarations: [{ annotations, origin }] };
}

/** Reads a Node with every address of its status; host names are no addresses. */
export function parseNode({ raw, name, origin, report, interner }: Resource): Node {
  const metadata = isRaw(raw["metadata"]) ? raw["metadata"] : {};
  const labels = interner.labels(parseLabels(metadata["labels"], ["metadata", "labels"], report));
  const addresses = listOf(raw["status"], "addresses").flatMap((item) => {
    const text = textOf(item, "address");
    const type = textOf(item, "type") ?? "";
    if (text === undefined || type.endsWith("DNS") || type === "Hostname") return [];
    const address = parseAddress(text);
    if (address === undefined) {
      report(["status", "addresses"], `\`${text}\` is no address and is left out`, "warning");
    }
    return address ?? [];
  });
  return { kind: "Node", name, labels, addresses, origin };
}

/** Reads a Service. */
export function parseService({ raw, namespace, name, origin, report }: Resource): Service {
  const spec = isRaw(raw["spec"]) ? raw["spec"] : {};
  const selector = isRaw(spec["selector"])
    ? parseLabels(spec["selector"], ["spec", "selector"], report)
    : undefined;
  const single = textOf(spec, "clusterIP");
  const many = textsOf(spec, "clusterIPs");
  return {
    kind: "Service",
    namespace,
    name,
    type: textOf(spec, "type") ?? "ClusterIP",
    selector,
    clusterIPs: many.length > 0 || single === undefined ? many : [single],
    externalIPs: textsOf(spec, "externalIPs"),
    externalName: textOf(spec, "externalName"),
    ports: listOf(spec, "ports").flatMap((port) => parseServicePort(port)),
    origin,
  };
}

function parseServicePort(value: unknown): readonly ServicePort[] {
  if (!isRaw(value) || typeof value["port"] !== "number") return [];
  const { port, targetPort, nodePort, protocol } = value;
  return [
    {
      name: textOf(value, "name"),
      protocol: protocol === "UDP" || protocol === "SCTP" ? protocol : "TCP",
      port,
      targetPort:
        typeof targetPort === "number" || typeof targetPort === "string" ? targetPort : port,
      nodePort: typeof nodePort === "number" ? nodePort : undefined,
    },
  ];
}

function textsOf(raw: Raw, key: string): readonly string[] {
  return listOf(raw, key).filter((item) => typeof item === "string");
}

/** Reads an EndpointSlice. */
export function parseEndpointSlice({ raw, namespace, name, origin }: Resource): EndpointSlice {
  const metadata = isRaw(raw["metadata"]) ? raw["metadata"] : {};
  return {
    kind: "EndpointSlice",
    namespace,
    name,
    service: textOf(metadata["labels"], "kubernetes.io/service-name"),
    addresses: listOf(raw, "endpoints").flatMap((endpoint) =>
      isRaw(endpoint) ? textsOf(endpoint, "addresses") : [],
    ),
    origin,
  };
}

/** Reads an Ingress. */
export function parseIngress({ raw, namespace, name, origin }: Resource): Ingress {
  const spec = isRaw(raw["spec"]) ? raw["spec"] : {};
  const rules = listOf(spec, "rules");
  const paths = rules.flatMap((rule) => (isRaw(rule) ? listOf(rule["http"], "paths") : []));
  const backends = [spec["defaultBackend"], ...paths.map((path) => isRaw(path) && path["backend"])];
  const services = backends.flatMap((backend) =>
    isRaw(backend) ? (textOf(backend["service"], "name") ?? []) : [],
  );
  const hosts = rules.flatMap((rule) => textOf(rule, "host") ?? []);
  return {
    kind: "Ingress",
    namespace,
    name,
    hosts: [...new Set(hosts)].toSorted(),
    backends: [...new Set(services)].toSorted(),
    origin,
  };
}

/** Reads a ConfigMap. */
export function parseConfigMap({ raw, namespace, name, origin }: Resource): ConfigMap {
  const entries = Object.entries(isRaw(raw["data"]) ? raw["data"] : {});
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return { kind: "ConfigMap", namespace, name, data: Object.fromEntries(texts), origin };
}

/** Reads a ServiceAccount. */
export function parseServiceAccount(resource: Resource): ServiceAccount {
  const { raw, namespace, name, origin, report, interner } = resource;
  const metadata = isRaw(raw["metadata"]) ? raw["metadata"] : {};
  const labels = interner.labels(parseLabels(metadata["labels"], ["metadata", "labels"], report));
  return { kind: "ServiceAccount", namespace, name, labels, origin };
}
