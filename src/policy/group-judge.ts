import type { Family } from "../base/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import { type Group, PEER_BITS } from "./groups.ts";
import { type PointRef, judgePoint } from "./judge.ts";
import type { Column } from "./match.ts";
import type { Result, Results } from "./results.ts";
import { ALL_TRAFFIC } from "./traffic.ts";

/** Judges all traffic of one column at a point. `mayMatch`: the kinds of peers that may match the column, as bits; by default those that match such a column at all. */
export type GroupJudge = (point: PointRef, family: Family, mayMatch?: number) => Result;

/**
 * A judge that asks a program only where one of its rules may match: without one the ends of the stages decide,
 * and groups whose stages end alike share that result. In a large cluster most groups meet most columns without a match.
 */
export function createGroupJudge(compiled: CompiledPolicies, results: Results): GroupJudge {
  const unmatched = new Map<string, Result>();
  const judge = (point: PointRef, family: Family): Result =>
    results.ofPlanes(judgePoint(compiled, point, { family, facts: [], traffic: ALL_TRAFFIC }));
  return (point, family, mayMatch = bitsOf(compiled, point.column)) => {
    const { peerBits, ending } = compiled.groups[point.group]!;
    const matching = peerBits & mayMatch;
    // what stands for the own node is built in, and so the same in every group that has it
    if (ending === undefined || (matching & ~PEER_BITS["own-node"]) !== 0) {
      return judge(point, family);
    }
    const key = `${ending}/${matching}`;
    let result = unmatched.get(key);
    if (result === undefined) {
      result = judge(point, family);
      unmatched.set(key, result);
    }
    return result;
  };
}

/** The kinds of peers that may match a pod which is in none of the sets that a group names. */
export const BESIDE: number = PEER_BITS.any;

function bitsOf({ classes }: CompiledPolicies, column: Column): number {
  const { any, pods, addresses, nodes, domains } = PEER_BITS;
  if (column.kind === "outside") return any | addresses | domains;
  if (column.kind === "imagined") return any | pods | addresses;
  if (column.kind === "class" && column.asPod) {
    // a host-network pod has its node's addresses, also where policies treat it like a pod (CNP-7)
    const isHost = classes.classes[column.number]!.type === "host-pod";
    return any | pods | addresses | (isHost ? nodes : 0);
  }
  return HOST | (column.own ? PEER_BITS["own-node"] : 0);
}

/** The kinds of peers that may match a host, but for its relation to the pod. */
const HOST = PEER_BITS.any | PEER_BITS.addresses | PEER_BITS.nodes;

/** A text that is equal for groups which judge every host that is no pod in the same way; `undefined` for a group that may differ from all others. */
export function alikeAtHosts({ peerBits, ending }: Group): string | undefined {
  if (ending === undefined || (peerBits & HOST) !== 0) return undefined;
  return `${ending}/${peerBits & PEER_BITS["own-node"]}`;
}

/** Whether the families may be told apart at a group: only addresses and families do that. */
export function tellsFamilies({ peerBits }: Group): boolean {
  return (peerBits & (PEER_BITS.addresses | PEER_BITS.family)) !== 0;
}
