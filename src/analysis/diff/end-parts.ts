import type { Cluster, Node } from "../../model/index.ts";
import type { Edit } from "./edit.ts";
import {
  type PodEdit,
  type StateEnd,
  compareNamespace,
  compareNode,
  comparePods,
} from "./end-edits.ts";
import type { DiffPeer } from "./join-peers.ts";

/** One end in both states. */
export interface EndVersions {
  readonly peer: DiffPeer;
  readonly base: StateEnd | undefined;
  readonly head: StateEnd | undefined;
}

/** What of the cluster an end brings into a world. */
export interface EndParts {
  readonly end: StateEnd;
  readonly edits: readonly Edit[];
  readonly pods: readonly PodEdit[];
  readonly namespace: { readonly name: string; readonly edit: Edit | undefined } | undefined;
  readonly nodes: readonly NodeVersions[];
}

/** A node in both states. */
export interface NodeVersions {
  readonly base: Node | undefined;
  readonly head: Node | undefined;
  readonly edit: Edit | undefined;
}

/** The clusters of two states. */
export interface Clusters {
  readonly base: Cluster;
  readonly head: Cluster;
}

/** Makes the parts of ends, each once. */
export function createEndParts({ base, head }: Clusters): {
  readonly of: (end: EndVersions) => EndParts;
} {
  const namespaces = new Map<string, Edit | undefined>();
  const nodesOf = createNodeVersions({ base, head });
  const known = new Map<string, EndParts>();
  const namespaceEdit = (name: string): Edit | undefined => {
    if (!namespaces.has(name)) {
      namespaces.set(name, compareNamespace(name, base.namespaces, head.namespaces));
    }
    return namespaces.get(name);
  };
  const make = (versions: EndVersions): EndParts => {
    const end = (versions.base ?? versions.head)!;
    const pods =
      versions.base?.kind === "pod" && versions.head?.kind === "pod"
        ? comparePods(versions.base, versions.head)
        : [];
    const name = end.kind === "pod" ? end.workload.namespace : undefined;
    const namespace = name === undefined ? undefined : { name, edit: namespaceEdit(name) };
    const nodes = nodesOf([versions.base, versions.head]);
    const edits = [
      ...pods.map(({ edit }) => edit),
      namespace?.edit ?? [],
      ...nodes.map(({ edit }) => edit ?? []),
    ].flat();
    return { end, edits, pods, namespace, nodes };
  };
  return {
    of: (versions) => {
      if (versions.peer.kind === "outside") return make(versions); // its address depends on the family
      let parts = known.get(versions.peer.id);
      if (parts === undefined) {
        parts = make(versions);
        known.set(versions.peer.id, parts);
      }
      return parts;
    },
  };
}

/** The nodes that ends are or run on, in both states. */
function createNodeVersions({
  base,
  head,
}: Clusters): (ends: readonly (StateEnd | undefined)[]) => readonly NodeVersions[] {
  const [mine, theirs] = [nodesByName(base), nodesByName(head)];
  const known = new Map<string, NodeVersions>();
  const of = (name: string): NodeVersions => {
    let versions = known.get(name);
    if (versions === undefined) {
      const [was, is] = [mine.get(name), theirs.get(name)];
      versions = { base: was, head: is, edit: compareNode(was, is) };
      known.set(name, versions);
    }
    return versions;
  };
  return (ends) => {
    const names = new Set<string>();
    for (const end of ends) {
      if (end?.kind === "node") names.add(end.node.name);
      if (end?.kind === "pod" && end.pod.node !== undefined) names.add(end.pod.node);
    }
    return [...names].map(of).filter(({ base: was, head: is }) => (was ?? is) !== undefined);
  };
}

function nodesByName({ nodes }: Cluster): ReadonlyMap<string, Node> {
  return new Map(nodes.map((node) => [node.name, node]));
}
