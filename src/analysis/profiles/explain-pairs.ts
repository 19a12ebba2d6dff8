import {
  EMPTY,
  type Family,
  equals,
  formatAddress,
  intersect,
  subtract,
  union,
} from "../../base/index.ts";
import {
  ALL_TRAFFIC,
  type CompiledPolicies,
  type End,
  type Traffic,
  trafficOf,
} from "../../policy/index.ts";
import type { Difference } from "../diff/connection-state.ts";
import { type StateEnd, createEndFinder } from "../diff/end-edits.ts";
import type { DiffPeer } from "../diff/join-peers.ts";
import { classOf } from "../diff/world.ts";
import type { ExplainedTraffic, PartCause, PartFinder, Said } from "./part-causes.ts";

/** Traffic of some pair that differs alike, for one cause. */
export interface ExplainedRow {
  /** Only where the families of a dual-stack pair differ. */
  readonly family: Family | undefined;
  /** What differs; all that the pair can send is `ALL_TRAFFIC`, or all of the family. */
  readonly traffic: Traffic;
  readonly a: Said;
  readonly b: Said;
  /** Nothing where there were too many pairs to try each. */
  readonly cause: PartCause | undefined;
}

/** The ends of pairs, those that no profile tells apart together. */
export interface Pairs {
  /** Equal for peers that every profile which is tried treats alike; `besideHosts`: also towards a host, where it counts which node they are on. */
  readonly keyOf: (peer: number, besideHosts: boolean) => string;
  readonly isHost: (peer: number) => boolean;
  readonly explain: (from: number, to: number, difference: Difference) => readonly ExplainedRow[];
}

/** What pairs are looked up in. */
export interface PairsFrom {
  readonly a: CompiledPolicies;
  readonly b: CompiledPolicies;
  readonly peers: readonly DiffPeer[];
  readonly finder: PartFinder;
}

/** Prepares the ends of the joined peers of two profiles. */
export function createPairs({ a, b, peers, finder }: PairsFrom): Pairs {
  const find = createEndFinder(a.cluster);
  const compiled = [a, b, ...finder.tried()];
  const known = new Map<number, readonly [alone: string, besideHosts: string]>();
  const makeKeys = (number: number): readonly [string, string] => {
    const peer = peers[number]!;
    const end = find(peer, 4);
    // Hosts and ranges are each by themselves.
    const isOwn = peer.kind !== "workload" || end?.kind !== "pod" || end.pod.hostNetwork;
    if (isOwn) return [`#${number}`, `#${number}`];
    const classes = compiled.map((each) => classOf(each, end)).join();
    const { node, hostAddresses } = end.pod;
    return [classes, `${classes} ${node ?? ""} ${hostAddresses.map(formatAddress).join()}`];
  };
  const keyOf: Pairs["keyOf"] = (number, besideHosts) => {
    const keys = known.get(number) ?? makeKeys(number);
    known.set(number, keys);
    return keys[besideHosts ? 1 : 0];
  };
  const isHost = (number: number): boolean => {
    const end = find(peers[number]!, 4);
    return (
      end?.kind === "node" ||
      end?.kind === "relation" ||
      (end?.kind === "pod" && end.pod.hostNetwork)
    );
  };
  const explain: Pairs["explain"] = (from, to, difference) => {
    const both = ([4, 6] as const).flatMap((family): readonly Explained[] => {
      const [source, destination] = [find(peers[from]!, family), find(peers[to]!, family)];
      if (source === undefined || destination === undefined) return [];
      if (!sharesFamily([a, source], [a, destination], family)) return [];
      if (difference.family !== undefined && difference.family !== family) return [];
      const pair = { source: plainEnd(source), destination: otherEnd(source, destination) };
      const traffic = intersect(changedTraffic(difference), trafficOf(family));
      return [{ family, rows: finder.explain(pair, traffic, family) }];
    });
    return mergeFamilies(both, difference);
  };
  return { keyOf, isHost, explain };
}

interface Explained {
  readonly family: Family;
  readonly rows: readonly ExplainedTraffic[];
}

const SHARED = intersect(trafficOf(4), trafficOf(6));

/** One row for both families where they are told alike. */
function mergeFamilies(
  both: readonly Explained[],
  { family: only }: Difference,
): readonly ExplainedRow[] {
  const [first, second] = both;
  if (first === undefined) return [];
  if (second === undefined) {
    return first.rows.map((row) => ({
      ...row,
      family: only,
      traffic: whole(row.traffic, first.family, only),
    }));
  }
  const left = new Map(second.rows.map((row) => [textOfRow(row), row]));
  const rows = first.rows.flatMap((row): ExplainedRow[] => {
    const twin = left.get(textOfRow(row));
    const isAlike = equals(
      intersect(row.traffic, SHARED),
      intersect(twin?.traffic ?? EMPTY, SHARED),
    );
    if (!isAlike) return [{ ...row, family: first.family }];
    left.delete(textOfRow(row));
    return [{ ...row, family: undefined, traffic: union(row.traffic, twin?.traffic ?? EMPTY) }];
  });
  const rest = [...left.values()].map((row) => ({
    ...row,
    family: intersect(row.traffic, SHARED).length === 0 ? undefined : second.family,
  }));
  return [...rows, ...rest];
}

/** All that a pair of one family can send is everything, as it is printed. */
function whole(traffic: Traffic, family: Family, only: Family | undefined): Traffic {
  return only === undefined && equals(traffic, trafficOf(family)) ? ALL_TRAFFIC : traffic;
}

/** The traffic of which two states say different things, conditions included. */
function changedTraffic({ before, after }: Difference): Traffic {
  const conditions = [
    ...newConditions(before.conditions, after.conditions),
    ...newConditions(after.conditions, before.conditions),
  ];
  return [
    subtract(before.allow, after.allow),
    subtract(after.allow, before.allow),
    subtract(before.depends, after.depends),
    subtract(after.depends, before.depends),
    ...conditions,
  ].reduce(union);
}

/** The traffic that one state puts under a condition and the other does not. */
function newConditions(
  mine: Difference["before"]["conditions"],
  theirs: Difference["before"]["conditions"],
): readonly Traffic[] {
  return mine.map(({ text, traffic }) =>
    subtract(traffic, theirs.find((other) => other.text === text)?.traffic ?? EMPTY),
  );
}

type PlacedEnd = readonly [compiled: CompiledPolicies, end: StateEnd];

function sharesFamily(a: PlacedEnd, b: PlacedEnd, family: Family): boolean {
  return hasFamily(a, family) && hasFamily(b, family);
}

function hasFamily([compiled, end]: PlacedEnd, family: Family): boolean {
  if (end.kind === "outside") return end.address.family === family;
  const { families } = compiled.classes.classes[classOf(compiled, end)]!;
  return (families & (family === 4 ? 1 : 2)) !== 0;
}

function plainEnd(end: StateEnd): End {
  if (end.kind !== "node") return end;
  const { name, labels, addresses } = end.node;
  return { kind: "node", name, labels, addresses };
}

/** The end that a connection goes to: of one workload's pods another than the one that it comes from. */
function otherEnd(source: StateEnd, end: StateEnd): End {
  if (end.kind !== "pod" || source.kind !== "pod" || end.pod !== source.pod) return plainEnd(end);
  return { ...end, pod: end.workload.pods[1] ?? end.pod };
}

/** A text that is equal for rows of one kind. */
export function textOfRow({ a, b, cause }: Pick<ExplainedRow, "a" | "b" | "cause">): string {
  const names = cause?.parts.map(({ name }) => name).join() ?? "";
  const enough = cause?.kind === "together" && cause.enough;
  return `${a} ${b} ${cause?.kind} ${enough} ${names}`;
}
