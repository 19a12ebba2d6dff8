import { type AddressRange, compareRanges, parseCidr } from "../base/index.ts";
import type { Origin, Path } from "./origin.ts";
import { isGiven, parseSelector } from "./parse-labels.ts";
import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
  TransportProtocol,
} from "./policy-objects.ts";
import { type Raw, type Report, checkedList, checkedRaw, kindOfValue, warnUnknown } from "./raw.ts";

/** Reads a networking.k8s.io/v1 NetworkPolicy as the API server would store it. What it would refuse is reported as an error. */
export function parseNetworkPolicy(
  raw: Raw,
  place: Pick<NetworkPolicy, "namespace" | "name"> & { readonly origin: Origin },
  report: Report,
): NetworkPolicy | undefined {
  const spec = checkedRaw(raw["spec"] ?? {}, ["spec"], report);
  if (spec === undefined) return undefined;
  warnUnknown(spec, ["podSelector", "policyTypes", "ingress", "egress"], ["spec"], report);
  const ingress = parseRules(spec, "ingress", report);
  const egress = parseRules(spec, "egress", report);
  return {
    kind: "NetworkPolicy",
    ...place,
    podSelector: parseSelector(spec["podSelector"], ["spec", "podSelector"], report),
    policyTypes: parseTypes(spec, egress.length > 0, report),
    ingress,
    egress,
  };
}

/** Without types: Ingress, and Egress if there are egress rules (NP-2). */
function parseTypes(spec: Raw, hasEgress: boolean, report: Report): NetworkPolicy["policyTypes"] {
  const types: ("Ingress" | "Egress")[] = [];
  const list = checkedList(spec, "policyTypes", ["spec"], report);
  for (const [index, type] of list.entries()) {
    if (type === "Ingress" || type === "Egress") types.push(type);
    else {
      report(
        ["spec", "policyTypes", index],
        `unknown policy type ${kindOfValue(type)}: write Ingress or Egress`,
      );
    }
  }
  if (list.length > 0) return types;
  return hasEgress ? ["Ingress", "Egress"] : ["Ingress"];
}

function parseRules(
  spec: Raw,
  direction: "ingress" | "egress",
  report: Report,
): readonly NetworkPolicyRule[] {
  const side = direction === "ingress" ? "from" : "to";
  return checkedList(spec, direction, ["spec"], report).map((item, index) => {
    const path = ["spec", direction, index];
    const rule = checkedRaw(item ?? {}, path, report) ?? {};
    warnUnknown(rule, [side, "ports"], path, report);
    const peers = checkedList(rule, side, path, report).flatMap((peer, number) =>
      parsePeer(peer, [...path, side, number], report),
    );
    const ports = checkedList(rule, "ports", path, report).flatMap((port, number) =>
      parsePort(port, [...path, "ports", number], report),
    );
    return { peers, ports };
  });
}

function parsePeer(value: unknown, path: Path, report: Report): readonly NetworkPolicyPeer[] {
  const raw = checkedRaw(value ?? {}, path, report);
  if (raw === undefined) return [];
  warnUnknown(raw, ["podSelector", "namespaceSelector", "ipBlock"], path, report);
  const hasSelector = isGiven(raw, "podSelector") || isGiven(raw, "namespaceSelector");
  if (isGiven(raw, "ipBlock")) {
    if (hasSelector) report(path, "a peer with `ipBlock` takes no selector: make two peers of it");
    return parseIpBlock(raw["ipBlock"], [...path, "ipBlock"], report);
  }
  if (!hasSelector) {
    report(path, "a peer needs `podSelector`, `namespaceSelector` or `ipBlock`");
    return [];
  }
  const selector = (key: "podSelector" | "namespaceSelector") =>
    isGiven(raw, key) ? parseSelector(raw[key], [...path, key], report) : undefined;
  const namespaceSelector = selector("namespaceSelector");
  return [{ kind: "pods", namespaceSelector, podSelector: selector("podSelector") }];
}

function parseIpBlock(value: unknown, path: Path, report: Report): readonly NetworkPolicyPeer[] {
  const raw = checkedRaw(value, path, report);
  if (raw === undefined) return [];
  warnUnknown(raw, ["cidr", "except"], path, report);
  const cidr = parseRange(raw["cidr"], [...path, "cidr"], report);
  if (cidr === undefined) return [];
  const except: AddressRange[] = [];
  for (const [index, item] of checkedList(raw, "except", path, report).entries()) {
    const where = [...path, "except", index];
    const range = parseRange(item, where, report);
    if (range === undefined) continue;
    if (!isStrictlyInside(range, cidr)) {
      report(where, `\`${String(item)}\` must lie strictly inside \`${String(raw["cidr"])}\``);
    } else except.push(range);
  }
  return [{ kind: "ipBlock", cidr, except }];
}

function isStrictlyInside(inner: AddressRange, outer: AddressRange): boolean {
  return (
    inner.family === outer.family &&
    inner.first >= outer.first &&
    inner.last <= outer.last &&
    compareRanges(inner, outer) !== 0
  );
}

/** Reads a range in CIDR notation; reports anything else. */
export function parseRange(value: unknown, path: Path, report: Report): AddressRange | undefined {
  const range = typeof value === "string" ? parseCidr(value) : undefined;
  if (range === undefined) {
    report(path, `${kindOfValue(value)} is no address range: write it like \`10.0.0.0/8\``);
  }
  return range;
}

function parsePort(value: unknown, path: Path, report: Report): readonly NetworkPolicyPort[] {
  const raw = checkedRaw(value ?? {}, path, report);
  if (raw === undefined) return [];
  warnUnknown(raw, ["protocol", "port", "endPort"], path, report);
  const protocol = parseProtocol(raw["protocol"], [...path, "protocol"], report);
  const port = raw["port"] ?? undefined;
  const endPort = raw["endPort"] ?? undefined;
  if (typeof port === "string") checkPortName(port, [...path, "port"], report);
  else if (port !== undefined && !isPortNumber(port)) {
    report(
      [...path, "port"],
      `${kindOfValue(port)} is no port: write a number from 1 to 65535 or a name`,
    );
  }
  if (endPort !== undefined) checkEndPort(port, endPort, [...path, "endPort"], report);
  return [
    {
      protocol,
      port: port as number | string | undefined,
      endPort: endPort as number | undefined,
    },
  ];
}

function checkEndPort(port: unknown, endPort: unknown, path: Path, report: Report): void {
  if (!isPortNumber(endPort)) {
    report(path, `${kindOfValue(endPort)} is no port: write a number from 1 to 65535`);
  } else if (typeof port !== "number") {
    report(path, "`endPort` needs a `port` that is a number");
  } else if (endPort < port) {
    report(path, `\`endPort\` ${endPort} is below \`port\` ${port}`);
  }
}

/** TCP, UDP or SCTP; TCP where nothing is given (NP-5). */
export function parseProtocol(value: unknown, path: Path, report: Report): TransportProtocol {
  if (value === undefined || value === null) return "TCP";
  if (value === "TCP" || value === "UDP" || value === "SCTP") return value;
  report(path, `unknown protocol ${kindOfValue(value)}: write TCP, UDP or SCTP`);
  return "TCP";
}

/** Whether a value is a port number. */
export function isPortNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

/** Reports a port name that is none (RFC 6335 5.1): at most 15 of a-z, 0-9 and `-`, with a letter, no `-` at an end or twice. */
export function checkPortName(name: string, path: Path, report: Report): void {
  const isName =
    name.length <= 15 &&
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/u.test(name) &&
    /[a-z]/u.test(name) &&
    !name.includes("--");
  if (!isName) {
    report(
      path,
      `\`${name}\` is no port name: write at most 15 of a-z, 0-9 and \`-\` with a letter among them`,
    );
  }
}
