import { shown } from "../../../base/index.ts";
import type { Cluster, Node } from "../../../model/index.ts";
import { evidenceOf } from "./agents.ts";
import { type DetectedEngine, type Enforcement, type Evidence, profileOf } from "./detection.ts";

/** The network policy controller that k3s has built in; nodes alone tell of it. It is kube-router's, of which there is no profile. */
export function findK3s(cluster: Cluster): readonly DetectedEngine[] {
  const nodes = cluster.nodes.filter(({ system }) => system.kubeletVersion?.includes("+k3s"));
  const [first] = nodes;
  if (first === undefined) return [];
  const version = `runs ${shown(first.system.kubeletVersion)}`;
  const path = ["status", "nodeInfo", "kubeletVersion"];
  const servers = nodes.flatMap((node) => readServer(node) ?? []);
  const off = servers.filter(({ disabled }) => disabled);
  const enforcement: Enforcement =
    servers.length === 0 || (off.length > 0 && off.length < servers.length)
      ? "unknown"
      : off.length > 0
        ? "off"
        : "on";
  const told = off[0] ?? servers[0];
  const evidence = [
    evidenceOf(first, path, version),
    ...(told === undefined ? [] : [told.evidence]),
  ];
  const judged = { enforcement, evidence };
  return [{ name: "k3s", profile: profileOf(judged, undefined), ...judged }];
}

/** What a server was started with; agents do not know the switch. */
function readServer(
  node: Node,
): { readonly disabled: boolean; readonly evidence: Evidence } | undefined {
  const annotation = node.system.annotations["k3s.io/node-args"];
  const words = annotation === undefined ? [] : parseWords(annotation);
  if (words[0] !== "server") return undefined;
  const at = words.findLastIndex((word) => word.split("=")[0] === SWITCH);
  const value = words[at]?.split("=")[1] ?? words[at + 1];
  const disabled = at !== -1 && value !== "false";
  const text = disabled ? `was started with \`${SWITCH}\`` : `was started without \`${SWITCH}\``;
  const path = ["metadata", "annotations", "k3s.io/node-args"];
  return { disabled, evidence: evidenceOf(node, path, text) };
}

const SWITCH = "--disable-network-policy";

function parseWords(annotation: string): readonly string[] {
  try {
    const words: unknown = JSON.parse(annotation);
    return Array.isArray(words) ? words.map(String) : [];
  } catch {
    return [];
  }
}
