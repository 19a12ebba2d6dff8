import type { Family } from "../../src/base/index.ts";
import type { Random } from "./random.ts";
import { type RawObject, WORDS } from "./words.ts";

/** What the endpoints of one cluster have in common. */
export interface Setting {
  /** A dump of a cluster: pods have a status. */
  readonly isDump: boolean;
  /** How many bare pods there are at least and at most. */
  readonly pods: readonly [number, number];
  /** How many of a hundred pods are on the host network. */
  readonly hostPods: number;
  /** How many of a hundred pods of a dump tell the name of their node. */
  readonly nodeNames: number;
  /** The families of pods; each pod has one of these choices. */
  readonly stacks: readonly (readonly Family[])[];
}

/** Namespaces, some of which are only used, not declared. */
export function namespaces(random: Random): readonly RawObject[] {
  return random.some(WORDS.namespaces, 80).map((name) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: labels(random, { zone: WORDS.zones }, 70) },
  }));
}

/** Nodes, some of which are not among the objects; with and without labels, of one family, of both, or without an address. */
export function nodes(random: Random): readonly RawObject[] {
  return random.some(WORDS.nodes, 75).map((name) => {
    const number = WORDS.nodes.indexOf(name) + 1;
    const internal = random.pick([
      [`10.9.0.${number}`],
      [`10.9.0.${number}`],
      [`10.9.0.${number}`, `fd09::${number}`],
      [`fd09::${number}`],
      [],
    ]);
    return {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels: labels(random, { zone: WORDS.zones }, 60) },
      status: {
        addresses: [
          { type: "Hostname", address: name },
          ...internal.map((address) => ({ type: "InternalIP", address })),
          ...(random.chance(20) ? [{ type: "ExternalIP", address: `198.51.100.${number}` }] : []),
        ],
      },
    };
  });
}

/** Pods by themselves, Deployments and the like with and without live pods, and pods of an owner that is not there. */
export function workloads(random: Random, setting: Setting): readonly RawObject[] {
  const [least, most] = setting.pods;
  return [
    ...random.many(least, most, (index) => barePod(random, index, setting)),
    ...random.many(0, 3, (index) => deployment(random, index, setting)).flat(),
    ...(random.chance(40) ? statefulPods(random, setting) : []),
  ];
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

function podSpec(random: Random, { hostPods }: Setting): RawObject {
  const port = () => ({
    ...(random.chance(95) ? { name: random.pick(WORDS.ports) } : {}),
    containerPort: random.pick(WORDS.numbers),
    ...(random.chance(40) ? { protocol: random.pick(WORDS.protocols) } : {}),
  });
  const sidecar = { name: "s", restartPolicy: "Always", ports: [port()] };
  return {
    containers: [{ name: "c", image: "registry.example/a:1", ports: random.many(0, 3, port) }],
    ...(random.chance(25) ? { initContainers: [sidecar, { name: "i", ports: [port()] }] } : {}),
    ...(random.chance(hostPods) ? { hostNetwork: true } : {}),
  };
}

interface Placed {
  readonly spec: RawObject;
  /** Its address follows from it. */
  readonly number: number;
}

/** A status as a cluster writes it; the addresses of host-network pods are their node's. */
function withStatus(random: Random, { spec, number }: Placed, setting: Setting): RawObject {
  if (random.chance(6)) return { spec, status: { phase: "Pending" } };
  const node = random.below(WORDS.nodes.length);
  const isHost = spec["hostNetwork"] === true;
  const v4 = isHost ? `10.9.0.${node + 1}` : `10.1.${node % 2}.${number + 1}`;
  const v6 = isHost ? `fd09::${node + 1}` : `fd01::${node % 2}:${(number + 1).toString(16)}`;
  const ips = random.pick(setting.stacks).map((family) => (family === 4 ? v4 : v6));
  return {
    spec: { ...spec, ...(random.chance(setting.nodeNames) ? { nodeName: WORDS.nodes[node] } : {}) },
    status: {
      phase: random.chance(8) ? "Succeeded" : "Running",
      podIP: ips[0],
      podIPs: ips.map((ip) => ({ ip })),
      ...hostStatus(random, node + 1),
    },
  };
}

/** What a pod's status tells of its node: nothing, one address or both families. */
function hostStatus(random: Random, number: number): RawObject {
  const hostIP = `10.9.0.${number}`;
  const hostIPs = [{ ip: hostIP }, { ip: `fd09::${number}` }];
  return random.pick([{}, { hostIP }, { hostIP }, { hostIP, hostIPs }]);
}

function barePod(random: Random, index: number, setting: Setting): RawObject {
  const spec = podSpec(random, setting);
  const hasStatus = setting.isDump && random.chance(85);
  const bound = random.chance(15) ? { ...spec, nodeName: random.pick(WORDS.nodes) } : spec;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `pod-${index}`,
      namespace: random.pick(WORDS.homes),
      labels: podLabels(random),
    },
    ...(hasStatus ? withStatus(random, { spec, number: index }, setting) : { spec: bound }),
  };
}

/** A Deployment or the like, sometimes with its ReplicaSet and live pods: of one template, or in the middle of a change of it. */
function deployment(random: Random, index: number, setting: Setting): readonly RawObject[] {
  const namespace = random.pick(WORDS.homes);
  const name = `dep-${index}`;
  const own = podLabels(random);
  const spec = podSpec(random, setting);
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
  const isChanging = random.chance(25);
  const pods = random.many(1, 3, (number): RawObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${name}-abc-${number}`,
      namespace,
      labels: { ...own, ...hash, ...(isChanging ? podLabels(random) : {}) },
      ownerReferences: [{ kind: "ReplicaSet", name: `${name}-abc`, controller: true }],
    },
    ...withStatus(
      random,
      { spec: isChanging ? podSpec(random, setting) : spec, number: 200 + index * 10 + number },
      setting,
    ),
  }));
  return [owner, replicaSet, ...pods];
}

/** Pods of one owner with labels of their own. */
function statefulPods(random: Random, setting: Setting): readonly RawObject[] {
  const namespace = random.pick(WORDS.homes);
  const own = podLabels(random);
  const spec = podSpec(random, setting);
  return [0, 1].map((number) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `set-${number}`,
      namespace,
      labels: { ...own, pod: `set-${number}`, ...podLabels(random) },
      ownerReferences: [{ kind: "StatefulSet", name: "set", controller: true }],
    },
    ...(setting.isDump ? withStatus(random, { spec, number: 240 + number }, setting) : { spec }),
  }));
}
