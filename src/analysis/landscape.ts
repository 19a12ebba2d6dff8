import {
  type AddressSet,
  type Family,
  formatAddress,
  intersect,
  ofFamily,
  subtractAddresses,
} from "../base/index.ts";
import type { Pod } from "../model/index.ts";
import {
  type CompiledPolicies,
  type ReachPeer,
  type Rectangle,
  directoryOf,
  reachability,
  trafficOf,
} from "../policy/index.ts";

/** Who can reach whom today, with the outside cut as finely as statements need it. */
export interface Landscape {
  readonly compiled: CompiledPolicies;
  readonly peers: readonly LandscapePeer[];
  /** Each with each, but for a single peer with itself; over all of them every (from, to, traffic) stands once. */
  readonly products: readonly Rectangle[];
}

/** An end of the landscape. */
export interface LandscapePeer {
  /** A range outside has no id of its own: `sampleOf` gives one of its addresses. */
  readonly peer: ReachPeer;
  /** Its pods; none for nodes, relations and the outside. */
  readonly pods: readonly Pod[];
  readonly namespace: string | undefined;
  /** 1 IPv4, 2 IPv6, 3 both; a range outside is of one. */
  readonly families: number;
  /** One endpoint, which is never both ends of a connection. */
  readonly single: boolean;
  /** A node, a relation to one, or pods on the host network: what policies do with them is their node's affair (NP-8). */
  readonly host: boolean;
}

/** Surveys compiled policies. `named`: sets of addresses outside that statements name; no range of the landscape is partly in one. */
export function surveyLandscape(
  compiled: CompiledPolicies,
  named: readonly AddressSet[],
): Landscape {
  const { peers: coarse, products, isSingle } = reachability(compiled);
  const peers: LandscapePeer[] = [];
  const partsOf = coarse.map((peer, index) => {
    const parts =
      peer.kind === "outside"
        ? cut(peer.addresses, named).map((addresses) => ({ ...peer, addresses }))
        : [peer];
    return parts.map((part) => peers.push(describe(compiled, part, isSingle(index))) - 1);
  });
  return {
    compiled,
    peers,
    products: products().flatMap((product) => refine(product, partsOf, peers)),
  };
}

/** Parts of a set of addresses that are of one family and wholly inside or outside of each named set. */
function cut(addresses: AddressSet, named: readonly AddressSet[]): readonly AddressSet[] {
  let parts: readonly AddressSet[] = [ofFamily(addresses, 4), ofFamily(addresses, 6)];
  for (const set of named) {
    parts = parts.flatMap((part) => {
      const beyond = subtractAddresses(part, set);
      return beyond.length === 0 ? [part] : [subtractAddresses(part, beyond), beyond];
    });
  }
  return parts.filter((part) => part.length > 0);
}

function describe(compiled: CompiledPolicies, peer: ReachPeer, single: boolean): LandscapePeer {
  const { classes, cluster, nodes } = compiled;
  const none = { peer, pods: [], namespace: undefined, single };
  switch (peer.kind) {
    case "outside":
      return { ...none, families: peer.addresses[0]!.family === 4 ? 1 : 2, host: false };
    case "relation": {
      const number = peer.id === "own-node" ? classes.ownNode : classes.otherNodes;
      return { ...none, families: classes.classes[number]!.families, host: true };
    }
    case "node": {
      const number = classes.ofNode.get(nodes.get(peer.id.slice("node/".length))!)!;
      return { ...none, families: classes.classes[number]!.families, host: true };
    }
    case "workload":
    case "pod": {
      const workloads = workloadsOf(cluster);
      const { namespace, pods: all } = workloads.get(
        peer.kind === "pod" ? peer.workload : peer.id,
      )!;
      const pods =
        peer.kind === "workload"
          ? all
          : all.filter(({ name }) => `${namespace}/Pod/${name}` === peer.id);
      const { families } = classes.classes[classes.ofPod.get(pods[0]!)!]!;
      const host = pods.every(({ hostNetwork }) => hostNetwork);
      return { peer, pods, namespace, families, single, host };
    }
  }
}

type Workloads = ReadonlyMap<string, CompiledPolicies["cluster"]["workloads"][number]>;
const workloadsById = new WeakMap<CompiledPolicies["cluster"], Workloads>();

function workloadsOf(cluster: CompiledPolicies["cluster"]): Workloads {
  const known =
    workloadsById.get(cluster) ?? new Map(cluster.workloads.map((each) => [each.id, each]));
  workloadsById.set(cluster, known);
  return known;
}

/** A product over the parts of its peers. Where a range outside is one end, it is of that range's family. */
function refine(
  product: Rectangle,
  partsOf: readonly (readonly number[])[],
  peers: readonly LandscapePeer[],
): readonly Rectangle[] {
  const familyOf = (index: number): Family | 0 => {
    const { peer, families } = peers[index]!;
    return peer.kind !== "outside" ? 0 : families === 1 ? 4 : 6;
  };
  const [froms, tos] = [product.from, product.to].map((side) => [
    ...Map.groupBy(
      side.flatMap((index) => partsOf[index]!),
      familyOf,
    ),
  ]) as [[Family | 0, number[]][], [Family | 0, number[]][]];
  return froms.flatMap(([ofFrom, from]) =>
    tos.flatMap(([ofTo, to]): readonly Rectangle[] => {
      const family = ofFrom === 0 ? ofTo : ofFrom;
      const shown = partOf(product);
      if (family === 0) return [{ ...shown, from, to }];
      if (product.family !== undefined && product.family !== family) return [];
      const universe = trafficOf(family);
      const traffic = intersect(product.traffic, universe);
      if (traffic.length === 0) return [];
      return [{ ...shown, from, to, traffic, universe, family: undefined }];
    }),
  );
}

/** A part of a rectangle. It still looks up reasons and conditions only when somebody reads them. */
export function partOf(
  whole: Rectangle,
  { from, to, traffic }: Pick<Rectangle, "from" | "to" | "traffic"> = whole,
): Rectangle {
  const { universe, family, verdict } = whole;
  return {
    from,
    to,
    traffic,
    universe,
    family,
    verdict,
    get conditions() {
      return whole.conditions;
    },
    get reasons() {
      return whole.reasons;
    },
  };
}

/** Whether two peers can be the ends of a connection at all. */
export function canMeet({ peers }: Landscape, from: number, to: number): boolean {
  const [a, b] = [peers[from]!, peers[to]!];
  if (from === to && a.single) return false;
  return areEnds(a, b) && (a.families & b.families) !== 0;
}

/** Outside to outside is no connection of the cluster's, and a relation is one to a pod. */
function areEnds(a: LandscapePeer, b: LandscapePeer): boolean {
  if (a.peer.kind === "outside" && b.peer.kind === "outside") return false;
  if (a.peer.kind === "relation") return b.pods.length > 0;
  return b.peer.kind !== "relation" || a.pods.length > 0;
}

/** How many pairs of the two sets can be the ends of a connection. Peers are counted by kind and families, never pair by pair. */
export function countPairs(
  landscape: Landscape,
  from: readonly number[],
  to: readonly number[],
): number {
  const { peers } = landscape;
  const kindOf = (index: number): string => {
    const { peer, families, pods } = peers[index]!;
    return `${peer.kind === "workload" || pods.length > 0 ? "pods" : peer.kind}/${families}`;
  };
  const tos = [...Map.groupBy(to, kindOf).values()];
  let count = 0;
  for (const mine of Map.groupBy(from, kindOf).values()) {
    for (const theirs of tos) {
      const [a, b] = [peers[mine[0]!]!, peers[theirs[0]!]!];
      if (areEnds(a, b) && (a.families & b.families) !== 0) count += mine.length * theirs.length;
    }
  }
  const targets = new Set(to);
  const selves = from.filter((index) => targets.has(index) && peers[index]!.single);
  const met = selves.filter((index) => areEnds(peers[index]!, peers[index]!));
  return count - met.length;
}

/** How many addresses of a range are tried before one that is a known pod's or node's is taken. */
const TRIES = 1024n;

/** The name by which a peer can be asked for: its id, or an address of the range that is no pod's and no node's. */
export function sampleOf({ compiled, peers }: Landscape, index: number): string {
  const { peer } = peers[index]!;
  if (peer.kind !== "outside") return peer.id;
  const directory = directoryOf(compiled);
  const [{ family, first }] = peer.addresses as [AddressSet[number]];
  for (const range of peer.addresses) {
    for (let value = range.first; value <= range.last && value < range.first + TRIES; value++) {
      const name = formatAddress({ family: range.family, value });
      if (directory.find(name)?.ends[0]?.kind === "outside") return name;
    }
  }
  return formatAddress({ family, value: first });
}
