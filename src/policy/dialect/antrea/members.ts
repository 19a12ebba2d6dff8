import { type AddressSet, addressSet, subtractAddresses } from "../../../base/index.ts";
import {
  type AntreaGroup,
  type AntreaGroupMembers,
  type Cluster,
  type LabelSelector,
  MATCH_ALL,
  type Requirement,
} from "../../../model/index.ts";
import type { EndpointSelector, NamespaceTest, Peer } from "../../policy.ts";

/** What a policy of Antrea looks up: the cluster, and the namespace of a namespaced policy. */
export interface AntreaContext {
  readonly cluster: Cluster;
  readonly namespace: string | undefined;
}

/** Pods by labels: without a namespace selector those of the policy's namespace, or of all where it has none (ANT-9, ANT-10). */
export function podsOf(
  namespace: string | undefined,
  podSelector: LabelSelector | undefined,
  namespaceSelector: LabelSelector | undefined,
): EndpointSelector {
  const own: NamespaceTest =
    namespace === undefined
      ? { kind: "labels", selector: MATCH_ALL }
      : { kind: "name", name: namespace };
  return {
    kind: "pods",
    namespaces:
      namespaceSelector === undefined ? own : { kind: "labels", selector: namespaceSelector },
    pods: podSelector ?? MATCH_ALL,
    hostNetwork: false, // ANT-19
  };
}

/** The pods that run as a service account (ANT-12). */
export function podsOfAccount(namespace: string, name: string): EndpointSelector {
  const where = { kind: "name", of: "service-account", names: [name] } as const;
  return { ...podsOf(namespace, undefined, undefined), where };
}

/** The members of a group as peers; nothing of one that is missing (ANT-11). */
export function membersOf(context: AntreaContext, name: string): readonly Peer[] {
  const group = findGroup(context, name);
  if (group === undefined) return [];
  if (group.members.kind !== "groups") return peersOf(context.cluster, group, group.members);
  // one level of nesting: a child that has children of its own adds nothing
  return group.members.names.flatMap((child) => {
    const found = findGroup(context, child);
    if (found === undefined || found.members.kind === "groups") return [];
    return peersOf(context.cluster, found, found.members);
  });
}

/** The pods of a group; what else it holds is applied to nothing (ANT-11). */
export function podsOfGroup(context: AntreaContext, name: string): readonly EndpointSelector[] {
  return membersOf(context, name).filter((peer) => peer.kind === "pods");
}

function findGroup({ cluster, namespace }: AntreaContext, name: string): AntreaGroup | undefined {
  return cluster.antrea.find(
    (object): object is AntreaGroup =>
      (object.kind === "Group" || object.kind === "ClusterGroup") &&
      object.name === name &&
      object.namespace === namespace,
  );
}

function peersOf(
  cluster: Cluster,
  { namespace }: AntreaGroup,
  members: AntreaGroupMembers,
): readonly Peer[] {
  switch (members.kind) {
    case "pods":
      return [podsOf(namespace, members.podSelector, members.namespaceSelector)];
    case "nodes":
      return [{ kind: "nodes", nodes: { kind: "labels", selector: members.selector } }];
    case "service":
      return podsOfService(cluster, members);
    case "ipBlocks":
      return [blocksPeer(addressSet(members.blocks.flatMap(blockOf)))];
    case "groups":
    case "external":
      return [];
  }
}

function podsOfService(
  { services }: Cluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): readonly Peer[] {
  const service = services.find((one) => one.namespace === namespace && one.name === name);
  if (service?.selector === undefined) return [];
  const requirements = Object.entries(service.selector).map(([key, value]): Requirement => ({
    key,
    operator: "In",
    values: [value],
  }));
  return [podsOf(namespace, { requirements }, undefined)];
}

/** A range less its exceptions (ANT-15). */
export function blockOf({
  cidr,
  except,
}: {
  readonly cidr: AddressSet[number];
  readonly except: AddressSet;
}): AddressSet {
  return subtractAddresses([cidr], addressSet(except));
}

/** Ranges match the packet's address, pods and nodes included (ANT-15). */
export function blocksPeer(addresses: AddressSet): Peer {
  return { kind: "addresses", addresses, pods: "yes", nodes: "yes" };
}
