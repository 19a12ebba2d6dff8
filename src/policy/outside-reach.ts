import type { CompiledPolicies } from "./compile.ts";
import type { Group } from "./groups.ts";
import {
  type OutsidePart,
  type OutsideView,
  partitionOutside,
  resultAt,
  viewOutside,
} from "./outside.ts";
import type { PerFamily } from "./partition.ts";
import type { RawRectangle } from "./rectangles.ts";
import type { Result, Results } from "./results.ts";

/** The outside, cut as coarsely as the groups in force allow, and the view that each group has of it. */
export interface Outside {
  readonly parts: readonly OutsidePart[];
  readonly viewOf: (group: Group) => OutsideView;
}

/** The peers of classes. */
export interface ClassPeers {
  readonly byClass: ReadonlyMap<number, readonly number[]>;
  readonly offset: number;
}

/** Builds the outside of compiled policies. */
export function createOutside(
  compiled: CompiledPolicies,
  results: Results,
  groups: readonly Group[] = groupsOfPods(compiled),
): Outside {
  const views = new Map(
    groups.map((group) => [group.number, viewOutside(compiled, results, group)]),
  );
  const someLackFamily = compiled.classes.classes.some(({ families }) => families !== 3);
  return {
    parts: partitionOutside([...views.values()], someLackFamily),
    viewOf: (group) => views.get(group.number) ?? [],
  };
}

function groupsOfPods({ realClasses, groups }: CompiledPolicies): readonly Group[] {
  return groups.filter(
    ({ point, classes }) =>
      point.startsWith("workload") && classes.some((number) => realClasses.has(number)),
  );
}

/** Connections with the outside at one end. `byClass` holds the peers of each class, `offset` is the number of the first outside peer. */
export function* outsideRectangles(
  compiled: CompiledPolicies,
  results: Results,
  { parts, viewOf }: Outside,
  { byClass, offset }: ClassPeers,
): Generator<RawRectangle> {
  const { classes, groups, groupOf, profile } = compiled;
  for (const point of ["workload-egress", "workload-ingress"] as const) {
    for (const [number, mine] of byClass) {
      const { type, families } = classes.classes[number]!;
      if (type === "own-node" || type === "other-nodes") continue;
      const group = groupOf[point][number]!;
      const view = group < 0 ? undefined : viewOf(groups[group]!);
      const isEither = type === "host-pod" && profile.switches.hostNetworkPods === "unclear";
      const at = (part: OutsidePart, family: 4 | 6): Result => {
        const found = view === undefined ? results.open : resultAt(view, part, family);
        if (found === undefined) return results.closed;
        return isEither ? results.either(results.open, found, "host-network") : found;
      };
      const byResult = new Map<
        string,
        { readonly results: PerFamily; readonly list: number[]; readonly common: number }
      >();
      for (const [index, part] of parts.entries()) {
        const common = families & part.families;
        if (common === 0) continue;
        const pair = { 4: at(part, 4), 6: at(part, 6) };
        const key = `${pair[4].id}/${pair[6].id}/${common}`;
        const entry = byResult.get(key) ?? { results: pair, list: [], common };
        entry.list.push(offset + index);
        byResult.set(key, entry);
      }
      for (const { results: pair, list, common } of byResult.values()) {
        const [from, to] = point === "workload-egress" ? [mine, list] : [list, mine];
        yield { from, to, results: pair, families: common };
      }
    }
  }
}
