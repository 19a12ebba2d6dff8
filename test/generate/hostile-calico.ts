import { cidr } from "./hostile-ranges.ts";
import type { Random } from "./random.ts";
import { type RawObject, WORDS } from "./words.ts";

/** Tiers, policies, sets, host endpoints, settings of Felix and service accounts of Calico: every field, few words, so that they meet. Valid for the API; mostly none, as other engines do not know them. */
export function calicoObjects(random: Random): readonly RawObject[] {
  if (random.chance(50)) return [];
  const hasHosts = random.chance(30);
  return [
    ...random.some(TIERS, 60).map((name) => tier(random, name)),
    ...(random.chance(35)
      ? random.many(1, 2, (index) => plainPolicy(random, index))
      : random.many(1, 5, (index) => policy(random, index))),
    ...random.many(0, 2, (index) => networkSet(random, index)),
    ...(random.chance(40) ? [serviceAccount(random)] : []),
    ...(hasHosts ? WORDS.nodes.flatMap((node) => hostEndpoint(random, node)) : []),
    ...(random.chance(25) ? [felix(random)] : []),
  ];
}

const VERSION = "projectcalico.org/v3";
/** `late` is behind the default tier; `ghost` never has an object. */
const TIERS = ["early", "late"] as const;
const NAMED_TIERS = ["default", "default", "default", "early", "late", "ghost"] as const;

function tier(random: Random, name: (typeof TIERS)[number]): RawObject {
  const order = name === "early" ? random.pick([10, 1000]) : random.pick([2_000_000, undefined]);
  const defaultAction = random.pick([undefined, "Deny", "Pass"]);
  return {
    apiVersion: VERSION,
    kind: "Tier",
    metadata: { name },
    spec: { ...given("order", order), ...given("defaultAction", defaultAction) },
  };
}

function given(key: string, value: unknown): RawObject {
  return value === undefined ? {} : { [key]: value };
}

function policy(random: Random, index: number): RawObject {
  const isGlobal = random.chance(55);
  const staged = random.chance(10) ? "Staged" : "";
  const flags = isGlobal ? random.pick(FLAGS) : {};
  const isEarly = "preDNAT" in flags;
  const types = isEarly
    ? ["Ingress"]
    : random.pick([undefined, undefined, ["Ingress"], ["Egress"], ["Ingress", "Egress"]]);
  // requests are seen at pods only
  const mayAsk = !isEarly && !("doNotTrack" in flags);
  const spec: RawObject = {
    ...given("tier", random.chance(70) ? random.pick(NAMED_TIERS) : undefined),
    ...given("order", random.pick([undefined, 0.5, 5, 5, 1000, 1000, 2000])),
    ...given("selector", random.chance(75) ? selector(random) : undefined),
    ...(isGlobal && random.chance(20) ? { namespaceSelector: namespaceSelector(random) } : {}),
    ...(random.chance(8) ? { serviceAccountSelector: "role == 'keeper' || !has(role)" } : {}),
    ...given("types", types),
    ...(random.chance(85)
      ? { ingress: random.many(0, 3, () => rule(random, "ingress", mayAsk)) }
      : {}),
    ...(!isEarly && random.chance(50)
      ? { egress: random.many(0, 3, () => rule(random, "egress")) }
      : {}),
    ...flags,
  };
  const kind = `${staged}${isGlobal ? "Global" : ""}NetworkPolicy`;
  const place = isGlobal ? {} : { namespace: random.pick(WORDS.homes) };
  return { apiVersion: VERSION, kind, metadata: { name: `cp-${index}`, ...place }, spec };
}

/** A policy with one rule that decides by ports or by requests, so that these are often what decides. */
function plainPolicy(random: Random, index: number): RawObject {
  const isRequest = random.chance(50);
  const own = isRequest
    ? { http: { methods: ["GET"], paths: [random.pick([{ prefix: "/" }, { exact: "/a" }])] } }
    : { destination: destinationPorts(random) };
  const protocol = isRequest ? {} : { protocol: random.pick(WORDS.protocols) };
  const from = random.chance(30) ? { source: { selector: selector(random) } } : {};
  return {
    apiVersion: VERSION,
    kind: "GlobalNetworkPolicy",
    metadata: { name: `plain-${index}` },
    spec: {
      order: 1,
      types: ["Ingress"],
      ...given("selector", random.chance(50) ? selector(random) : undefined),
      ingress: [{ action: "Allow", ...protocol, ...from, ...own }],
    },
  };
}

const FLAGS: readonly RawObject[] = [
  {},
  {},
  {},
  {},
  { applyOnForward: true },
  { applyOnForward: true },
  { applyOnForward: true, preDNAT: true },
  { applyOnForward: true, doNotTrack: true },
];

const TESTS = [
  "all()",
  "app == 'web'",
  "app != 'db'",
  "app in {'web', 'api'}",
  "app not in {'db'}",
  "has(tier)",
  "!has(app)",
  "tier contains 'o'",
  "app starts with 'a'",
  "tier ends with 'k'",
  "kind == 'host'",
  "has(kind)",
  "projectcalico.org/namespace == 'red'",
  "projectcalico.org/namespace != 'red'",
  "projectcalico.org/orchestrator == 'k8s'",
  "projectcalico.org/serviceaccount == 'default'",
  "projectcalico.org/serviceaccount starts with 'd'",
  "pcns.zone == 'a'",
  "pcns.zone != 'b'",
  "has(pcns.zone)",
  "pcns.projectcalico.org/name in {'red', 'blue'}",
  "pcsa.role == 'keeper'",
] as const;

function selector(random: Random): string {
  const one = (): string => (random.chance(10) ? `!(${random.pick(TESTS)})` : random.pick(TESTS));
  switch (random.below(6)) {
    case 0:
      return `${one()} && ${one()}`;
    case 1:
      return `${one()} || ${one()}`;
    case 2:
      return `(${one()} || ${one()}) && ${one()}`;
    default:
      return one();
  }
}

function namespaceSelector(random: Random): string {
  return random.pick([
    "all()",
    "zone == 'a'",
    "zone != 'a'",
    "has(zone) || projectcalico.org/name == 'red'",
    "projectcalico.org/name == 'red'",
    "!has(zone)",
    "kubernetes.io/metadata.name in {'red', 'green'}",
  ]);
}

function rule(random: Random, direction: "ingress" | "egress", mayAsk = false): RawObject {
  const action = random.pick(["Allow", "Allow", "Allow", "Deny", "Deny", "Pass", "Log"]);
  const family = random.chance(75) ? 4 : 6;
  const match = traffic(random, family);
  const hasPorts = ["TCP", "UDP", "SCTP"].includes(match["protocol"] as string);
  const [near, far] =
    direction === "ingress" ? ["destination", "source"] : ["source", "destination"];
  const ports = hasPorts && random.chance(85) ? destinationPorts(random) : {};
  const sourcePorts = sourcePortsOf(random, hasPorts);
  const other = random.chance(60) ? entity(random, family) : {};
  const own = random.chance(15) ? entity(random, family) : {};
  const isIngress = direction === "ingress";
  const mayHave = mayAsk && action === "Allow" && (match["protocol"] ?? "TCP") === "TCP";
  const http = mayHave ? request(random) : {};
  return {
    action,
    ...match,
    ...http,
    [far]: { ...other, ...(isIngress ? sourcePorts : ports) },
    [near]: { ...own, ...(isIngress ? ports : sourcePorts) },
  };
}

function sourcePortsOf(random: Random, hasPorts: boolean): RawObject {
  return hasPorts && random.chance(4) ? { ports: [4000] } : {};
}

function request(random: Random): RawObject {
  if (random.chance(70)) return {};
  return { http: { methods: random.pick([["GET"], ["*"]]), paths: [{ prefix: "/" }] } };
}

function traffic(random: Random, family: 4 | 6): RawObject {
  switch (random.below(16)) {
    case 0:
      return { protocol: "ICMP", ...(random.chance(50) ? { icmp: { type: 8 } } : {}) };
    case 1:
      return { protocol: "ICMPv6", notICMP: { type: 128, code: 0 } };
    case 2:
      return { notProtocol: random.pick([...WORDS.protocols, 112]) };
    case 3:
      return { protocol: random.pick([112, 17, "UDPLite"]) };
    case 4:
    case 5:
    case 6:
      return {};
    case 7:
      return { ipVersion: family };
    default:
      return { protocol: random.pick(WORDS.protocols) };
  }
}

function destinationPorts(random: Random): RawObject {
  const port = (): unknown =>
    random.pick([...WORDS.ports, ...WORDS.numbers, "50:80", "8080:65535"]);
  return {
    ...(random.chance(80) ? { ports: random.many(1, 2, port) } : {}),
    ...(random.chance(30) ? { notPorts: random.many(1, 2, port) } : {}),
  };
}

/** Ranges of one family only, as one rule may not mix them. */
function entity(random: Random, family: 4 | 6): RawObject {
  const isOfFamily = (text: string): boolean => text.includes(":") === (family === 6);
  const nets = random.many(4, 4, () => cidr(random)).filter(isOfFamily);
  const excluded = nets.filter((text) => !text.endsWith("/0"));
  return {
    ...(random.chance(45) ? { selector: selector(random) } : {}),
    ...(random.chance(15) ? { notSelector: selector(random) } : {}),
    ...(random.chance(20)
      ? { namespaceSelector: random.chance(15) ? "global()" : namespaceSelector(random) }
      : {}),
    ...(random.chance(8) ? { serviceAccounts: random.pick(ACCOUNTS) } : {}),
    ...(random.chance(30) && nets.length > 0 ? { nets: nets.slice(0, 2) } : {}),
    ...(random.chance(12) && excluded.length > 0 ? { notNets: excluded.slice(0, 1) } : {}),
  };
}

const ACCOUNTS = [
  { names: ["default"] },
  { names: ["other", "default"], selector: "role == 'keeper'" },
  { selector: "!has(role)" },
] as const;

function networkSet(random: Random, index: number): RawObject {
  const isGlobal = random.chance(50);
  const labels = random.pick([{ app: "web" }, { tier: "back", kind: "set" }, {}]);
  const place = isGlobal ? {} : { namespace: random.pick(WORDS.homes) };
  return {
    apiVersion: VERSION,
    kind: isGlobal ? "GlobalNetworkSet" : "NetworkSet",
    metadata: { name: `set-${index}`, labels, ...place },
    spec: { nets: random.many(0, 2, () => cidr(random)) },
  };
}

function serviceAccount(random: Random): RawObject {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "default", namespace: random.pick(WORDS.homes), labels: { role: "keeper" } },
  };
}

function hostEndpoint(random: Random, node: string): readonly RawObject[] {
  return random.many(0, random.chance(20) ? 2 : 1, (index) => ({
    apiVersion: VERSION,
    kind: "HostEndpoint",
    metadata: {
      name: `${node}-${index}`,
      labels: random.pick([{ kind: "host" }, { app: "web" }, {}]),
    },
    spec: {
      node,
      interfaceName: random.pick(["eth0", "*"]),
      expectedIPs: random.pick([[], ["10.9.0.1"], ["10.9.0.2", "fd09::1"]]),
      profiles: random.pick([[], ["projectcalico-default-allow"]]),
    },
  }));
}

function felix(random: Random): RawObject {
  return {
    apiVersion: VERSION,
    kind: "FelixConfiguration",
    metadata: { name: "default" },
    spec: {
      ...given("defaultEndpointToHostAction", random.pick([undefined, "Drop", "Accept"])),
      ...(random.chance(10) ? { bpfEnabled: true } : {}),
      ...(random.chance(30) ? { allowVXLANPacketsFromWorkloads: true } : {}),
      ...(random.chance(30)
        ? { failsafeInboundHostPorts: [{ protocol: "tcp", port: 80, net: "203.0.113.0/24" }] }
        : {}),
    },
  };
}
