import { type Address, parseAddress } from "../base/index.ts";
import type { ContainerPort, Pod } from "./cluster.ts";
import type { Interner } from "./intern.ts";
import type { Origin, Path } from "./origin.ts";
import { parseLabels } from "./parse-labels.ts";
import { type Raw, type Report, isRaw, listOf, textOf } from "./raw.ts";

/** What a pod or a pod template is read with. */
export interface PodContext {
  readonly interner: Interner;
  readonly origin: Origin;
  /** Where the pod or template stands in its object. */
  readonly path: Path;
  readonly report: Report;
}

/** Reads a pod, or a template's pod (then `name` is undefined). */
export function parsePod(raw: Raw, name: string | undefined, context: PodContext): Pod {
  const { interner, origin, path, report } = context;
  const metadata = isRaw(raw["metadata"]) ? raw["metadata"] : {};
  const spec = isRaw(raw["spec"]) ? raw["spec"] : {};
  const status = name !== undefined && isRaw(raw["status"]) ? raw["status"] : {};
  const labels = parseLabels(metadata["labels"], [...path, "metadata", "labels"], report);
  const hostNetwork = spec["hostNetwork"] === true;
  return {
    name,
    labels: interner.labels(labels),
    serviceAccount:
      textOf(spec, "serviceAccountName") ?? textOf(spec, "serviceAccount") ?? "default",
    ports: interner.ports(parsePorts(spec)),
    hostNetwork,
    node: textOf(spec, "nodeName") || undefined,
    addresses: parseAddresses(status, ["podIPs", "podIP"], context),
    hostAddresses: parseAddresses(status, ["hostIPs", "hostIP"], context) ?? [],
    origin,
  };
}

/** Whether a live pod is no endpoint: it has finished, or it is bound to a node and the cluster gave it no address (NP-10). */
export function isNoEndpoint(raw: Raw): boolean {
  const { status } = raw;
  if (!isRaw(status)) return false;
  const phase = textOf(status, "phase");
  if (phase === "Succeeded" || phase === "Failed") return true;
  const isBound = isRaw(raw["spec"]) && (textOf(raw["spec"], "nodeName") ?? "") !== "";
  const hasAddress = (textOf(status, "podIP") ?? "") !== "" || listOf(status, "podIPs").length > 0;
  return isBound && phase !== undefined && !hasAddress;
}

/** Named ports of ordinary containers, then of sidecars (restartable init containers, NP-5). */
function parsePorts(spec: Raw): readonly ContainerPort[] {
  const ports: ContainerPort[] = [];
  const add = (container: unknown, kind: ContainerPort["container"]): void => {
    for (const port of listOf(container, "ports")) {
      const name = textOf(port, "name");
      if (name === undefined || name === "" || !isRaw(port)) continue;
      const protocol = port["protocol"] ?? "TCP";
      const number = port["containerPort"];
      if (typeof number !== "number") continue;
      if (protocol !== "TCP" && protocol !== "UDP" && protocol !== "SCTP") continue;
      ports.push({ name, protocol, port: number, container: kind });
    }
  };
  for (const container of listOf(spec, "containers")) add(container, "ordinary");
  for (const container of listOf(spec, "initContainers")) {
    if (textOf(container, "restartPolicy") === "Always") add(container, "sidecar");
  }
  return ports;
}

/** The addresses of a status, one of each family; `undefined` where it tells none. */
function parseAddresses(
  status: Raw,
  [many, one]: readonly [string, string],
  { path, report }: PodContext,
): readonly Address[] | undefined {
  const texts = listOf(status, many).flatMap((item) => textOf(item, "ip") ?? []);
  const single = textOf(status, one);
  if (texts.length === 0 && single !== undefined && single !== "") texts.push(single);
  const addresses: Address[] = [];
  for (const text of texts) {
    const address = parseAddress(text);
    if (address === undefined) {
      report([...path, "status", one], `\`${text}\` is no address and is left out`, "warning");
    } else if (!addresses.some(({ family }) => family === address.family)) addresses.push(address);
  }
  return addresses.length === 0 ? undefined : addresses;
}
