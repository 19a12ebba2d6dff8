import type { CompiledPolicies } from "./compile.ts";
import type { GroupJudge } from "./group-judge.ts";
import type { Group } from "./groups.ts";
import {
  type OutsidePart,
  type OutsideView,
  partitionOutside,
  resultAt,
  textOfView,
  viewOutside,
} from "./outside.ts";
import { isRelation } from "./party.ts";
import { type PerFamily, isClosed } from "./partition.ts";
import type { RawRectangle } from "./rectangles.ts";
import type { Result, Results } from "./results.ts";

/** The outside, cut as coarsely as the groups in force allow, and the view that each group has of it; equal views are the same object. */
export interface Outside {
  readonly parts: readonly OutsidePart[];
  readonly viewOf: ViewOf;
}

/** The peers of classes. */
export interface ClassPeers {
  readonly byClass: ReadonlyMap<number, readonly number[]>;
  readonly offset: number;
}

/** Gives the view that a group has of the outside, worked out when it is first asked for. */
export type ViewOf = (group: Group) => OutsideView;

/** The views of groups. */
export function createViews(compiled: CompiledPolicies, judge: GroupJudge): ViewOf {
  const views = new Map<number, OutsideView>();
  return (group) => {
    let view = views.get(group.number);
    if (view === undefined) {
      view = viewOutside(compiled, judge, group);
      views.set(group.number, view);
    }
    return view;
  };
}

/** Builds the outside of compiled policies. */
export function createOutside(compiled: CompiledPolicies, judge: GroupJudge): Outside {
  const byText = new Map<string, OutsideView>();
  const views = new Map(
    groupsInUse(compiled).map((group) => {
      const view = viewOutside(compiled, judge, group);
      const text = textOfView(view);
      if (!byText.has(text)) byText.set(text, view);
      return [group.number, byText.get(text)!];
    }),
  );
  const someLackFamily = compiled.classes.classes.some(({ families }) => families !== 3);
  return {
    parts: partitionOutside([...byText.values()], someLackFamily),
    viewOf: (group) => views.get(group.number) ?? [],
  };
}

/** Groups of pods that exist, and those of nodes, which only some profiles have. */
function groupsInUse({ realClasses, groups }: CompiledPolicies): readonly Group[] {
  return groups.filter(
    ({ point, classes }) =>
      point.startsWith("host") || classes.some((number) => realClasses.has(number)),
  );
}

/** Connections with the outside at one end. Classes that share a view of it are one rectangle; views are compared once. */
export function* outsideRectangles(
  compiled: CompiledPolicies,
  results: Results,
  { parts, viewOf }: Outside,
  { byClass, offset }: ClassPeers,
): Generator<RawRectangle> {
  const { classes, groups, groupOf, profile } = compiled;
  for (const point of ["workload-egress", "workload-ingress"] as const) {
    const sides = new Map<OutsideView | undefined, Map<string, Side>>();
    for (const [number, mine] of byClass) {
      const { type, families } = classes.classes[number]!;
      if (isRelation(type)) continue;
      const group = groupOf[point][number]!;
      const isEither = type === "host-pod" && profile.switches.hostNetworkPods === "unclear";
      const view = group < 0 ? undefined : viewOf(groups[group]!);
      const alike = sides.get(view) ?? new Map<string, Side>();
      sides.set(view, alike);
      const key = `${families}|${isEither}`;
      const side = alike.get(key);
      if (side === undefined) alike.set(key, { view, families, isEither, peers: [...mine] });
      else side.peers.push(...mine);
    }
    for (const side of [...sides.values()].flatMap((alike) => [...alike.values()])) {
      const mine = side.peers.toSorted((a, b) => a - b);
      for (const { results: pair, list, common } of answersOf(results, parts, side)) {
        const outside = list.map((index) => offset + index);
        const [from, to] = point === "workload-egress" ? [mine, outside] : [outside, mine];
        yield { from, to, results: pair, families: common };
      }
    }
  }
}

/** Peers that look at the outside in the same way. Without a view everything is open. */
interface Side {
  readonly view: OutsideView | undefined;
  readonly families: number;
  /** Host-network pods where it is open whether policies treat them like pods. */
  readonly isEither: boolean;
  readonly peers: number[];
}

interface OutsideAnswer {
  readonly results: PerFamily;
  /** Indexes of parts. */
  readonly list: number[];
  readonly common: number;
}

/** The parts of the outside by their results. */
function answersOf(
  results: Results,
  parts: readonly OutsidePart[],
  { view, families, isEither }: Side,
): Iterable<OutsideAnswer> {
  const at = (part: OutsidePart, family: 4 | 6): Result => {
    const found = view === undefined ? results.open : resultAt(view, part, family);
    if (found === undefined) return results.closed;
    return isEither ? results.either(results.open, found, "host-network") : found;
  };
  const byResult = new Map<string, OutsideAnswer>();
  for (const [index, part] of parts.entries()) {
    const common = families & part.families;
    if (common === 0) continue;
    const pair = { 4: at(part, 4), 6: at(part, 6) };
    if (isClosed(pair)) continue;
    const key = `${pair[4].id}/${pair[6].id}/${common}`;
    const entry = byResult.get(key);
    if (entry === undefined) byResult.set(key, { results: pair, list: [index], common });
    else entry.list.push(index);
  }
  return byResult.values();
}
