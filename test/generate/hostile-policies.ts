import type { Random } from "./random.ts";
import { type RawObject, WORDS } from "./words.ts";

/** Ranges that overlap pods, nodes, the outside and each other. */
const V4 = [
  "0.0.0.0/0",
  "10.0.0.0/8",
  "10.1.0.0/16",
  "10.1.0.0/29",
  "10.9.0.0/24",
  "203.0.113.0/24",
];
const V6 = ["::/0", "fd00::/8", "fd01::/64", "2001:db8::/32"];
const INSIDE: Readonly<Record<string, readonly string[]>> = {
  "0.0.0.0/0": ["10.0.0.0/8", "203.0.113.0/25"],
  "10.0.0.0/8": ["10.1.0.0/24", "10.9.0.1/32"],
  "10.1.0.0/16": ["10.1.1.0/24", "10.1.0.2/32"],
  "203.0.113.0/24": ["203.0.113.128/25"],
  "::/0": ["fd01::/64"],
  "fd00::/8": ["fd01::1:0/112"],
};

function selector(random: Random, words: Readonly<Record<string, readonly string[]>>): RawObject {
  const [key, values] = random.pick(Object.entries(words));
  switch (random.below(7)) {
    case 0:
      return {};
    case 1:
      return { matchExpressions: [{ key, operator: "NotIn", values: [random.pick(values)] }] };
    case 2:
      return { matchExpressions: [{ key, operator: random.pick(["Exists", "DoesNotExist"]) }] };
    case 3:
      return {
        matchExpressions: [
          { key, operator: "In", values: random.many(1, 2, () => random.pick(values)) },
        ],
      };
    case 4:
      return {
        matchLabels: { [key]: random.pick(values) },
        matchExpressions: [{ key, operator: "Exists" }],
      };
    default:
      return { matchLabels: { [key]: random.pick(values) } };
  }
}

const POD_WORDS = { app: WORDS.apps, tier: WORDS.tiers, pod: ["set-0", "set-1"] };
const NAMESPACE_WORDS = { zone: WORDS.zones, "kubernetes.io/metadata.name": WORDS.namespaces };

function pods(random: Random): RawObject {
  return selector(random, POD_WORDS);
}

function namespaces(random: Random): RawObject {
  return selector(random, NAMESPACE_WORDS);
}

/** A NetworkPolicy. */
export function networkPolicy(random: Random, index: number): RawObject {
  const direction = (side: string) => random.many(0, 2, () => rule(random, side));
  const types = random.pick([undefined, ["Ingress"], ["Egress"], ["Ingress", "Egress"]]);
  const spec: RawObject = {
    ...(random.chance(90) ? { podSelector: pods(random) } : {}),
    ...(types === undefined ? {} : { policyTypes: types }),
    ...(random.chance(75) ? { ingress: direction("from") } : {}),
    ...(random.chance(75) ? { egress: direction("to") } : {}),
  };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: `np-${index}`, namespace: random.pick(WORDS.namespaces) },
    spec,
  };
}

function rule(random: Random, side: string): RawObject {
  return {
    ...(random.chance(80) ? { [side]: random.many(0, 3, () => peer(random)) } : {}),
    ...(random.chance(65) ? { ports: random.many(0, 3, () => port(random)) } : {}),
  };
}

function peer(random: Random): RawObject {
  switch (random.below(5)) {
    case 0:
      return { podSelector: pods(random), namespaceSelector: null };
    case 1:
      return { namespaceSelector: namespaces(random) };
    case 2:
      return { podSelector: pods(random), namespaceSelector: namespaces(random) };
    default: {
      const cidr = random.pick(random.chance(70) ? V4 : V6);
      const except = random.some(INSIDE[cidr] ?? [], 50);
      return { ipBlock: { cidr, ...(except.length > 0 ? { except } : {}) } };
    }
  }
}

function port(random: Random): RawObject {
  const protocol = random.chance(60) ? { protocol: random.pick(["TCP", "UDP", "SCTP"]) } : {};
  switch (random.below(5)) {
    case 0:
      return protocol;
    case 1:
      return { ...protocol, port: random.pick(WORDS.ports) };
    case 2:
      return { ...protocol, port: 50, endPort: random.pick([50, 53, 80]) };
    default:
      return { ...protocol, port: random.pick([80, 8080, 53]) };
  }
}

/** A ClusterNetworkPolicy of either tier, an AdminNetworkPolicy or the BaselineAdminNetworkPolicy. Priorities tie often. */
export function adminPolicy(random: Random, index: number): RawObject {
  const kind = random.pick([
    "ClusterNetworkPolicy",
    "ClusterNetworkPolicy",
    "AdminNetworkPolicy",
    "BaselineAdminNetworkPolicy",
  ]);
  const isOld = kind !== "ClusterNetworkPolicy";
  const isBaseline = kind === "BaselineAdminNetworkPolicy";
  const rules = (direction: "ingress" | "egress") =>
    random.many(0, 3, () => adminRule(random, kind, direction));
  return {
    apiVersion: `policy.networking.k8s.io/${isOld ? "v1alpha1" : "v1alpha2"}`,
    kind,
    metadata: { name: isBaseline ? "default" : random.pick(["x", "y", `cnp-${index}`]) + index },
    spec: {
      ...(isOld ? {} : { tier: random.pick(["Admin", "Baseline"]) }),
      ...(isBaseline ? {} : { priority: random.below(2) }),
      subject: adminPods(random, isOld),
      ingress: rules("ingress"),
      egress: rules("egress"),
    },
  };
}

function adminPods(random: Random, isOld: boolean): RawObject {
  if (random.chance(50)) return { namespaces: namespaces(random) };
  const namespaceSelector =
    isOld || random.chance(60) ? { namespaceSelector: namespaces(random) } : {};
  return { pods: { ...namespaceSelector, podSelector: pods(random) } };
}

function adminRule(random: Random, kind: string, direction: "ingress" | "egress"): RawObject {
  const isOld = kind !== "ClusterNetworkPolicy";
  const allow = isOld ? "Allow" : "Accept";
  const actions = kind === "BaselineAdminNetworkPolicy" ? [allow, "Deny"] : [allow, "Deny", "Pass"];
  const action = random.pick(actions);
  const ports = random.chance(60)
    ? random.many(1, 2, () => (isOld ? oldPort(random) : newPort(random)))
    : [];
  const hasName = ports.some((each) => "namedPort" in each || "destinationNamedPort" in each);
  const onlyPods = direction === "ingress" || hasName;
  const peers = random.many(1, 2, () => adminPeer(random, isOld, onlyPods, action === allow));
  return {
    action,
    [direction === "ingress" ? "from" : "to"]: peers,
    ...(ports.length > 0 ? { [isOld ? "ports" : "protocols"]: ports } : {}),
  };
}

function adminPeer(random: Random, isOld: boolean, onlyPods: boolean, isAllow: boolean): RawObject {
  if (random.chance(4)) return {}; // CNP-8
  if (onlyPods || random.chance(45)) return adminPods(random, isOld);
  switch (random.below(isAllow ? 3 : 2)) {
    case 0:
      return { networks: random.many(1, 2, () => random.pick([...V4, ...V6])) };
    case 1:
      return { nodes: selector(random, { zone: WORDS.zones }) };
    default:
      return { domainNames: [random.pick(["api.example.com", "*.example.com"])] };
  }
}

function newPort(random: Random): RawObject {
  if (random.chance(25)) return { destinationNamedPort: random.pick(WORDS.ports) };
  const protocol = random.pick(["tcp", "udp", "sctp"]);
  const destinationPort = random.chance(60)
    ? { number: random.pick([80, 8080, 53]) }
    : { range: { start: 50, end: random.pick([53, 80]) } };
  return { [protocol]: { destinationPort } };
}

function oldPort(random: Random): RawObject {
  if (random.chance(25)) return { namedPort: random.pick(WORDS.ports) };
  const protocol = random.pick(["TCP", "UDP", "SCTP"]);
  return random.chance(60)
    ? { portNumber: { protocol, port: random.pick([80, 8080, 53]) } }
    : { portRange: { protocol, start: 50, end: random.pick([53, 80]) } };
}
