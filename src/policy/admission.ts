import { type Family, intersect, union } from "../base/index.ts";
import type { Direction, Pod } from "../model/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { RuleRef } from "./decision.ts";
import { causesOf } from "./evaluate.ts";
import { type AdmittedPeer, type Sight, createFutureSight } from "./future-sight.ts";
import type { Group } from "./groups.ts";
import type { Column } from "./match.ts";
import { type Outcome, isSameOutcome, possibleOf } from "./planes.ts";
import type { Outlook } from "./outlook.ts";
import { refsOf } from "./refs.ts";
import { ALL_TRAFFIC, type Traffic, trafficOf } from "./traffic.ts";

/** One thing that a pod's own policies admit of what does not exist yet; the policies of the other end are not asked. */
export interface Admission {
  readonly peer: AdmittedPeer;
  /** Where the families of a dual-stack pod differ. */
  readonly family: Family | undefined;
  readonly allow: Traffic;
  readonly depends: Traffic;
  /** Everything that could be sent: traffic that covers it is `all`. */
  readonly universe: Traffic;
  /** Port names of rules toward it, which are looked up when the pod is there. */
  readonly portNames: readonly string[];
  /** The rules that admit it, looked up when asked for; none where nothing restricts the pod. */
  readonly refs: () => readonly RuleRef[];
}

/** What is admitted of a pod; `key` is equal for pods of which the same is said. */
export interface Admitted {
  readonly key: string;
  readonly list: readonly Admission[];
}

/** Gives what a pod's policies admit in a direction, `undefined` where no policy surely guards it (the host network). */
export type Admissions = (pod: Pod, direction: Direction) => Admitted | undefined;

/** The admissions of compiled policies, under the views of an outlook. The work grows with groups and their rules, never with pairs. */
export function createAdmissions(
  compiled: CompiledPolicies,
  { viewOf }: Pick<Outlook, "viewOf">,
): Admissions {
  const { classes, groups, groupOf } = compiled;
  const lookAt = createFutureSight(compiled, viewOf);
  const known = new Map<string, readonly Admission[]>();
  return (pod, direction) => {
    const number = classes.ofPod.get(pod);
    const group = number === undefined ? -1 : groupOf[`workload-${direction}`][number]!;
    if (number === undefined || pod.hostNetwork || group < 0) return undefined;
    const { families } = classes.classes[number]!;
    const key = `${group}/${families}`;
    const list =
      known.get(key) ??
      lookAt(groups[group]!).flatMap((sight) =>
        describe(compiled, groups[group]!, sight, families),
      );
    known.set(key, list);
    return { key, list };
  };
}

/** A sight as one admission, or one for each family of the pod if they differ. */
function describe(
  compiled: CompiledPolicies,
  group: Group,
  sight: Sight,
  families: number,
): readonly Admission[] {
  const { outcomes, columns, peer, portNames } = sight;
  const own = ([4, 6] as const).filter(
    (family) => (families & (family === 4 ? 1 : 2)) !== 0 && columns[family] !== undefined,
  );
  const of = (family: Family, universe: Traffic, shown: Family | undefined): Admission => {
    const { allow, conditional, depends } = outcomes[family];
    return {
      peer,
      family: shown,
      allow: intersect(union(allow, conditional), universe),
      depends: intersect(depends, universe),
      universe,
      portNames,
      refs: () =>
        refsAt(compiled, group, { column: columns[family]!, family, outcome: outcomes[family] }),
    };
  };
  const isOne = own.length === 2 && isSameOutcome(outcomes[4], outcomes[6]);
  if (isOne) return [of(4, ALL_TRAFFIC, undefined)];
  return own
    .filter((family) => possibleOf(outcomes[family]).length > 0 || portNames.length > 0)
    .map((family) => of(family, trafficOf(family), own.length === 2 ? family : undefined));
}

interface Seen {
  readonly column: Column;
  readonly family: Family;
  readonly outcome: Outcome;
}

/** The rules that decide at one point of each interval that may pass. */
function refsAt(
  compiled: CompiledPolicies,
  group: Group,
  { column, family, outcome }: Seen,
): readonly RuleRef[] {
  const point = { kind: group.point, guarded: group.classes[0]!, group: group.number, column };
  const starts = possibleOf(outcome).filter((_, index) => index % 2 === 0);
  const causes = starts.flatMap((traffic) =>
    causesOf(compiled, point, { family, facts: [], traffic: [traffic, traffic] }),
  );
  return refsOf(
    compiled,
    causes.filter(({ kind }) => kind === "rule"),
  );
}
