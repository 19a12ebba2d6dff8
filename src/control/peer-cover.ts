import { type AddressSet, EVERYWHERE, addressSet, isWithin, overlaps } from "../base/index.ts";
import { type Cluster, impliesSelector, matchesSelector } from "../model/index.ts";
import {
  type EndpointSelector,
  type EndpointTest,
  type NamespaceTest,
  type NodeTest,
  type Peer,
  testKey,
} from "../policy/index.ts";

/** Whether what one selector matches is matched by another, for the pods of any time. */
export type Implies = (a: EndpointSelector, b: EndpointSelector) => boolean;

/** Implication under the namespaces of a cluster, whose labels count as they are. */
export function createImplies({ namespaces }: Pick<Cluster, "namespaces">): Implies {
  const impliesNamespaces = (a: NamespaceTest, b: NamespaceTest): boolean => {
    if (a.kind === "name") {
      if (b.kind === "name") return a.name === b.name;
      return matchesSelector(b.selector, namespaces.get(a.name)?.labels ?? {});
    }
    if (b.kind === "labels") return impliesSelector(a.selector, b.selector);
    const only = { key: NAME_LABEL, operator: "In", values: [b.name] } as const;
    return impliesSelector(a.selector, { requirements: [only] });
  };
  return (a, b) =>
    (b.hostNetwork || !a.hostNetwork) &&
    impliesSelector(a.pods, b.pods) &&
    impliesTest(a.where, b.where) &&
    impliesNamespaces(a.namespaces, b.namespaces);
}

/** A test implies one that is written alike; others are not compared. */
function impliesTest(a: EndpointTest | undefined, b: EndpointTest | undefined): boolean {
  return b === undefined || (a !== undefined && testKey(a) === testKey(b));
}

/** The label that the API server puts on every namespace (NP-9). */
const NAME_LABEL = "kubernetes.io/metadata.name";

/** Peers with what they belong to. */
export interface Cover<Owner> {
  readonly owner: Owner;
  readonly peers: readonly Peer[];
}

/** The covers that together match all that `peer` matches: one of them if one does, else several by their addresses; `undefined` if they do not. */
export function coverPeer<Owner>(
  peer: Peer,
  covers: readonly Cover<Owner>[],
  implies: Implies,
): readonly Owner[] | undefined {
  const single = covers.find(({ peers }) => peers.some((other) => isInside(peer, other, implies)));
  if (single !== undefined) return [single.owner];
  const wanted = peer.kind === "any" ? ALL_ADDRESSES : peer;
  if (wanted.kind !== "addresses") return undefined;
  const parts = covers.flatMap(({ owner, peers }) =>
    peers.flatMap((other) =>
      other.kind === "addresses" && answersAlike(wanted, other) ? [{ owner, other }] : [],
    ),
  );
  const needed: typeof parts = [];
  let united: AddressSet = [];
  for (const part of parts) {
    const { addresses } = part.other;
    if (isWithin(addresses, united) || !overlaps(addresses, wanted.addresses)) continue;
    united = addressSet([...united, ...addresses]);
    needed.push(part);
    if (isWithin(wanted.addresses, united)) return [...new Set(needed.map(({ owner }) => owner))];
  }
  return undefined;
}

type AddressPeer = Extract<Peer, { readonly kind: "addresses" }>;

/** Everybody, by their addresses: pods and nodes have some. */
const ALL_ADDRESSES: AddressPeer = {
  kind: "addresses",
  addresses: EVERYWHERE,
  pods: "yes",
  nodes: "yes",
};

const RANK = { no: 0, unclear: 1, yes: 2 };

/** Whether `b` matches pods and nodes wherever `a` may. Where it is open, it is one engine's answer for both. */
function answersAlike(a: AddressPeer, b: AddressPeer): boolean {
  return RANK[b.pods] >= RANK[a.pods] && RANK[b.nodes] >= RANK[a.nodes];
}

/** Whether `b` matches all that `a` matches. */
function isInside(a: Peer, b: Peer, implies: Implies): boolean {
  if (b.kind === "any") return true;
  if (b.kind === "addresses") {
    const isAll = isWithin(EVERYWHERE, b.addresses) && answersAlike(ALL_ADDRESSES, b);
    if (isAll) return true;
    return a.kind === "addresses" && answersAlike(a, b) && isWithin(a.addresses, b.addresses);
  }
  if (a.kind === "pods") return b.kind === "pods" && implies(a, b);
  if (a.kind === "nodes") return b.kind === "nodes" && impliesNodes(a.nodes, b.nodes);
  if (a.kind === "own-node" || b.kind === "own-node") return a.kind === b.kind;
  if (a.kind !== "domains" || b.kind !== "domains") return false; // what is put together is not looked into
  const known = new Set(b.names.map(({ text }) => text));
  return a.names.every(({ text }) => known.has(text));
}

function impliesNodes(a: NodeTest, b: NodeTest): boolean {
  if (a.kind === "labels" && b.kind === "labels") return impliesSelector(a.selector, b.selector);
  if (a.kind !== "names" || b.kind !== "names") return false;
  return [...a.surely, ...a.perhaps].every((name) => b.surely.includes(name));
}
