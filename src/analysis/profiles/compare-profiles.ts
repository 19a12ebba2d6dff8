import { EMPTY, intersect, subtract, union } from "../../base/index.ts";
import type { Cluster } from "../../model/index.ts";
import {
  ALL_TRAFFIC,
  type CompiledPolicies,
  type Profile,
  type ProfilePart,
  type Traffic,
  compareLists,
  compilePolicies,
  createJoin,
  profileParts,
  reachability,
  trafficOf,
  withoutSelf,
} from "../../policy/index.ts";
import { type ReachComparison, compareReach } from "../diff/compare-reach.ts";
import type { ChangedSides } from "../diff/compare-rows.ts";
import type { Difference } from "../diff/connection-state.ts";
import { type DiffPeer, joinPeers } from "../diff/join-peers.ts";
import { type ExplainedRow, type Pairs, createPairs, textOfRow } from "./explain-pairs.ts";
import { type Said, createPartFinder } from "./part-causes.ts";

/** How two profiles judge one cluster differently. */
export interface ProfileComparison {
  readonly a: CompiledPolicies;
  readonly b: CompiledPolicies;
  /** The peers of both, split as finely as either profile needs. */
  readonly peers: readonly DiffPeer[];
  /** Everything in which the profiles differ. */
  readonly parts: readonly ProfilePart[];
  /** Sorted by ends. */
  readonly rows: readonly ProfileRow[];
}

/** Each of `from` with each of `to` differs in the same traffic for the same cause. Indexes into `peers`, ascending. */
export interface ProfileRow extends ExplainedRow {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Compares how two profiles judge a cluster, and finds what makes each connection differ by trying. */
export function compareProfiles(
  cluster: Cluster,
  first: Profile,
  second: Profile,
): ProfileComparison {
  const [a, b] = [compilePolicies(cluster, first), compilePolicies(cluster, second)];
  const compared = compareReach(a, b);
  const parts = profileParts(a.profile, b.profile);
  if (compared.changed.length === 0) return { a, b, peers: compared.peers, parts, rows: [] };
  const finder = createPartFinder(a, b, parts);
  const { peers, changed } = finder.tried().reduce(refine, compared);
  const pairs = createPairs({ a, b, peers, finder });
  const rows = changed.flatMap((sides) => explainSides(sides, pairs));
  return { a, b, peers, parts, rows: joinRows(rows) };
}

/** The same with peers split where another profile treats their parts differently: what makes them differ may then be another part. */
function refine({ peers, changed }: Compared, tried: CompiledPolicies): Compared {
  const { peers: finer, ofBase } = joinPeers(peers, reachability(tried).peers);
  const map = (list: readonly number[]): readonly number[] =>
    list.flatMap((peer) => ofBase[peer]!).toSorted((x, y) => x - y);
  return {
    peers: finer,
    changed: changed.flatMap(({ from, to, difference }) =>
      withoutSelf({ from: map(from), to: map(to) }, (peer) => finer[peer]!.kind === "pod").map(
        (sides) => ({ ...sides, difference }),
      ),
    ),
  };
}

type Compared = Pick<ReachComparison, "peers" | "changed">;

/** Pairs of kinds of ends in one rectangle that are all tried; of more, none. */
const MOST_PAIRS = 1024;

function explainSides({ from, to, difference }: ChangedSides, pairs: Pairs): readonly ProfileRow[] {
  const group = (mine: readonly number[], theirs: readonly number[]): (readonly number[])[] => {
    const besideHosts = theirs.some(pairs.isHost);
    return [...Map.groupBy(mine, (peer) => pairs.keyOf(peer, besideHosts)).values()];
  };
  const [sources, targets] = [group(from, to), group(to, from)];
  if (sources.length * targets.length > MOST_PAIRS) {
    return unexplained(difference).map((row) => ({ ...row, from, to }));
  }
  return sources.flatMap((mine) =>
    targets.flatMap((theirs) =>
      // One that is not the source, where there is one.
      pairs
        .explain(mine[0]!, theirs.find((peer) => peer !== mine[0]) ?? theirs[0]!, difference)
        .map((row) => ({ ...row, from: mine, to: theirs })),
    ),
  );
}

function unexplained(difference: Difference): readonly ExplainedRow[] {
  const { family, before, after } = difference;
  const all = family === undefined ? ALL_TRAFFIC : trafficOf(family);
  const parts = (state: Difference["before"]): readonly (readonly [Said, Traffic])[] => [
    ["allow", state.allow],
    ["depends", state.depends],
    ["deny", subtract(all, union(state.allow, state.depends))],
  ];
  return parts(before).flatMap(([a, mine]) =>
    parts(after).flatMap(([b, theirs]) => {
      const traffic = a === b ? EMPTY : intersect(mine, theirs);
      return traffic.length === 0 ? [] : [{ family, traffic, a, b, cause: undefined }];
    }),
  );
}

/** Rows that say the same of more pairs, together; sorted by ends. */
function joinRows(rows: readonly ProfileRow[]): readonly ProfileRow[] {
  const join = createJoin();
  const keyOf = (row: ProfileRow): string =>
    `${row.family} ${row.traffic.join()} ${textOfRow(row)}`;
  return [...Map.groupBy(rows, keyOf).values()]
    .flatMap((list) => join(list).map((sides) => ({ ...list[0]!, ...sides })))
    .toSorted(
      (x, y) =>
        compareLists(x.from, y.from) ||
        compareLists(x.to, y.to) ||
        (x.family ?? 0) - (y.family ?? 0) ||
        compareLists(x.traffic, y.traffic),
    );
}
