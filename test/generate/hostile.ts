import { adminPolicy, networkPolicy } from "./hostile-policies.ts";
import { type Random, createRandom } from "./random.ts";
import { type RawObject, WORDS } from "./words.ts";

/** A small cluster that leaves nothing out: every kind of endpoint and policy, with contradictions and gaps. Valid for the API, apart from peers without a field (CNP-8). */
export function hostileCluster(seed: number): readonly RawObject[] {
  const random = createRandom(seed);
  const isDump = random.chance(60);
  const hasNodes = random.chance(50);
  return [
    ...namespaces(random),
    ...(hasNodes ? nodes(random) : []),
    ...random.many(2, 6, (index) => barePod(random, index, isDump)),
    ...random.many(0, 3, (index) => deployment(random, index)).flat(),
    ...(random.chance(40) ? statefulPods(random, isDump) : []),
    ...random.many(1, 6, (index) => networkPolicy(random, index)),
    ...onlyOneBaseline(random.many(0, 4, (index) => adminPolicy(random, index))),
  ];
}

function isBaseline({ kind }: RawObject): boolean {
  return kind === "BaselineAdminNetworkPolicy";
}

/** The API has one BaselineAdminNetworkPolicy, called `default`. */
function onlyOneBaseline(policies: readonly RawObject[]): readonly RawObject[] {
  const first = policies.find(isBaseline);
  return policies.filter((policy) => policy === first || !isBaseline(policy));
}

function namespaces(random: Random): readonly RawObject[] {
  return random.some(WORDS.namespaces, 80).map((name) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: labels(random, { zone: WORDS.zones }, 70) },
  }));
}

const NODES = ["n1", "n2"];

function nodes(random: Random): readonly RawObject[] {
  return NODES.map((name, index) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: labels(random, { zone: WORDS.zones }, 60) },
    status: {
      addresses: [
        { type: "Hostname", address: name },
        { type: "InternalIP", address: `10.9.0.${index + 1}` },
        ...(random.chance(40) ? [{ type: "InternalIP", address: `fd09::${index + 1}` }] : []),
        ...(random.chance(20) ? [{ type: "ExternalIP", address: `198.51.100.${index + 1}` }] : []),
      ],
    },
  }));
}

function labels(
  random: Random,
  words: Readonly<Record<string, readonly string[]>>,
  percent: number,
): Readonly<Record<string, string>> {
  const entries = random.some(Object.entries(words), percent);
  return Object.fromEntries(entries.map(([key, values]) => [key, random.pick(values)]));
}

function podLabels(random: Random): Readonly<Record<string, string>> {
  return labels(random, { app: WORDS.apps, tier: WORDS.tiers }, 80);
}

function podSpec(random: Random): RawObject {
  const port = () => ({
    name: random.pick(WORDS.ports),
    containerPort: random.pick([80, 8080, 53]),
    ...(random.chance(40) ? { protocol: random.pick(["TCP", "UDP", "SCTP"]) } : {}),
  });
  const sidecar = { name: "s", restartPolicy: "Always", ports: [port()] };
  return {
    containers: [{ name: "c", image: "registry.example/a:1", ports: random.many(0, 3, port) }],
    ...(random.chance(25) ? { initContainers: [sidecar, { name: "i", ports: [port()] }] } : {}),
    ...(random.chance(18) ? { hostNetwork: true } : {}),
  };
}

/** A status as a cluster writes it; the addresses of host-network pods are their node's. */
function withStatus(random: Random, spec: RawObject, number: number): RawObject {
  const node = random.below(NODES.length);
  const isHost = spec["hostNetwork"] === true;
  const v4 = isHost ? `10.9.0.${node + 1}` : `10.1.${node}.${number + 1}`;
  const v6 = isHost ? `fd09::${node + 1}` : `fd01::${node}:${number + 1}`;
  const ips = random.pick([[v4], [v4], [v4, v6], [v6]]);
  return {
    spec: { ...spec, ...(random.chance(80) ? { nodeName: NODES[node] } : {}) },
    status: {
      phase: random.chance(8) ? "Succeeded" : "Running",
      podIP: ips[0],
      podIPs: ips.map((ip) => ({ ip })),
      ...(random.chance(70) ? { hostIP: `10.9.0.${node + 1}` } : {}),
    },
  };
}

function barePod(random: Random, index: number, isDump: boolean): RawObject {
  const spec = podSpec(random);
  const hasStatus = isDump && random.chance(85);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `pod-${index}`,
      namespace: random.pick(WORDS.namespaces),
      labels: podLabels(random),
    },
    ...(hasStatus ? withStatus(random, spec, index) : { spec }),
  };
}

/** A Deployment, sometimes with its ReplicaSet and live pods. */
function deployment(random: Random, index: number): readonly RawObject[] {
  const namespace = random.pick(WORDS.namespaces);
  const name = `dep-${index}`;
  const own = podLabels(random);
  const spec = podSpec(random);
  const template = { metadata: { labels: own }, spec };
  const kind = random.pick(["Deployment", "DaemonSet"]);
  const owner: RawObject = {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace },
    spec: { selector: { matchLabels: own }, template },
  };
  if (random.chance(50)) return [owner];
  const hash = { "pod-template-hash": "abc" };
  const replicaSet: RawObject = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${name}-abc`,
      namespace,
      ownerReferences: [{ kind, name, controller: true }],
    },
    spec: { template },
  };
  const pods = random.many(1, 3, (number): RawObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${name}-abc-${number}`,
      namespace,
      labels: { ...own, ...hash },
      ownerReferences: [{ kind: "ReplicaSet", name: `${name}-abc`, controller: true }],
    },
    ...withStatus(random, spec, 40 + index * 10 + number),
  }));
  return [owner, replicaSet, ...pods];
}

/** Pods of one owner with labels of their own. */
function statefulPods(random: Random, isDump: boolean): readonly RawObject[] {
  const namespace = random.pick(WORDS.namespaces);
  const own = podLabels(random);
  const spec = podSpec(random);
  return [0, 1].map((number) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `set-${number}`,
      namespace,
      labels: { ...own, pod: `set-${number}`, ...podLabels(random) },
      ownerReferences: [{ kind: "StatefulSet", name: "set", controller: true }],
    },
    ...(isDump ? withStatus(random, spec, 90 + number) : { spec }),
  }));
}
