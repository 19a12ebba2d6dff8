import type { AddressRange } from "../base/index.ts";
import type { Origin, Path } from "./origin.ts";
import { isGiven, parseSelector } from "./parse-labels.ts";
import { isPortNumber, parseProtocol, parseRange } from "./parse-network-policy.ts";
import type {
  AdminPeer,
  AdminPolicy,
  AdminProtocol,
  AdminRule,
  PodsPeer,
} from "./policy-objects.ts";
import {
  type Raw,
  type Report,
  checkedList,
  checkedRaw,
  isRaw,
  kindOfValue,
  warnUnknown,
} from "./raw.ts";
import { MATCH_ALL } from "./selector.ts";

type Kind = AdminPolicy["kind"];

/** How many rules, peers and protocols a list may hold (CNP-1). */
const MAX_ITEMS: Readonly<Record<Kind, number>> = {
  ClusterNetworkPolicy: 25,
  AdminNetworkPolicy: 100,
  BaselineAdminNetworkPolicy: 100,
};

/** Peers whose ports have no names. */
const WITHOUT_PORT_NAMES: readonly AdminPeer["kind"][] = ["networks", "nodes", "domainNames"];

/** `*` only as the whole first label. */
const DOMAIN =
  /^(?:\*\.)?(?:[a-zA-Z0-9](?:[-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9](?:[-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?$/u;

/** Reads a policy of policy.networking.k8s.io; what its schema refuses is reported as an error, a peer or protocol without a known field is kept as `unknown` (CNP-8). */
export function parseAdminPolicy(
  raw: Raw,
  place: { readonly kind: Kind; readonly name: string; readonly origin: Origin },
  report: Report,
): AdminPolicy | undefined {
  const spec = checkedRaw(raw["spec"], ["spec"], report);
  if (spec === undefined) return undefined;
  const { kind, name } = place;
  const isCluster = kind === "ClusterNetworkPolicy";
  const isBaseline = kind === "BaselineAdminNetworkPolicy";
  const fields = ["subject", "ingress", "egress"];
  if (!isBaseline) fields.push("priority");
  if (isCluster) fields.push("tier");
  warnUnknown(spec, fields, ["spec"], report);
  if (isBaseline && name !== "default") {
    report(
      ["metadata", "name"],
      `a BaselineAdminNetworkPolicy must be called \`default\`, not \`${name}\``,
    );
  }
  const tier = isCluster ? spec["tier"] : isBaseline ? "Baseline" : "Admin";
  if (tier !== "Admin" && tier !== "Baseline") {
    report(["spec", "tier"], `unknown tier ${kindOfValue(tier)}: write Admin or Baseline`);
  }
  const priority = isBaseline ? 0 : spec["priority"];
  if (!isPriority(priority)) {
    report(
      ["spec", "priority"],
      `${kindOfValue(priority)} is no priority: write a number from 0 to 1000`,
    );
  }
  return {
    ...place,
    tier: tier as AdminPolicy["tier"],
    priority: priority as number,
    subject: parseSubject(spec, kind, report),
    ingress: parseRules(spec, "ingress", kind, report),
    egress: parseRules(spec, "egress", kind, report),
  };
}

function isPriority(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 1000;
}

/** Exactly one of namespaces and pods (CNP-9). */
function parseSubject(spec: Raw, kind: Kind, report: Report): PodsPeer {
  const none: PodsPeer = { kind: "pods", namespaceSelector: MATCH_ALL, podSelector: MATCH_ALL };
  const path = ["spec", "subject"];
  const subject = checkedRaw(spec["subject"], path, report);
  if (subject === undefined) return none;
  warnUnknown(subject, ["namespaces", "pods"], path, report);
  const [namespaces, pods] = [isGiven(subject, "namespaces"), isGiven(subject, "pods")];
  if (namespaces === pods) {
    report(path, "`subject` needs exactly one of `namespaces` and `pods`");
    return none;
  }
  return parsePods(subject, kind, path, report) ?? none;
}

function parsePods(raw: Raw, kind: Kind, path: Path, report: Report): PodsPeer | undefined {
  if (isGiven(raw, "namespaces")) {
    const namespaceSelector = parseSelector(raw["namespaces"], [...path, "namespaces"], report);
    return { kind: "pods", namespaceSelector, podSelector: MATCH_ALL };
  }
  const where = [...path, "pods"];
  const pods = checkedRaw(raw["pods"], where, report);
  if (pods === undefined) return undefined;
  warnUnknown(pods, ["namespaceSelector", "podSelector"], where, report);
  if (!isGiven(pods, "podSelector")) report(where, "`pods` needs a `podSelector`");
  if (kind !== "ClusterNetworkPolicy" && !isGiven(pods, "namespaceSelector")) {
    report(where, "`pods` needs a `namespaceSelector` in v1alpha1");
  }
  const selector = (key: "namespaceSelector" | "podSelector") =>
    parseSelector(pods[key], [...where, key], report);
  return {
    kind: "pods",
    namespaceSelector: selector("namespaceSelector"),
    podSelector: selector("podSelector"),
  };
}

interface Context {
  readonly kind: Kind;
  readonly direction: "ingress" | "egress";
  readonly report: Report;
}

function parseRules(
  spec: Raw,
  direction: "ingress" | "egress",
  kind: Kind,
  report: Report,
): readonly AdminRule[] {
  const context = { kind, direction, report };
  const list = limited(spec, direction, ["spec"], context);
  return list.flatMap((item, index) => {
    const path = ["spec", direction, index];
    const rule = checkedRaw(item, path, report);
    return rule === undefined ? [] : [parseRule(rule, path, context)];
  });
}

function parseRule(raw: Raw, path: Path, context: Context): AdminRule {
  const { kind, direction, report } = context;
  const side = direction === "ingress" ? "from" : "to";
  const protocols = kind === "ClusterNetworkPolicy" ? "protocols" : "ports";
  warnUnknown(raw, ["name", "action", side, protocols], path, report);
  const action = parseAction(raw["action"], [...path, "action"], context);
  const list = limited(raw, side, path, context);
  if (list.length === 0) report(path, `a rule needs \`${side}\` with at least one peer`);
  const peers = list.flatMap((peer, index) => parsePeer(peer, [...path, side, index], context));
  const ports = limited(raw, protocols, path, context);
  const entries = ports.flatMap((entry, index) =>
    parseProtocolEntry(entry, [...path, protocols, index], context),
  );
  const hasName = entries.some((entry) => entry.kind === "named");
  if (hasName && peers.some((peer) => WITHOUT_PORT_NAMES.includes(peer.kind))) {
    report(path, "port names cannot be combined with networks, nodes or domainNames");
  }
  if (action !== "Allow" && peers.some((peer) => peer.kind === "domainNames")) {
    report(path, "`domainNames` is only supported in rules that accept");
  }
  const name = raw["name"];
  return {
    name: typeof name === "string" ? name : undefined,
    action,
    peers,
    protocols: ports.length === 0 ? undefined : entries,
  };
}

/** A list with the API's limit on its length. */
function limited(raw: Raw, key: string, path: Path, { kind, report }: Context): readonly unknown[] {
  const list = checkedList(raw, key, path, report);
  if (list.length > MAX_ITEMS[kind]) {
    report(
      [...path, key],
      `\`${key}\` has ${list.length} items: at most ${MAX_ITEMS[kind]} are allowed`,
    );
  }
  return list;
}

function parseAction(value: unknown, path: Path, { kind, report }: Context): AdminRule["action"] {
  const allow = kind === "ClusterNetworkPolicy" ? "Accept" : "Allow";
  if (value === allow) return "Allow";
  if (value === "Deny") return "Deny";
  if (value === "Pass" && kind !== "BaselineAdminNetworkPolicy") return "Pass";
  const known = kind === "BaselineAdminNetworkPolicy" ? "Allow or Deny" : `${allow}, Deny or Pass`;
  report(path, `unknown action ${kindOfValue(value)}: write ${known}`);
  return "Deny";
}

function parsePeer(value: unknown, path: Path, context: Context): readonly AdminPeer[] {
  const { kind, direction, report } = context;
  const raw = checkedRaw(value, path, report);
  if (raw === undefined) return [];
  const known = ["namespaces", "pods", "nodes", "networks", "domainNames"];
  const given = known.filter((key) => isGiven(raw, key));
  if (given.length > 1) report(path, `a peer takes one field, not ${given.join(" and ")}`);
  const [field] = given;
  if (field === undefined || usesRemovedField(raw, field)) {
    report(path, "a peer without a known field makes the rule fail closed (CNP-8)", "warning");
    return [{ kind: "unknown" }];
  }
  if (direction === "ingress" && field !== "namespaces" && field !== "pods") {
    report(path, `an ingress peer takes namespaces or pods, not \`${field}\``);
    return [];
  }
  switch (field) {
    case "nodes":
      return [{ kind: "nodes", selector: parseSelector(raw["nodes"], [...path, "nodes"], report) }];
    case "networks":
      return [{ kind: "networks", cidrs: parseNetworks(raw, path, context) }];
    case "domainNames":
      return [{ kind: "domainNames", names: parseDomains(raw, path, context) }];
    default: {
      const pods = parsePods(raw, kind, path, report);
      return pods === undefined ? [] : [pods];
    }
  }
}

/** `sameLabels` and `notSameLabels` were removed (CNP-12): what they meant cannot be kept. */
function usesRemovedField(raw: Raw, field: string): boolean {
  const inner = raw[field];
  return isRaw(inner) && (isGiven(inner, "sameLabels") || isGiven(inner, "notSameLabels"));
}

function parseNetworks(raw: Raw, path: Path, context: Context): readonly AddressRange[] {
  return limited(raw, "networks", path, context).flatMap(
    (item, index) => parseRange(item, [...path, "networks", index], context.report) ?? [],
  );
}

function parseDomains(raw: Raw, path: Path, context: Context): readonly string[] {
  return limited(raw, "domainNames", path, context).flatMap((item, index) => {
    if (typeof item === "string" && DOMAIN.test(item)) return [item];
    context.report([...path, "domainNames", index], `${kindOfValue(item)} is no domain name`);
    return [];
  });
}

function parseProtocolEntry(
  value: unknown,
  path: Path,
  context: Context,
): readonly AdminProtocol[] {
  const raw = checkedRaw(value, path, context.report);
  if (raw === undefined) return [];
  return context.kind === "ClusterNetworkPolicy"
    ? parseV2Protocol(raw, path, context)
    : parseV1Port(raw, path, context);
}

/** v1alpha2: tcp, udp or sctp with a destination port, or a port name; the protocol is explicit (CNP-1). */
function parseV2Protocol(raw: Raw, path: Path, { report }: Context): readonly AdminProtocol[] {
  const name = raw["destinationNamedPort"];
  if (typeof name === "string" && name !== "") return [{ kind: "named", name }];
  for (const key of ["tcp", "udp", "sctp"] as const) {
    if (!isGiven(raw, key)) continue;
    const where = [...path, key];
    const match = checkedRaw(raw[key], where, report);
    if (match === undefined) return [];
    const protocol = key.toUpperCase() as "TCP" | "UDP" | "SCTP";
    if (!isGiven(match, "destinationPort")) {
      return [{ kind: "ports", protocol, first: 1, last: 65_535 }];
    }
    const port = checkedRaw(match["destinationPort"], [...where, "destinationPort"], report);
    if (port === undefined) return [];
    const range = isRaw(port["range"]) ? port["range"] : undefined;
    const bounds =
      range === undefined ? [port["number"], port["number"]] : [range["start"], range["end"]];
    const place = { path: [...where, "destinationPort"], report, isRange: range !== undefined };
    return portRange(protocol, bounds, place);
  }
  return unknownProtocol(path, report);
}

/** v1alpha1: a number, a range or a name; TCP unless it says otherwise (CNP-1). */
function parseV1Port(raw: Raw, path: Path, { report }: Context): readonly AdminProtocol[] {
  const name = raw["namedPort"];
  if (typeof name === "string" && name !== "") return [{ kind: "named", name }];
  for (const key of ["portNumber", "portRange"] as const) {
    if (!isGiven(raw, key)) continue;
    const where = [...path, key];
    const entry = checkedRaw(raw[key], where, report);
    if (entry === undefined) return [];
    const protocol = parseProtocol(entry["protocol"], [...where, "protocol"], report);
    const bounds =
      key === "portNumber" ? [entry["port"], entry["port"]] : [entry["start"], entry["end"]];
    return portRange(protocol, bounds, { path: where, report, isRange: key === "portRange" });
  }
  return unknownProtocol(path, report);
}

function unknownProtocol(path: Path, report: Report): readonly AdminProtocol[] {
  report(path, "a protocol without a known field makes the rule fail closed (CNP-8)", "warning");
  return [{ kind: "unknown" }];
}

interface PortPlace {
  readonly path: Path;
  readonly report: Report;
  readonly isRange: boolean;
}

/** Ports from `first` to `last`; a range must grow (CNP-11). */
function portRange(
  protocol: "TCP" | "UDP" | "SCTP",
  [first, last]: readonly unknown[],
  { path, report, isRange }: PortPlace,
): readonly AdminProtocol[] {
  if (!isPortNumber(first) || !isPortNumber(last)) {
    report(path, "a port must be a number from 1 to 65535");
    return [];
  }
  if (isRange && first >= last) {
    report(path, `a range must begin below its end: ${first} is not below ${last}`);
    return [];
  }
  return [{ kind: "ports", protocol, first, last }];
}
