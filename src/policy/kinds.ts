import type { Cluster, ContainerPort, Labels, Node, Pod } from "../model/index.ts";

/** Endpoints with the same labels, namespace and ports: no selector and no port name tells them apart. Many pods are one kind. */
export interface Kind {
  /** `own-node` and `other-nodes` are the relations of a pod; a `host-pod` is on the host network. */
  readonly type: "pod" | "host-pod" | "node" | "own-node" | "other-nodes";
  readonly namespace: string;
  readonly labels: Labels;
  readonly ports: readonly ContainerPort[];
  /** Empty for hosts. */
  readonly serviceAccount: string;
  /** Of the node that it is; `undefined` where they are not known. */
  readonly nodeLabels: Labels | undefined;
  /** The node that it is, where policies name nodes and it is known. */
  readonly nodeName: string | undefined;
}

/** Every endpoint of the cluster as a kind. */
export interface Kinds {
  readonly kinds: readonly Kind[];
  readonly ofPod: ReadonlyMap<Pod, number>;
  readonly ofNode: ReadonlyMap<Node, number>;
  readonly ownNode: number;
  readonly otherNodes: number;
  /** Pods that do not exist: of each namespace one without labels. */
  readonly future: ReadonlyMap<string, number>;
  /** A pod without labels in a namespace that does not exist, so that no selector can name it but by what it lacks. */
  readonly unnamed: number;
}

/** The name of the namespace that does not exist; no object can have it. */
export const UNNAMED = "\u0000";

/** What kinds are told apart by: `nodeNames`, whether a policy names nodes; `hiddenLabel`, label keys of pods that the engine does not see. */
export interface KindOptions {
  readonly nodeNames: boolean;
  readonly hiddenLabel: ((key: string) => boolean) | undefined;
}

/** Sorts all endpoints into kinds. */
export function buildKinds(cluster: Cluster, { nodeNames, hiddenLabel }: KindOptions): Kinds {
  const kinds: Kind[] = [];
  const byKey = new Map<string, number>();
  const identity = identities();
  const seen = labelsSeen(hiddenLabel);
  const nodes = new Map(cluster.nodes.map((node) => [node.name, node]));

  const add = (kind: Kind): number => {
    const node = kind.nodeLabels === undefined ? "" : identity(kind.nodeLabels);
    const { type, namespace, labels, ports, serviceAccount, nodeName = "" } = kind;
    const key = `${type}|${namespace}|${identity(labels)}|${identity(ports)}|${serviceAccount}|${node}|${nodeName}`;
    const known = byKey.get(key);
    if (known !== undefined) return known;
    byKey.set(key, kinds.length);
    return kinds.push(kind) - 1;
  };
  const ofPod = new Map<Pod, number>();
  for (const { namespace, pods } of cluster.workloads) {
    for (const pod of pods) {
      const { ports, serviceAccount, hostNetwork } = pod;
      const labels = seen(pod.labels);
      const node = hostNetwork && pod.node !== undefined ? nodes.get(pod.node) : undefined;
      const type = hostNetwork ? "host-pod" : "pod";
      const nodeName = hostNetwork && nodeNames ? pod.node : undefined;
      const nodeLabels = node?.labels;
      ofPod.set(pod, add({ type, namespace, labels, ports, serviceAccount, nodeLabels, nodeName }));
    }
  }
  const host = {
    namespace: "",
    labels: NOTHING,
    ports: NO_PORTS,
    serviceAccount: "",
    nodeLabels: undefined,
    nodeName: undefined,
  };
  const ofNode = new Map<Node, number>();
  for (const node of cluster.nodes) {
    const nodeName = nodeNames ? node.name : undefined;
    ofNode.set(node, add({ ...host, type: "node", nodeLabels: node.labels, nodeName }));
  }
  const ownNode = add({ ...host, type: "own-node" });
  const otherNodes = add({ ...host, type: "other-nodes" });
  const newPod = { ...host, type: "pod", serviceAccount: "default" } as const;
  const future = new Map<string, number>();
  for (const namespace of cluster.namespaces.keys()) {
    future.set(namespace, add({ ...newPod, namespace }));
  }
  const unnamed = add({ ...newPod, namespace: UNNAMED });
  return { kinds, ofPod, ofNode, ownNode, otherNodes, future, unnamed };
}

/** The labels of a pod that the engine sees; equal label sets, which the reader interns, are looked at once. */
function labelsSeen(hidden: KindOptions["hiddenLabel"]): (labels: Labels) => Labels {
  if (hidden === undefined) return (labels) => labels;
  const known = new Map<Labels, Labels>();
  return (labels) => {
    let seen = known.get(labels);
    if (seen === undefined) {
      const entries = Object.entries(labels).filter(([key]) => !hidden(key));
      seen = entries.length === Object.keys(labels).length ? labels : Object.fromEntries(entries);
      known.set(labels, seen);
    }
    return seen;
  };
}

/** Every namespace with the one that does not exist, for looking up selectors. */
export function namespacesOf(cluster: Cluster): ReadonlyMap<string, Labels> {
  const all = [...cluster.namespaces].map(([name, { labels }]) => [name, labels] as const);
  return new Map([...all, [UNNAMED, { "kubernetes.io/metadata.name": UNNAMED }]]);
}

const NOTHING: Labels = {};
const NO_PORTS: readonly ContainerPort[] = [];

/** Small numbers for objects, by identity: the reader interns equal label sets and port lists. */
function identities(): (value: object) => number {
  const numbers = new Map<object, number>();
  return (value) => {
    let number = numbers.get(value);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(value, number);
    }
    return number;
  };
}
