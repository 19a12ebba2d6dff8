import { cidr } from "./hostile-ranges.ts";
import { namespaceSelector, nodeSelector, podSelector } from "./hostile-selectors.ts";
import type { Random } from "./random.ts";
import { type RawObject, WORDS } from "./words.ts";

/** ClusterNetworkPolicies of both tiers, AdminNetworkPolicies and at most one BaselineAdminNetworkPolicy. Priorities tie often, now and then names too. */
export function adminPolicies(random: Random, most: number): readonly RawObject[] {
  const all = random.many(0, most, () => adminPolicy(random));
  return [...new Map(all.map((policy) => [idOf(policy), policy])).values()];
}

/** The API has one object of a kind and name. */
function idOf({ kind, metadata }: RawObject): string {
  return `${String(kind)}/${(metadata as { readonly name: string }).name}`;
}

function adminPolicy(random: Random): RawObject {
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
    metadata: { name: isBaseline ? "default" : random.pick(["u", "v", "w", "x", "y", "z"]) },
    spec: {
      ...(isOld ? {} : { tier: random.pick(["Admin", "Baseline"]) }),
      ...(isBaseline ? {} : { priority: random.pick([0, 0, 1, 1, 1000]) }),
      subject: adminPods(random, isOld),
      ingress: rules("ingress"),
      egress: rules("egress"),
    },
  };
}

function adminPods(random: Random, isOld: boolean): RawObject {
  if (random.chance(50)) return { namespaces: namespaceSelector(random) };
  const namespaces =
    isOld || random.chance(60) ? { namespaceSelector: namespaceSelector(random) } : {};
  return { pods: { ...namespaces, podSelector: podSelector(random) } };
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
  const mayName = action === allow && kind !== "BaselineAdminNetworkPolicy";
  const most = random.pick([1, 1, 2]);
  const peers = random.many(1, most, () => adminPeer(random, { isOld, onlyPods, mayName }));
  return {
    action,
    [direction === "ingress" ? "from" : "to"]: peers,
    ...(ports.length > 0 ? { [isOld ? "ports" : "protocols"]: ports } : {}),
  };
}

interface PeerChoice {
  readonly isOld: boolean;
  readonly onlyPods: boolean;
  readonly mayName: boolean;
}

function adminPeer(random: Random, { isOld, onlyPods, mayName }: PeerChoice): RawObject {
  if (random.chance(4)) return {}; // CNP-8
  if (onlyPods || random.chance(30)) return adminPods(random, isOld);
  switch (random.below(mayName ? 3 : 2)) {
    case 0:
      return { networks: [...new Set(random.many(1, 3, () => cidr(random)))] };
    case 1:
      return { nodes: nodeSelector(random) };
    default:
      return { domainNames: [...new Set(random.many(1, 2, () => random.pick(NAMES)))] };
  }
}

const NAMES = ["api.example.com", "*.example.com", "*.Example.COM.", "example.com"];

function newPort(random: Random): RawObject {
  if (random.chance(4)) return {}; // CNP-8
  if (random.chance(25)) return { destinationNamedPort: random.pick(WORDS.ports) };
  const protocol = random.pick(["tcp", "udp", "sctp"]);
  const destinationPort = random.chance(60)
    ? { number: random.pick(WORDS.numbers) }
    : { range: random.pick(RANGES) };
  return { [protocol]: { destinationPort } };
}

const RANGES = [
  { start: 50, end: 53 },
  { start: 50, end: 80 },
  { start: 1, end: 65_535 },
];

function oldPort(random: Random): RawObject {
  if (random.chance(25)) return { namedPort: random.pick(WORDS.ports) };
  const protocol = random.chance(80) ? { protocol: random.pick(WORDS.protocols) } : {};
  return random.chance(60)
    ? { portNumber: { ...protocol, port: random.pick(WORDS.numbers) } }
    : { portRange: { ...protocol, ...random.pick(RANGES) } };
}
