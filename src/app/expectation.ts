import type { GenericSchema } from "valibot";

import { type Change, type DiffPeer, directionsOf, trafficOfPorts } from "../analysis/index.ts";
import {
  type AddressSet,
  type IntervalSet,
  type ValibotModule,
  exactObject,
  isWithin,
  oneOf,
  parseRange,
  subtract,
} from "../base/index.ts";
import { ALL_TRAFFIC, type Traffic, parseTraffic } from "../policy/index.ts";

/** A change that somebody said would come, as it is written. */
export interface ExpectedChange {
  readonly from: string | readonly string[];
  readonly to: string | readonly string[];
  /** Any traffic if not given. */
  readonly ports?: readonly string[];
  readonly change: (typeof CHANGES)[number];
  readonly reason: string;
}

/** An expected change with where it is written: `FILE:LINE`. */
export interface Expectation extends ExpectedChange {
  readonly place: string;
}

const CHANGES = ["added", "removed", "any"] as const;

/** The schema of an expected change. */
export function expectationSchema(v: ValibotModule): GenericSchema<unknown, ExpectedChange> {
  const name = v.pipe(v.string(), v.minLength(1, "an end has a name"));
  const ends = v.union([name, v.pipe(v.array(name), v.minLength(1, "name one end"))]);
  const port = v.pipe(
    v.string(),
    v.check(
      (text) => typeof parseTraffic(text) !== "string",
      ({ input }) => String(parseTraffic(input)),
    ),
  );
  return exactObject(v, {
    from: ends,
    to: ends,
    ports: v.exactOptional(
      v.pipe(v.array(port), v.minLength(1, "name a port, or leave `ports` out")),
    ),
    change: oneOf(v, CHANGES),
    reason: v.pipe(v.string(), v.regex(/\S/u, "a reason says why the change is expected")),
  });
}

/** Which changes expectations cover. */
export interface Covered {
  /** For each change the reasons why it was expected, if all of it was. */
  readonly reasons: readonly (string | undefined)[];
  /** For each change what was not expected. */
  readonly left: readonly {
    readonly added: boolean;
    readonly removed: boolean;
    readonly any: boolean;
  }[];
  readonly unused: readonly Expectation[];
}

/** Holds changes against expectations, pair by pair and port by port. */
export function coverChanges(
  peers: readonly DiffPeer[],
  changes: readonly Change[],
  expectations: readonly Expectation[],
): Covered {
  const sets = expectations.map((expectation) => ({
    expectation,
    from: matching(peers, [expectation.from].flat()),
    to: matching(peers, [expectation.to].flat()),
    traffic: trafficOfPorts(expectation.ports),
  }));
  const used = new Set<Expectation>();
  const each = changes.map((change) => {
    const reasons = new Set<string>();
    const cover = (traffic: Traffic, way: "added" | "removed" | "any"): boolean => {
      let left: readonly Block[] = traffic.length === 0 ? [] : [{ ...sidesOf(change), traffic }];
      for (const set of sets) {
        const { change: expected, reason } = set.expectation;
        if (expected !== "any" && expected !== way) continue;
        const rest = left.flatMap((block) => without(block, set, set.traffic));
        if (rest.length === left.length && rest.every((block, index) => block === left[index]))
          continue;
        used.add(set.expectation);
        reasons.add(reason);
        left = rest;
      }
      return left.length > 0;
    };
    const { rose, fell } = directionsOf(change);
    const isNeither = rose.length === 0 && fell.length === 0;
    const [added, removed] = [cover(rose, "added"), cover(fell, "removed")];
    const any = added || removed || (isNeither && cover(ALL_TRAFFIC, "any"));
    return { added, removed, any, reason: any ? undefined : [...reasons].toSorted().join("; ") };
  });
  return {
    reasons: each.map(({ reason }) => reason),
    left: each.map(({ added, removed, any }) => ({ added, removed, any })),
    unused: expectations.filter((expectation) => !used.has(expectation)),
  };
}

/** Some traffic of each of `from` to each of `to`. */
interface Block {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly traffic: IntervalSet;
}

function sidesOf({ from, to }: Change): Omit<Block, "traffic"> {
  return { from, to };
}

/** What is left of a block when pairs and ports are taken away; the block itself if nothing is. */
function without(
  block: Block,
  { from, to }: { readonly from: ReadonlySet<number>; readonly to: ReadonlySet<number> },
  ports: Traffic,
): readonly Block[] {
  const left = subtract(block.traffic, ports);
  const mine = block.from.filter((peer) => from.has(peer));
  const theirs = block.to.filter((peer) => to.has(peer));
  if (left === block.traffic || mine.length === 0 || theirs.length === 0) return [block];
  const { traffic } = block;
  return [
    { from: block.from.filter((peer) => !from.has(peer)), to: block.to, traffic },
    { from: mine, to: block.to.filter((peer) => !to.has(peer)), traffic },
    { from: mine, to: theirs, traffic: left },
  ].filter((each) => each.from.length > 0 && each.to.length > 0 && each.traffic.length > 0);
}

/** The peers that one of some names stands for. */
function matching(peers: readonly DiffPeer[], names: readonly string[]): ReadonlySet<number> {
  const tests = names.map(testOf);
  return new Set(peers.keys().filter((index) => tests.some((test) => test(peers[index]!))));
}

/** A name of an expectation: an id, `any`, `outside`, `NAMESPACE/`, an address or a range, which holds a peer that is wholly in it. */
function testOf(name: string): (peer: DiffPeer) => boolean {
  if (name === "any") return () => true;
  if (name === "outside") return ({ kind }) => kind === "outside";
  const ranges = rangesOf(name);
  if (ranges !== undefined) {
    return (peer) => peer.kind === "outside" && isWithin(peer.addresses, ranges);
  }
  if (name.endsWith("/")) {
    return ({ kind, id }) => (kind === "workload" || kind === "pod") && id.startsWith(name);
  }
  // The number of a range outside is no name: it changes with every edit.
  return (peer) =>
    peer.kind !== "outside" &&
    (peer.id === name || (peer.kind === "pod" && peer.workload === name));
}

/** The addresses that a text names; `undefined` if it is no address and no range. */
function rangesOf(name: string): AddressSet | undefined {
  const range = parseRange(name);
  return range === undefined ? undefined : [range];
}
