import { type Address, containsAddress, intersect, parseAddress } from "../base/index.ts";
import {
  type ReachPeer,
  type Rectangle,
  type Traffic,
  compareRectangles,
  directoryOf,
  parseTrafficPoint,
  reachability,
} from "../policy/index.ts";
import type { Session } from "./session.ts";
import { unknownName, unknownNamespace } from "./suggest.ts";

/** What to show of a reachability answer. */
export interface ReachFilter {
  /** Ids, addresses, or `NAMESPACE/` for all of a namespace. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly port: string | undefined;
  /** Only connections with an end in the namespace. */
  readonly namespace: string | undefined;
  /** Only connections from or to the outside. */
  readonly outside: boolean;
}

/** Who can reach whom, as far as it was asked for. */
export interface ReachResult {
  readonly session: Session;
  readonly peers: readonly ReachPeer[];
  readonly rectangles: () => Iterable<Rectangle>;
}

/** Answers `reach`. Gives a sentence where a filter names nothing. */
export function reachCluster(session: Session, filter: ReachFilter): ReachResult | string {
  const { peers, rectangles } = reachability(session.compiled);
  const point = filter.port === undefined ? undefined : parseTrafficPoint(filter.port);
  if (typeof point === "string") return point;
  const traffic = point === undefined ? undefined : [point.point, point.point];
  const from = selectPeers(session, peers, filter.from);
  if (typeof from === "string") return from;
  const to = selectPeers(session, peers, filter.to);
  if (typeof to === "string") return to;
  const { namespace } = filter;
  const problem =
    namespace === undefined ? undefined : unknownNamespace(namespace, session.compiled.cluster);
  if (problem !== undefined) return problem;
  const either = eitherEnds(peers, filter);
  const isAll = either.length === 0 && [from, to, traffic].every((each) => each === undefined);
  return {
    session,
    peers,
    rectangles: isAll
      ? rectangles
      : () => narrow(rectangles(), { from, to, traffic, either }).toSorted(compareRectangles),
  };
}

/** Sets of peers by index; `undefined` admits all. */
interface Narrowing {
  readonly from: ReadonlySet<number> | undefined;
  readonly to: ReadonlySet<number> | undefined;
  readonly traffic: Traffic | undefined;
  /** One of the ends must be in each. */
  readonly either: readonly ReadonlySet<number>[];
}

function narrow(rectangles: Iterable<Rectangle>, by: Narrowing): readonly Rectangle[] {
  return [...rectangles].flatMap((rectangle) => {
    const from = rectangle.from.filter((peer) => by.from?.has(peer) ?? true);
    const to = rectangle.to.filter((peer) => by.to?.has(peer) ?? true);
    const traffic =
      by.traffic === undefined ? rectangle.traffic : intersect(rectangle.traffic, by.traffic);
    if (traffic.length === 0 || from.length === 0 || to.length === 0) return [];
    let parts: readonly Rectangle[] = [{ ...rectangle, from, to, traffic }];
    for (const ends of by.either) parts = parts.flatMap((part) => touching(part, ends));
    return parts;
  });
}

/** The pairs of a rectangle with an end in a set, as up to two rectangles. */
function touching(part: Rectangle, ends: ReadonlySet<number>): readonly Rectangle[] {
  const [inside, others] = [
    part.from.filter((peer) => ends.has(peer)),
    part.from.filter((peer) => !ends.has(peer)),
  ];
  const targets = part.to.filter((peer) => ends.has(peer));
  return [
    { ...part, from: inside },
    { ...part, from: others, to: targets },
  ].filter(({ from, to }) => from.length > 0 && to.length > 0);
}

function eitherEnds(
  peers: readonly ReachPeer[],
  { namespace, outside }: ReachFilter,
): readonly ReadonlySet<number>[] {
  const where = (test: (peer: ReachPeer) => boolean): ReadonlySet<number> =>
    new Set([...peers.keys()].filter((index) => test(peers[index]!)));
  return [
    ...(namespace === undefined ? [] : [where((peer) => isOf(peer, namespace))]),
    ...(outside ? [where(({ kind }) => kind === "outside")] : []),
  ];
}

function isOf({ kind, id }: ReachPeer, namespace: string): boolean {
  return (kind === "workload" || kind === "pod") && id.startsWith(`${namespace}/`);
}

/** The peers that a name stands for: an id, a namespace, a pod that is shown under its workload, or the part of the outside that holds an address. */
function selectPeers(
  session: Session,
  peers: readonly ReachPeer[],
  name: string | undefined,
): ReadonlySet<number> | undefined | string {
  if (name === undefined) return undefined;
  const found = matchPeers(session, peers, name);
  if (found.length > 0) return new Set(found);
  const kind = directoryOf(session.compiled).find(name)?.ends[0]?.kind;
  if (kind === "relation") {
    return `\`${name}\` is no end here, because nodes are among the objects: write node/NAME, or ask \`explain\``;
  }
  if (kind === "node") {
    return `\`${name}\` is a node that is not among the objects: write own-node or other-nodes, or ask \`explain\``;
  }
  return unknownName(name, namesOf(session, peers));
}

function matchPeers(
  session: Session,
  peers: readonly ReachPeer[],
  name: string,
): readonly number[] {
  const where = (test: (peer: ReachPeer) => boolean): readonly number[] =>
    [...peers.keys()].filter((index) => test(peers[index]!));
  if (name.endsWith("/")) return where(({ id, kind }) => kind !== "outside" && id.startsWith(name));
  const exact = where(
    (peer) => peer.id === name || (peer.kind === "pod" && peer.workload === name),
  );
  if (exact.length > 0) return exact;
  const end = directoryOf(session.compiled).find(name);
  if (end === undefined) return [];
  const address = parseAddress(name);
  const isOutside = end.ends[0]?.kind === "outside";
  if (isOutside && address !== undefined) return where((peer) => holds(peer, address));
  const ids = new Set([
    end.id,
    ...end.ends.map((each) => (each.kind === "pod" ? each.workload.id : end.id)),
  ]);
  const own = where(({ id }) => id === end.id);
  return own.length > 0 ? own : where(({ id }) => ids.has(id));
}

function holds(peer: ReachPeer, address: Address): boolean {
  return peer.kind === "outside" && containsAddress(peer.addresses, address);
}

function namesOf(session: Session, peers: readonly ReachPeer[]): readonly string[] {
  return [...new Set([...peers.map(({ id }) => id), ...directoryOf(session.compiled).names()])];
}
