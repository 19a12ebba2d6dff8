import type { Random } from "./random.ts";
import { type RawObject, WORDS } from "./words.ts";

/** Tiers, policies, network sets and host endpoints of Calico; mostly none, as other engines do not know them. */
export function calicoObjects(random: Random): readonly RawObject[] {
  if (random.chance(60)) return [];
  return [
    ...random.many(0, 2, tier(random)),
    ...random.many(0, 2, (index) => networkSet(random, index)),
    ...(random.chance(25) ? random.many(1, 2, (index) => hostEndpoint(random, index)) : []),
    ...random.many(1, 5, (index) => policy(random, index)),
  ];
}

/** Where a global policy stands, mostly in the ordinary place. */
const EARLY = ["doNotTrack", "preDNAT", ...Array.from({ length: 11 }, () => undefined)];

const API = "projectcalico.org/v3";

function tier(random: Random): (index: number) => RawObject {
  return (index) => ({
    apiVersion: API,
    kind: "Tier",
    metadata: { name: `t${index}` },
    spec: {
      ...perhaps(random, 80, { order: random.pick([1, 500, 1000, 2_000_000]) }),
      ...perhaps(random, 50, { defaultAction: random.pick(["Pass", "Deny"]) }),
    },
  });
}

function networkSet(random: Random, index: number): RawObject {
  const isGlobal = random.chance(60);
  return {
    apiVersion: API,
    kind: isGlobal ? "GlobalNetworkSet" : "NetworkSet",
    metadata: {
      name: `set-${index}`,
      ...(isGlobal ? {} : { namespace: random.pick(WORDS.homes) }),
      labels: { app: random.pick(WORDS.apps) },
    },
    spec: { nets: random.many(1, 3, () => random.pick(NETS)) },
  };
}

function hostEndpoint(random: Random, index: number): RawObject {
  const isWhole = random.chance(50);
  return {
    apiVersion: API,
    kind: "HostEndpoint",
    metadata: { name: `host-${index}`, labels: { zone: random.pick(WORDS.zones) } },
    spec: {
      node: random.pick(WORDS.nodes),
      interfaceName: isWhole ? "*" : "eth0",
      ...perhaps(random, 50, { expectedIPs: [random.pick(["10.9.0.1", "10.9.0.2"])] }),
      ...perhaps(random, 50, { profiles: ["projectcalico-default-allow"] }),
    },
  };
}

function policy(random: Random, index: number): RawObject {
  const isGlobal = random.chance(50);
  const isStaged = random.chance(10);
  const types = random.pick([undefined, ["Ingress"], ["Egress"], ["Ingress", "Egress"]]);
  const early = isGlobal ? random.pick(EARLY) : undefined;
  const hasEgress = early !== "preDNAT" && random.chance(70);
  const kind = isGlobal ? "GlobalNetworkPolicy" : "NetworkPolicy";
  return {
    apiVersion: random.chance(50) ? API : "crd.projectcalico.org/v1",
    kind: isStaged ? `Staged${kind}` : kind,
    metadata: {
      name: `${random.pick(["p", "p-x", "np"])}-${index}`,
      ...(isGlobal ? {} : { namespace: random.pick(WORDS.homes) }),
    },
    spec: {
      ...perhaps(random, 50, { tier: random.pick(["default", "t0", "t1", "gone"]) }),
      ...perhaps(random, 70, { order: random.pick([1, 10, 1000, 1000.5]) }),
      ...perhaps(random, 80, { selector: selector(random) }),
      ...(isGlobal && random.chance(30) ? { namespaceSelector: namespaceSelector(random) } : {}),
      ...perhaps(random, 15, { serviceAccountSelector: "has(projectcalico.org/name)" }),
      ...(types === undefined || early === "preDNAT" ? {} : { types }),
      ...flags(early),
      ...(early === undefined && isGlobal && random.chance(20) ? { applyOnForward: true } : {}),
      ...perhaps(random, 75, { ingress: random.many(0, 3, () => rule(random, "ingress")) }),
      ...(hasEgress ? { egress: random.many(0, 3, () => rule(random, "egress")) } : {}),
    },
  };
}

function flags(early: string | undefined): RawObject {
  return early === undefined ? {} : { [early]: true, applyOnForward: true };
}

function icmp(random: Random): RawObject {
  return {
    ...perhaps(random, 50, { icmp: random.pick([{ type: 8 }, { type: 3, code: 4 }]) }),
    ...perhaps(random, 20, { notICMP: { type: 8 } }),
  };
}

function rule(random: Random, direction: string): RawObject {
  const isV6 = random.chance(20);
  const protocol = random.pick(["TCP", "UDP", "SCTP", isV6 ? "ICMPv6" : "ICMP", 6, 47, undefined]);
  const hasPorts = protocol === "TCP" || protocol === "UDP" || protocol === "SCTP";
  const isIcmp = `${protocol}`.startsWith("ICMP");
  const http = direction === "ingress" && protocol === "TCP" && random.chance(15);
  return {
    action: http ? "Allow" : random.pick(["Allow", "Allow", "Deny", "Pass", "Log"]),
    ...(protocol === undefined ? {} : { protocol }),
    ...perhaps(random, 10, { notProtocol: random.pick<unknown>(["UDP", 47]) }),
    ...(random.chance(10) && !isIcmp ? { ipVersion: isV6 ? 6 : 4 } : {}),
    ...(isIcmp ? icmp(random) : {}),
    ...(http ? { http: random.pick(REQUESTS) } : {}),
    ...(random.chance(60)
      ? { source: entity(random, { isV6, hasPorts: hasPorts && random.chance(10) }) }
      : {}),
    ...perhaps(random, 70, { destination: entity(random, { isV6, hasPorts }) }),
  };
}

const REQUESTS = [
  { methods: ["GET"] },
  { methods: ["GET", "PUT"], paths: [{ exact: "/a" }, { prefix: "/b" }] },
];

function entity(
  random: Random,
  { isV6, hasPorts }: { readonly isV6: boolean; readonly hasPorts: boolean },
): RawObject {
  const nets = isV6 ? NETS6 : NETS;
  return {
    ...perhaps(random, 40, { selector: selector(random) }),
    ...perhaps(random, 15, { notSelector: selector(random) }),
    ...perhaps(random, 20, { namespaceSelector: entityNamespaces(random) }),
    ...perhaps(random, 10, { serviceAccounts: { names: ["default"] } }),
    ...perhaps(random, 20, { nets: random.many(1, 2, () => random.pick(nets)) }),
    ...perhaps(random, 10, { notNets: [random.pick(nets)] }),
    ...(hasPorts && random.chance(60) ? { ports: random.many(1, 2, () => port(random)) } : {}),
    ...(hasPorts && random.chance(15) ? { notPorts: random.many(1, 2, () => port(random)) } : {}),
  };
}

function port(random: Random): unknown {
  return random.pick<unknown>([...WORDS.numbers, "50:90", "0:80", ...WORDS.ports]);
}

const NETS = ["10.1.0.0/24", "10.1.0.0/29", "10.9.0.0/24", "203.0.113.0/24", "10.1.0.2/32"];
const NETS6 = ["fd01::/64", "fd01::2/128", "2001:db8::/32"];

function selector(random: Random): string {
  switch (random.below(9)) {
    case 0:
      return "all()";
    case 1:
      return `app in {'${random.pick(WORDS.apps)}', '${random.pick(WORDS.apps)}'}`;
    case 2:
      return `app != '${random.pick(WORDS.apps)}' && has(tier)`;
    case 3:
      return `zone == '${random.pick(WORDS.zones)}'`;
    case 4:
      return `app contains '${random.pick(["e", "b", "d"])}' || !has(tier)`;
    case 5:
      return `projectcalico.org/namespace == '${random.pick(WORDS.namespaces)}'`;
    case 6:
      return `pcns.team == 'x' || app == '${random.pick(WORDS.apps)}'`;
    case 7:
      return `!(tier == '${random.pick(WORDS.tiers)}')`;
    default:
      return `app == '${random.pick(WORDS.apps)}'`;
  }
}

function namespaceSelector(random: Random): string {
  return random.pick([
    "all()",
    `kubernetes.io/metadata.name == '${random.pick(WORDS.namespaces)}'`,
    `projectcalico.org/name in {'${random.pick(WORDS.namespaces)}'}`,
    "!has(team)",
  ]);
}

function entityNamespaces(random: Random): string {
  return random.chance(20) ? "global()" : namespaceSelector(random);
}

/** Fields that are there in so many of a hundred cases. */
function perhaps(random: Random, percent: number, fields: RawObject): RawObject {
  return random.chance(percent) ? fields : {};
}
