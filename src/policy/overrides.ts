import { EMPTY, intersect, subtract, union } from "../base/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { RuleRef } from "./decision.ts";
import { type SampleColumn, createColumns } from "./group-columns.ts";
import type { Group } from "./groups.ts";
import { destinationPorts, judgePoint } from "./judge.ts";
import { type Scene, matchRule } from "./match.ts";
import type { ProgramStage } from "./program.ts";
import { refsOf } from "./refs.ts";
import { ALL_TRAFFIC, type Traffic } from "./traffic.ts";

/** A rule that lets in or out what a later stage, left to itself, would deny because its policies isolate (CNP-4). */
export interface Override {
  readonly ref: RuleRef;
  /** The isolating policies that it overrides, sorted. */
  readonly isolating: readonly RuleRef[];
  /** What it opens, with at least one peer. */
  readonly traffic: Traffic;
  /** Classes of existing pods that it opens. */
  readonly classes: readonly number[];
}

/** Every rule that overrides isolation. Only groups of pods that have both are looked at, each until all of its rules are known to. */
export function findOverrides(compiled: CompiledPolicies): readonly Override[] {
  const columnsOf = createColumns(compiled);
  const found = new Map<number, Opened[]>();
  for (const group of compiled.groups) {
    const at = group.program.stages.findLastIndex(
      ({ outcomes, isolators }) => isolators.length > 0 && outcomes.every((one) => one === "Deny"),
    );
    const isReal = group.classes.some((number) => compiled.realClasses.has(number));
    if (at < 0 || !isReal) continue;
    const stage = group.program.stages[at]!;
    const opening = new Set(
      group.program.stages
        .slice(0, at)
        .flatMap(({ groups }) => groups.flat(2))
        .filter((number) => isOpening(compiled, number)),
    );
    if (opening.size === 0) continue;
    for (const sample of columnsOf(group)) {
      for (const [rule, traffic] of openedAt(compiled, { group, stage, opening }, sample)) {
        opening.delete(rule);
        found.set(rule, [...(found.get(rule) ?? []), { group, stage, traffic }]);
      }
      if (opening.size === 0) break;
    }
  }
  return [...found].map(([rule, list]) => describe(compiled, rule, list));
}

interface Opened {
  readonly group: Group;
  readonly stage: ProgramStage;
  readonly traffic: Traffic;
}

/** What an engine builds in overrides nothing that somebody wrote. */
function isOpening({ rules, policies, profile }: CompiledPolicies, number: number): boolean {
  const { rule, policy } = rules[number]!;
  return rule.action === "Allow" && !profile.builtins.includes(policies[policy]!);
}

interface Question {
  readonly group: Group;
  readonly stage: ProgramStage;
  readonly opening: ReadonlySet<number>;
}

/** The rules that surely take traffic of this column which no rule of the isolating stage would allow. */
function openedAt(
  compiled: CompiledPolicies,
  { group, stage, opening }: Question,
  { column, family }: SampleColumn,
): readonly (readonly [number, Traffic])[] {
  const guarded = group.classes[0]!;
  const taken = new Map<number, Traffic>();
  judgePoint(
    compiled,
    { kind: group.point, guarded, group: group.number, column },
    { family, facts: [], traffic: ALL_TRAFFIC },
    {
      stage: () => undefined,
      rule: (number, { must }, traffic) => {
        const surely = intersect(must, traffic);
        if (surely.length > 0 && opening.has(number)) taken.set(number, surely);
      },
      end: () => undefined,
    },
  );
  if (taken.size === 0) return [];
  const ports = destinationPorts(compiled, group.point, guarded, column);
  const scene: Scene = { compiled, column, family, facts: [], ports, guarded };
  const allowed = stage.groups
    .flat(2)
    .filter((number) => compiled.rules[number]!.rule.action === "Allow")
    .reduce<Traffic>(
      (sum, number) => union(sum, matchRule(scene, compiled.rules[number]!).may),
      EMPTY,
    );
  return [...taken].flatMap(([rule, traffic]) => {
    const opened = subtract(traffic, allowed);
    return opened.length > 0 ? [[rule, opened] as const] : [];
  });
}

function describe(compiled: CompiledPolicies, rule: number, list: readonly Opened[]): Override {
  const isolators = list.flatMap(({ stage }) => stage.isolators);
  const causes = isolators.map((policy) => ({ kind: "policy", policy }) as const);
  return {
    ref: refsOf(compiled, [{ kind: "rule", rule }])[0]!,
    isolating: refsOf(compiled, causes),
    traffic: list.reduce<Traffic>((sum, { traffic }) => union(sum, traffic), EMPTY),
    classes: list.flatMap(({ group }) =>
      group.classes.filter((number) => compiled.realClasses.has(number)),
    ),
  };
}
