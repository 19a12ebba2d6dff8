import { type Address, containsAddress, intersect, parseAddress } from "../base/index.ts";
import {
  type ReachPeer,
  type Rectangle,
  type Traffic,
  directoryOf,
  parseTrafficPoint,
  reachability,
} from "../policy/index.ts";
import type { Session } from "./session.ts";
import { unknownName } from "./suggest.ts";

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
  const either = eitherEnd(peers, filter);
  const isAll = [from, to, traffic, either].every((each) => each === undefined);
  return {
    session,
    peers,
    rectangles: isAll ? rectangles : () => narrow(rectangles(), { from, to, traffic, either }),
  };
}

/** Sets of peers by index; `undefined` admits all. */
interface Narrowing {
  readonly from: ReadonlySet<number> | undefined;
  readonly to: ReadonlySet<number> | undefined;
  readonly traffic: Traffic | undefined;
  /** One of the ends must be in it. */
  readonly either: ReadonlySet<number> | undefined;
}

function* narrow(rectangles: Iterable<Rectangle>, by: Narrowing): Generator<Rectangle> {
  for (const rectangle of rectangles) {
    const from = rectangle.from.filter((peer) => by.from?.has(peer) ?? true);
    const to = rectangle.to.filter((peer) => by.to?.has(peer) ?? true);
    const traffic =
      by.traffic === undefined ? rectangle.traffic : intersect(rectangle.traffic, by.traffic);
    if (traffic.length === 0 || from.length === 0 || to.length === 0) continue;
    const shown = { ...rectangle, traffic };
    if (by.either === undefined) {
      yield { ...shown, from, to };
      continue;
    }
    const inside = from.filter((peer) => by.either!.has(peer));
    const others = from.filter((peer) => !by.either!.has(peer));
    const targets = to.filter((peer) => by.either!.has(peer));
    if (inside.length > 0) yield { ...shown, from: inside, to };
    if (others.length > 0 && targets.length > 0) yield { ...shown, from: others, to: targets };
  }
}

function eitherEnd(
  peers: readonly ReachPeer[],
  { namespace, outside }: ReachFilter,
): ReadonlySet<number> | undefined {
  if (namespace === undefined && !outside) return undefined;
  const indexes = [...peers.keys()].filter((index) => {
    const { kind, id } = peers[index]!;
    return (
      (outside && kind === "outside") || (namespace !== undefined && id.startsWith(`${namespace}/`))
    );
  });
  return new Set(indexes);
}

/** The peers that a name stands for: an id, a namespace, a pod that is shown under its workload, or the part of the outside that holds an address. */
function selectPeers(
  session: Session,
  peers: readonly ReachPeer[],
  name: string | undefined,
): ReadonlySet<number> | undefined | string {
  if (name === undefined) return undefined;
  const found = matchPeers(session, peers, name);
  return found.length > 0 ? new Set(found) : unknownName(name, namesOf(session, peers));
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
