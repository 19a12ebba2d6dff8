import { contains, union } from "../base/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { RuleRef } from "./decision.ts";
import { type SampleColumn, createColumns } from "./group-columns.ts";
import type { Group } from "./groups.ts";
import { destinationPorts, judgePoint } from "./judge.ts";
import { type Scene, matchRule } from "./match.ts";
import type { TieGroup } from "./program.ts";
import { refsOf } from "./refs.ts";
import { ALL_TRAFFIC, type Traffic } from "./traffic.ts";

/** Two rules of policies whose order nobody defines, and which say different things about the same traffic of the same pods (CNP-2). */
export interface Tie {
  /** The rule of the policy whose id comes first, and the other; each with what it does. */
  readonly rules: readonly [TiedRule, TiedRule];
  /** What they disagree about, with at least one peer. */
  readonly traffic: Traffic;
  /** Classes of existing pods that both select. */
  readonly classes: readonly number[];
}

/** A rule of a tie. */
export interface TiedRule {
  readonly ref: RuleRef;
  readonly action: "Allow" | "Deny" | "Pass" | "Log";
}

/** Every tie that decides something: no policy of a higher precedence has decided before. Only groups of pods with tied policies are looked at. */
export function findTies(compiled: CompiledPolicies): readonly Tie[] {
  const found = new Map<string, { -readonly [Key in keyof Tie]: Tie[Key] }>();
  const columnsOf = createColumns(compiled);
  for (const group of compiled.groups) {
    const tied = group.program.stages.flatMap(({ groups }) =>
      groups.filter((lists) => lists.length > 1),
    );
    const classes = group.classes.filter((number) => compiled.realClasses.has(number));
    if (tied.length === 0 || classes.length === 0) continue;
    const here = new Set<string>();
    for (const sample of columnsOf(group)) {
      for (const { pair, traffic } of tiesAt(compiled, { group, tied }, sample)) {
        const key = pair.join();
        const known = found.get(key) ?? { rules: describe(compiled, pair), traffic, classes: [] };
        known.traffic = union(known.traffic, traffic);
        if (!here.has(key)) known.classes = [...known.classes, ...classes];
        here.add(key);
        found.set(key, known);
      }
    }
  }
  return [...found.values()];
}

interface TiedPair {
  /** Rule numbers, in the order of their policies' ids. */
  readonly pair: readonly [number, number];
  readonly traffic: Traffic;
}

function tiesAt(
  compiled: CompiledPolicies,
  { group, tied }: { readonly group: Group; readonly tied: readonly TieGroup[] },
  { column, family }: SampleColumn,
): readonly TiedPair[] {
  const guarded = group.classes[0]!;
  const point = { kind: group.point, guarded, group: group.number, column };
  const { doubts } = judgePoint(compiled, point, { family, facts: [], traffic: ALL_TRAFFIC });
  const ports = destinationPorts(compiled, group.point, guarded, column);
  const scene: Scene = { compiled, column, family, facts: [], ports, guarded };
  return doubts
    .filter(({ code }) => code === "priority-tie")
    .flatMap(({ traffic }) => tied.flatMap((lists) => pairsIn(compiled, scene, lists, traffic)));
}

/** The first rules of two lists for each interval of contested traffic, where they do different things. */
function pairsIn(
  { rules, policies }: CompiledPolicies,
  scene: Scene,
  lists: TieGroup,
  contested: Traffic,
): readonly TiedPair[] {
  const pairs: TiedPair[] = [];
  for (let at = 0; at < contested.length; at += 2) {
    const traffic = contested.slice(at, at + 2);
    const firsts = lists.flatMap((list) => {
      const first = list.find((number) =>
        contains(matchRule(scene, rules[number]!).may, traffic[0]!),
      );
      return first === undefined ? [] : [first];
    });
    for (const [index, a] of firsts.entries()) {
      for (const b of firsts.slice(index + 1)) {
        const [x, y] = [rules[a]!, rules[b]!];
        if (x.rule.action === y.rule.action) continue;
        const isInOrder = policies[x.policy]!.id < policies[y.policy]!.id;
        pairs.push({ pair: isInOrder ? [a, b] : [b, a], traffic });
      }
    }
  }
  return pairs;
}

function describe(
  compiled: CompiledPolicies,
  [a, b]: readonly [number, number],
): readonly [TiedRule, TiedRule] {
  const of = (rule: number): TiedRule => {
    const { action } = compiled.rules[rule]!.rule;
    return { ref: refsOf(compiled, [{ kind: "rule", rule }])[0]!, action };
  };
  return [of(a), of(b)];
}
