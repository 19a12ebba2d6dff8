import type { AddressSet, Family } from "../base/index.ts";
import type { ConditionRef, Reason } from "./decision.ts";
import type { Traffic } from "./traffic.ts";

/** Who can reach whom: peers, and rectangles over them. What no rectangle names is denied. */
export interface Reachability {
  /** Workloads, pods, nodes and relations by id, then outside ranges by first address. */
  readonly peers: readonly ReachPeer[];
  /** Each (source, destination, traffic) stands in one rectangle at most; sorted. Made when asked for, one after the other. */
  readonly rectangles: () => Iterable<Rectangle>;
  /** The work that this took so far. */
  readonly counters: () => ReachCounters;
  /** The same before pairs of one endpoint with itself are cut out: far fewer, and some pairs of a single peer with itself are among them. */
  readonly products: () => readonly Rectangle[];
  /** Whether a peer is one endpoint, which is never both ends of a connection. */
  readonly isSingle: (peer: number) => boolean;
}

/** Work that must grow with groups and with what they let pass, never with pairs of endpoints. */
export interface ReachCounters {
  /** Times that a group was asked about a group of the other direction. */
  readonly groupMeetings: number;
  /** Cells of classes that were looked at where groups meet. */
  readonly cellsVisited: number;
  /** Cells for which a program was run. */
  readonly cellsJudged: number;
  /** Classes of hosts met by others that are judged alike. */
  readonly hostMeetings: number;
}

/** The counters while they are counted. */
export type ReachWork = { -readonly [Name in keyof ReachCounters]: ReachCounters[Name] };

/** One end in a reachability answer. */
export type ReachPeer =
  | { readonly kind: "workload"; readonly id: string }
  /** One pod of a workload whose pods are treated differently. */
  | { readonly kind: "pod"; readonly id: string; readonly workload: string }
  | { readonly kind: "node"; readonly id: string }
  | { readonly kind: "relation"; readonly id: "own-node" | "other-nodes" }
  /** Addresses outside that every rule in force treats alike; `id` is `outside/N`. */
  | { readonly kind: "outside"; readonly id: string; readonly addresses: AddressSet };

/** Each of `from` with each of `to`. Indexes into `peers`, ascending. */
export interface Rectangle {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly traffic: Traffic;
  /** Everything that could be sent between these ends: `traffic` covering it is printed as `all`. */
  readonly universe: Traffic;
  /** Only where the families of a dual-stack pair differ. */
  readonly family: Family | undefined;
  readonly verdict: "allow" | "depends";
  readonly conditions: readonly ConditionRef[];
  readonly reasons: readonly Reason[];
}
