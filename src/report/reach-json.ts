import { type ReachResult, type Session, placeConditions, placeReasons } from "../app/index.ts";
import { formatRange } from "../base/index.ts";
import { type ReachPeer, type Rectangle, formatTraffic } from "../policy/index.ts";
import { CONTRACT_VERSION } from "./contract.ts";
import type { Write } from "./style.ts";

/** Writes reachability by the contract, piece by piece. `pairs`: one entry for each pair. */
export function writeReachJson(
  { session, peers, rectangles }: ReachResult,
  pairs: boolean,
  write: Write,
): void {
  const { profile, cluster } = session.compiled;
  const head = { version: CONTRACT_VERSION, profile: profile.name, incomplete: cluster.incomplete };
  write(`${JSON.stringify(head).slice(0, -1)},\n"peers":[`);
  const ids = peers.map(({ id }) => JSON.stringify(id));
  for (const [index, peer] of peers.entries()) {
    write(`${index === 0 ? "\n" : ",\n"}${JSON.stringify(showPeer(peer))}`);
  }
  write('],\n"connections":[');
  let first = true;
  const tail = tailOf(session);
  for (const rectangle of rectangles()) {
    const rest = tail(rectangle);
    for (const [from, to] of pairs ? pairsOf(rectangle, ids) : [listsOf(rectangle, ids)]) {
      write(`${first ? "\n" : ",\n"}{"from":[${from}],"to":[${to}],${rest}}`);
      first = false;
    }
  }
  write("]}\n");
}

function showPeer(peer: ReachPeer): Readonly<Record<string, unknown>> {
  const { id, kind } = peer;
  if (peer.kind === "pod") return { id, kind, workload: peer.workload };
  if (peer.kind === "outside") return { id, kind, addresses: peer.addresses.map(formatRange) };
  return { id, kind };
}

function listsOf({ from, to }: Rectangle, ids: readonly string[]): readonly [string, string] {
  return [from.map((index) => ids[index]!).join(), to.map((index) => ids[index]!).join()];
}

/** The pairs of a rectangle, one after the other. */
export function* pairsOf<T>(
  { from, to }: Pick<Rectangle, "from" | "to">,
  ids: readonly T[],
): Generator<readonly [T, T]> {
  for (const source of from) for (const target of to) yield [ids[source]!, ids[target]!];
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
