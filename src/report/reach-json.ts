import { type ReachResult, type Session, placeConditions, placeReasons } from "../app/index.ts";
import { formatRange } from "../base/index.ts";
import { type ReachPeer, type Rectangle, formatTraffic } from "../policy/index.ts";
import { CONTRACT_VERSION } from "./contract.ts";
import { pairsOf } from "./pairs.ts";
import type { Write } from "./style.ts";

/** Writes reachability by the contract, piece by piece. `pairs`: one entry for each pair. */
export function writeReachJson(result: ReachResult, pairs: boolean, write: Write): void {
  write(`${JSON.stringify(reachHead(result)).slice(0, -1)},\n"peers":[`);
  for (const [index, peer] of result.peers.entries()) {
    write(`${index === 0 ? "\n" : ",\n"}${JSON.stringify(showPeer(peer))}`);
  }
  write('],\n"connections":[');
  let first = true;
  for (const connection of reachConnections(result, pairs)) {
    write(`${first ? "\n" : ",\n"}${connection}`);
    first = false;
  }
  write("]}\n");
}

/** What stands before the peers. */
export function reachHead({ session }: ReachResult): Readonly<Record<string, unknown>> {
  const { profile, cluster } = session.compiled;
  return { version: CONTRACT_VERSION, profile: profile.name, incomplete: cluster.incomplete };
}

/** The connections by the contract, each as JSON. */
export function* reachConnections(
  { session, peers, rectangles }: ReachResult,
  pairs: boolean,
): Generator<string> {
  const ids = peers.map(({ id }) => JSON.stringify(id));
  const tail = tailOf(session);
  for (const { from, to, entry } of pairs ? pairsOf(rectangles()) : wholes(rectangles())) {
    const [sources, targets] = [from, to].map((end) => [end].flat().map((peer) => ids[peer]!));
    yield `{"from":[${sources!.join()}],"to":[${targets!.join()}],${tail(entry)}}`;
  }
}

/** A peer as the contract has it. */
export function showPeer(peer: ReachPeer): Readonly<Record<string, unknown>> {
  const { id, kind } = peer;
  if (peer.kind === "pod") return { id, kind, workload: peer.workload };
  if (peer.kind === "outside") return { id, kind, addresses: peer.addresses.map(formatRange) };
  return { id, kind };
}

/** Each entry with all of its ends. */
function* wholes(
  entries: Iterable<Rectangle>,
): Generator<Pick<Rectangle, "from" | "to"> & { readonly entry: Rectangle }> {
  for (const entry of entries) yield { from: entry.from, to: entry.to, entry };
}

/** What stands behind the ends of an entry; equal answers are formatted once. */
function tailOf(session: Session): (rectangle: Rectangle) => string {
  const known = new Map<string, string>();
  return ({ traffic, universe, family, verdict, conditions, reasons }) => {
    const why =
      conditions.length + reasons.length === 0 ? "" : JSON.stringify([conditions, reasons]);
    const key = `${traffic.join()}|${universe.length}/${universe[1]}|${family}|${verdict}|${why}`;
    let text = known.get(key);
    if (text === undefined) {
      const rest = {
        ports: formatTraffic(traffic, universe),
        ...(family === undefined ? {} : { family }),
        verdict,
        ...(conditions.length === 0 ? {} : { conditions: placeConditions(session, conditions) }),
        ...(reasons.length === 0 ? {} : { reasons: placeReasons(session, reasons) }),
      };
      text = JSON.stringify(rest).slice(1, -1);
      known.set(key, text);
    }
    return text;
  };
}
