import { ipBlock } from "./hostile-ranges.ts";
import { namespaceSelector, nodeSelector, podSelector } from "./hostile-selectors.ts";
import type { Random } from "./random.ts";
import { type RawObject, WORDS } from "./words.ts";

const API = "crd.antrea.io/v1beta1";

/** Tiers, groups and policies of Antrea; mostly none, as other engines do not know them. */
export function antreaObjects(random: Random): readonly RawObject[] {
  if (random.chance(65)) return [];
  return [
    {
      apiVersion: API,
      kind: "Tier",
      metadata: { name: "own" },
      spec: { priority: random.pick([10, 225]) },
    },
    ...random.many(0, 3, (index) => group(random, index)),
    ...random.many(1, 5, (index) => policy(random, index)),
  ];
}

function group(random: Random, index: number): RawObject {
  const isCluster = random.chance(60);
  const spec = random.pick<() => RawObject>([
    () => ({ podSelector: podSelector(random) }),
    () => ({ namespaceSelector: namespaceSelector(random) }),
    () => ({ ipBlocks: [{ cidr: random.pick(["10.1.0.0/24", "203.0.113.0/24"]) }] }),
    () => ({ childGroups: [random.pick(GROUPS), random.pick(GROUPS)] }),
    () => ({ nodeSelector: nodeSelector(random) }),
  ])();
  return {
    apiVersion: API,
    kind: isCluster ? "ClusterGroup" : "Group",
    metadata: { name: `g${index}`, ...(isCluster ? {} : { namespace: random.pick(WORDS.homes) }) },
    spec,
  };
}

const GROUPS = ["g0", "g1", "g2", "gone"];

function policy(random: Random, index: number): RawObject {
  const isCluster = random.chance(60);
  const byRule = random.chance(30);
  const tier = random.pick([undefined, "emergency", "own", "baseline", "application", "gone"]);
  const of: RuleSetting = { isCluster, byRule, isBaseline: tier === "baseline" };
  return {
    apiVersion: API,
    kind: isCluster ? "ClusterNetworkPolicy" : "NetworkPolicy",
    metadata: {
      name: `antrea-${index}`,
      ...(isCluster ? {} : { namespace: random.pick(WORDS.homes) }),
    },
    spec: {
      ...(tier === undefined ? {} : { tier }),
      priority: random.pick([1, 5, 5, 5.5]),
      ...(byRule ? {} : { appliedTo: random.many(1, 2, () => applied(random, isCluster)) }),
      ingress: random.many(0, 3, () => rule(random, "from", of)),
      egress: random.many(0, 3, () => rule(random, "to", of)),
    },
  };
}

interface RuleSetting {
  readonly isCluster: boolean;
  readonly byRule: boolean;
  readonly isBaseline: boolean;
}

function applied(random: Random, isCluster: boolean): RawObject {
  const choices: readonly (() => RawObject)[] = [
    () => ({ podSelector: podSelector(random) }),
    () => ({ podSelector: {} }),
    () => ({ group: random.pick(GROUPS) }),
    () => ({ namespaceSelector: namespaceSelector(random) }),
    () => ({ serviceAccount: { name: "default", namespace: random.pick(WORDS.namespaces) } }),
  ];
  return random.pick(isCluster ? choices : choices.slice(0, 3))();
}

function rule(
  random: Random,
  side: string,
  { isCluster, byRule, isBaseline }: RuleSetting,
): RawObject {
  const isL7 = random.chance(8);
  const actions = isBaseline ? ["Allow", "Drop", "Reject"] : ["Allow", "Drop", "Reject", "Pass"];
  const peers = random.chance(20)
    ? undefined
    : random.many(1, 2, () => peer(random, side, isCluster));
  const ports = random.chance(60) ? random.many(1, 2, () => port(random)) : undefined;
  const icmp = random.chance(15)
    ? [{ icmp: random.pick<RawObject>([{}, { icmpType: 8 }]) }]
    : undefined;
  return {
    action: isL7 ? "Allow" : random.pick(actions),
    ...(peers === undefined ? {} : { [side]: peers }),
    ...(ports === undefined ? {} : { ports }),
    ...(icmp === undefined || isL7 ? {} : { protocols: icmp }),
    ...(isL7 ? { l7Protocols: [{ http: { method: "GET", path: "/a*" } }] } : {}),
    ...(byRule ? { appliedTo: [applied(random, isCluster)] } : {}),
  };
}

function peer(random: Random, side: string, isCluster: boolean): RawObject {
  const choices: readonly (() => RawObject)[] = [
    () => ({ podSelector: podSelector(random) }),
    () => ({ namespaceSelector: namespaceSelector(random) }),
    () => ({ ipBlock: block(random) }),
    () => ({ group: random.pick(GROUPS) }),
    () => ({ nodeSelector: nodeSelector(random) }),
    ...(side === "to" ? [() => ({ fqdn: random.pick(["*.example.com", "api.example.com"]) })] : []),
    ...(isCluster
      ? [
          () => ({ namespaces: { match: "Self" } }),
          () => ({ namespaces: { sameLabels: ["team"] }, podSelector: podSelector(random) }),
          () => ({ serviceAccount: { name: "default", namespace: random.pick(WORDS.namespaces) } }),
        ]
      : []),
  ];
  return random.pick(choices)();
}

/** An exception lies strictly inside. */
function block(random: Random): RawObject {
  const { cidr } = ipBlock(random);
  return { cidr };
}

function port(random: Random): RawObject {
  const protocol = { protocol: random.pick(WORDS.protocols) };
  return random.pick<RawObject>([
    protocol,
    { ...protocol, port: random.pick(WORDS.numbers) },
    { ...protocol, port: random.pick(WORDS.ports) },
    { ...protocol, port: 50, endPort: 80 },
    { ...protocol, port: 80, sourcePort: 1000 },
  ]);
}
