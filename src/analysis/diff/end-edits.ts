import type { Address } from "../../base/index.ts";
import type { Cluster, Labels, Node, Origin, Path, Pod, Workload } from "../../model/index.ts";
import { contentOf } from "./content.ts";
import type { Edit, EditCode, Mark } from "./edit.ts";
import type { DiffPeer } from "./join-peers.ts";

/** An end of a connection as one state has it. */
export type StateEnd =
  | { readonly kind: "pod"; readonly workload: Workload; readonly pod: Pod }
  | { readonly kind: "node"; readonly node: Node }
  | { readonly kind: "relation"; readonly relation: "own-node" | "other-nodes" }
  | { readonly kind: "outside"; readonly address: Address };

/** Finds the ends of a cluster that stand for peers: a workload's first pod, as all of its pods are alike there. */
export function createEndFinder(
  cluster: Cluster,
): (peer: DiffPeer, family: 4 | 6) => StateEnd | undefined {
  const workloads = new Map(cluster.workloads.map((workload) => [workload.id, workload]));
  const nodes = new Map(cluster.nodes.map((node) => [`node/${node.name}`, node]));
  const podOf = (id: string, name: string): StateEnd | undefined => {
    const workload = workloads.get(id);
    if (workload === undefined) return undefined;
    const pod = workload.pods.find((each) => each.name === name) ?? workload.pods[0]!;
    return { kind: "pod", workload, pod };
  };
  return (peer, family) => {
    switch (peer.kind) {
      case "workload":
        return podOf(peer.id, "");
      case "pod":
        return podOf(workloads.has(peer.id) ? peer.id : peer.workload, nameOf(peer.id));
      case "node": {
        const node = nodes.get(peer.id);
        return node === undefined ? undefined : { kind: "node", node };
      }
      case "relation":
        return cluster.nodes.length > 0 ? undefined : { kind: "relation", relation: peer.id };
      case "outside": {
        const range = peer.addresses.find((each) => each.family === family) ?? peer.addresses[0]!;
        return { kind: "outside", address: { family: range.family, value: range.first } };
      }
    }
  };
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** An edit of a pod, and what the pod becomes by it. */
export interface PodEdit {
  readonly edit: Edit;
  readonly fields: Partial<Pod>;
}

/** What was edited between two states of a workload's pod. */
export function comparePods(
  base: { readonly workload: Workload; readonly pod: Pod },
  head: { readonly workload: Workload; readonly pod: Pod },
): readonly PodEdit[] {
  const [was, is] = [base.pod, head.pod];
  const edits: PodEdit[] = [];
  const add = (
    code: EditCode,
    text: string,
    fields: Partial<Pod>,
    paths: readonly Path[],
  ): void => {
    const [from, to] = paths;
    const object = head.workload.id;
    const marks: readonly Mark[] = [
      { state: "base", object, origin: was.origin, path: from! },
      { state: "head", object, origin: is.origin, path: to! },
    ];
    edits.push({ edit: { code, text, marks }, fields });
  };
  if (contentOf(was.labels) !== contentOf(is.labels)) {
    const keys = changedKeys(was.labels, is.labels);
    const paths = [base, head].map((each, index) =>
      labelPath(
        each,
        keys.find((key) => key in [was, is][index]!.labels),
      ),
    );
    const text = `the labels of \`${head.workload.id}\` changed: ${labelChanges(was.labels, is.labels)}`;
    add("labels-changed", text, { labels: is.labels }, paths);
  }
  if (contentOf(was.ports) !== contentOf(is.ports)) {
    const paths = [base, head].map((each) => [...specPath(each), "containers"]);
    const text = `the named ports of \`${head.workload.id}\` changed: ${portChanges(was, is)}`;
    add("ports-changed", text, { ports: is.ports }, paths);
  }
  if (was.hostNetwork !== is.hostNetwork) {
    const paths = [base, head].map((each) => [...specPath(each), "hostNetwork"]);
    const text = `\`${head.workload.id}\` ${is.hostNetwork ? "went onto" : "left"} the host network`;
    add("host-network-changed", text, { hostNetwork: is.hostNetwork }, paths);
  }
  if (contentOf(placeOf(was)) !== contentOf(placeOf(is))) {
    const text = `the addresses of \`${head.workload.id}\` changed`;
    add("addresses-changed", text, placeOf(is), [["status"], ["status"]]);
  }
  return edits;
}

function placeOf({ addresses, hostAddresses, node }: Pod): Partial<Pod> {
  return { addresses, hostAddresses, node };
}

/** Where the labels of a pod stand in its object: of the pod itself, or of a workload's template. */
function labelPath(
  end: { readonly workload: Workload; readonly pod: Pod },
  key: string | undefined,
): Path {
  const path = [...templatePath(end), "metadata", "labels"];
  return key === undefined ? path : [...path, key];
}

function specPath(end: { readonly workload: Workload; readonly pod: Pod }): Path {
  return [...templatePath(end), "spec"];
}

function templatePath({ workload, pod }: { readonly workload: Workload; readonly pod: Pod }): Path {
  if (pod.name !== undefined) return [];
  const inner = ["spec", "template"];
  return workload.kind === "CronJob" ? ["spec", "jobTemplate", ...inner] : inner;
}

function changedKeys(base: Labels, head: Labels): readonly string[] {
  const keys = new Set([...Object.keys(base), ...Object.keys(head)]);
  return [...keys].filter((key) => base[key] !== head[key]).toSorted();
}

/** What changed, key by key: the old value and the new, `+` for a label that came, `-` for one that went. */
function labelChanges(base: Labels, head: Labels): string {
  return changedKeys(base, head)
    .map((key) => {
      if (base[key] === undefined) return `+\`${key}=${head[key]}\``;
      if (head[key] === undefined) return `-\`${key}=${base[key]}\``;
      return `\`${key}=${base[key]}\` → \`${key}=${head[key]}\``;
    })
    .join(", ");
}

function portChanges(base: Pod, head: Pod): string {
  const [was, is] = [portTexts(base), portTexts(head)];
  return [
    ...was.filter((each) => !is.includes(each)).map((each) => `-\`${each}\``),
    ...is.filter((each) => !was.includes(each)).map((each) => `+\`${each}\``),
  ].join(", ");
}

function portTexts({ ports }: Pod): readonly string[] {
  return ports.map(({ name, protocol, port }) => `${name} ${protocol.toLowerCase()}/${port}`);
}

/** The edit of a namespace's labels, if there is one. */
export function compareNamespace(
  name: string,
  base: Cluster["namespaces"],
  head: Cluster["namespaces"],
): Edit | undefined {
  const [was, is] = [base.get(name), head.get(name)];
  if (was === undefined || is === undefined) return undefined;
  if (contentOf(was.labels) === contentOf(is.labels)) return undefined;
  const keys = changedKeys(was.labels, is.labels);
  const mark = (state: Mark["state"], { labels, declarations }: typeof is): Mark => {
    const key = keys.find((each) => each in labels);
    const path = ["metadata", "labels", ...(key === undefined ? [] : [key])];
    return { state, object: `Namespace/${name}`, origin: declarations[0]?.origin, path };
  };
  return {
    code: "namespace-labels-changed",
    text: `the labels of namespace \`${name}\` changed: ${labelChanges(was.labels, is.labels)}`,
    marks: [mark("base", was), mark("head", is)],
  };
}

/** The edit of a node, if there is one. */
export function compareNode(base: Node | undefined, head: Node | undefined): Edit | undefined {
  const node = head ?? base;
  if (node === undefined) return undefined;
  const text = `node \`${node.name}\``;
  const mark = (state: Mark["state"], origin: Origin): Mark => ({
    state,
    object: `node/${node.name}`,
    origin,
    path: [],
  });
  if (base === undefined) {
    return { code: "node-added", text: `${text} was added`, marks: [mark("head", node.origin)] };
  }
  if (head === undefined) {
    return {
      code: "node-removed",
      text: `${text} was removed`,
      marks: [mark("base", node.origin)],
    };
  }
  const [was, is] = [base, head].map(({ labels, addresses }) => contentOf({ labels, addresses }));
  if (was === is) return undefined;
  const marks = [mark("base", base.origin), mark("head", head.origin)];
  return { code: "node-changed", text: `the labels or addresses of ${text} changed`, marks };
}

/** The edit that brought or took an end which only one state has. */
export function edgeEdit(peer: DiffPeer, end: StateEnd, state: Mark["state"]): Edit {
  const came = state === "head";
  if (end.kind === "node") {
    return compareNode(came ? undefined : end.node, came ? end.node : undefined)!;
  }
  if (end.kind === "relation") {
    const text = `nodes are among the objects of the ${came ? "base" : "head"} only`;
    return { code: "nodes-listed", text, marks: [] };
  }
  const origin = end.kind === "pod" ? end.pod.origin : undefined;
  const what = peer.kind === "pod" ? "pod" : "workload";
  return {
    code: came ? "workload-added" : "workload-removed",
    text: `${what} \`${peer.id}\` was ${came ? "added" : "removed"}`,
    marks: [{ state, object: peer.id, origin, path: [] }],
  };
}
