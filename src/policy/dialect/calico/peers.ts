import { type AddressRange, type AddressSet, addressSet } from "../../../base/index.ts";
import {
  type CalicoEntity,
  type CalicoHostEndpoint,
  type CalicoNetworkSet,
  type CalicoSelector,
  type Cluster,
  type Labels,
  matchesCalicoSelector,
} from "../../../model/index.ts";
import type { Peer } from "../../policy.ts";
import { podsOf } from "./pods.ts";
import { NAMESPACE_KEY, NAMESPACE_PREFIX, scopeOfEntity } from "./scope.ts";

/** What the rules of all policies look up in the cluster. */
export interface CalicoContext {
  readonly cluster: Cluster;
  /** Addresses with labels: network sets, and host endpoints that tell theirs (CAL-10). */
  readonly labelled: readonly LabelledAddresses[];
  /** Names of service accounts that exist or that a pod runs as. */
  readonly accounts: readonly string[];
}

/** Addresses that a selector can mean. */
export interface LabelledAddresses {
  readonly labels: Labels;
  readonly ranges: readonly AddressRange[];
}

/** The context of a cluster. */
export function createCalicoContext(cluster: Cluster): CalicoContext {
  const labelled = cluster.calico.flatMap((object): readonly LabelledAddresses[] => {
    if (object.kind === "HostEndpoint") return [addressesOfHost(object)];
    if (object.kind !== "NetworkSet" && object.kind !== "GlobalNetworkSet") return [];
    return [{ labels: labelsOfSet(object, cluster), ranges: object.nets }];
  });
  const accounts = new Set(cluster.serviceAccounts.map(({ name }) => name));
  for (const { pods } of cluster.workloads)
    for (const pod of pods) accounts.add(pod.serviceAccount);
  return { cluster, labelled, accounts: [...accounts].toSorted() };
}

function addressesOfHost({ labels, expectedIPs }: CalicoHostEndpoint): LabelledAddresses {
  return { labels, ranges: expectedIPs };
}

/** A NetworkSet is in its namespace and has its labels (CAL-10). */
function labelsOfSet({ labels, namespace }: CalicoNetworkSet, { namespaces }: Cluster): Labels {
  if (namespace === undefined) return labels;
  const inherited = Object.entries(namespaces.get(namespace)?.labels ?? {}).map(
    ([key, value]) => [NAMESPACE_PREFIX + key, value] as const,
  );
  const name = { [`${NAMESPACE_PREFIX}projectcalico.org/name`]: namespace };
  return { ...Object.fromEntries(inherited), ...name, ...labels, [NAMESPACE_KEY]: namespace };
}

/** What a rule says of the other end, or of the guarded one: all of its fields must match (CAL-7 to CAL-9); `undefined`: nothing. */
export function peerOfEntity(
  context: CalicoContext,
  entity: CalicoEntity,
  namespace: string | undefined,
): Peer | undefined {
  const { nets, notNets, notSelector } = entity;
  const of: Peer[] = [];
  const scope = scopeOfEntity(entity, namespace);
  if (scope !== undefined) of.push(selectedBy(context, scope));
  if (notSelector !== undefined) of.push({ kind: "not", of: selectedBy(context, notSelector) });
  if (nets !== undefined) of.push(addresses(addressSet(nets)));
  if (notNets !== undefined) {
    // CAL-9: ranges of one family let the rule match that family only
    of.push({ kind: "family", family: notNets[0]!.family });
    of.push({ kind: "not", of: addresses(addressSet(notNets)) });
  }
  if (of.length === 0) return undefined;
  return of.length === 1 ? of[0]! : { kind: "all", of };
}

/** CAL-9: ranges match the addresses of pods and nodes as well. */
export function addresses(set: AddressSet): Peer {
  return { kind: "addresses", addresses: set, pods: "yes", nodes: "yes" };
}

/** Pods, and the addresses of network sets and host endpoints, with these labels. */
function selectedBy({ labelled, accounts }: CalicoContext, selector: CalicoSelector): Peer {
  const pods = podsOf(selector, accounts);
  const ranges = labelled
    .filter(({ labels }) => matchesCalicoSelector(selector, labels))
    .flatMap((each) => each.ranges);
  const set = addressSet(ranges);
  return set.length === 0 ? pods : { kind: "either", of: [pods, addresses(set)] };
}
