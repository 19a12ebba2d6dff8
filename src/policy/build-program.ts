import type { Direction } from "../model/index.ts";
import type { Board, Outcomes, Stage, Take } from "./board.ts";
import type { CompiledRule } from "./compiled-rule.ts";
import type { Answer, Policy } from "./policy.ts";
import type { Program, ProgramStage, TieGroup } from "./program.ts";

/** The policies in force and the rules of each. */
interface Known {
  readonly policies: readonly Policy[];
  readonly rulesOf: readonly (readonly CompiledRule[])[];
}

/** Fills a board in for the policies that select an endpoint in one direction, given ascending, some of them only `perhaps`; a stage with the same policies is filled in once. */
export function createPrograms(
  board: Board,
  direction: Direction,
  known: Known,
): (selecting: readonly number[], perhaps: ReadonlySet<number>) => Program {
  const rulesOf = known.rulesOf.map((rules) =>
    rules.filter(({ rule }) => rule.direction === direction),
  );
  const takes = takesBySlot(board);
  const filled = board.stages.map(() => new Map<string, ProgramStage>());
  const fill = (
    stage: Stage,
    entries: readonly Taken[],
    perhaps: ReadonlySet<number>,
  ): ProgramStage => {
    const mine = entries.map(({ number, rank, order }) => ({
      rank,
      order,
      tieName: known.policies[number]!.tieName,
      rules: rulesOf[number]!,
    }));
    return {
      stage,
      groups: tieGroups(stage, mine),
      ranked: stage.mode === "union" ? rankRules(mine) : [],
      ...endOf(stage, entries, { direction, perhaps }),
    };
  };
  return (selecting, perhaps) => {
    const byStage = board.stages.map((): Taken[] => []);
    for (const number of selecting) {
      const policy = known.policies[number]!;
      for (const { stage, take } of takes.get(policy.slot) ?? []) {
        const [rank, order] = [take.rank ?? 0, take.order ?? policy.order];
        byStage[stage]!.push({ number, policy, rank, order });
      }
    }
    const stages = byStage.map((entries, index): ProgramStage => {
      const key = entries.map(({ number }) => (perhaps.has(number) ? `?${number}` : number)).join();
      const stage = filled[index]!.get(key) ?? fill(board.stages[index]!, entries, perhaps);
      filled[index]!.set(key, stage);
      return stage;
    });
    return { stages, board };
  };
}

interface Taken {
  readonly number: number;
  readonly policy: Policy;
  readonly rank: number;
  readonly order: number;
}

type StageTake = { readonly stage: number; readonly take: Take };

/** The stages that take a slot; of each stage the first take of it. */
function takesBySlot({ stages }: Board): ReadonlyMap<string, readonly StageTake[]> {
  const bySlot = new Map<string, StageTake[]>();
  for (const [stage, { takes }] of stages.entries()) {
    for (const take of takes) {
      const list = bySlot.get(take.slot) ?? [];
      if (list.at(-1)?.stage !== stage) list.push({ stage, take });
      bySlot.set(take.slot, list);
    }
  }
  return bySlot;
}

interface Entry {
  readonly rank: number;
  readonly order: number;
  readonly tieName: string;
  readonly rules: readonly CompiledRule[];
}

/** Any deny wins, else any allow, else any pass. */
function rankRules(entries: readonly Entry[]): readonly (readonly number[])[] {
  const rules = entries.flatMap((entry) => entry.rules);
  return (["Deny", "Allow", "Pass"] as const)
    .map((action) => rules.filter(({ rule }) => rule.action === action).map(({ number }) => number))
    .filter((list) => list.length > 0);
}

function tieGroups(stage: Stage, entries: readonly Entry[]): readonly TieGroup[] {
  const key = ({ rank, order, tieName }: Entry, index: number): TieKey =>
    stage.ties === "name"
      ? [rank, order, tieName]
      : [rank, order, stage.ties === "rule-index" ? index : 0];
  const lists = entries.flatMap((entry) =>
    stage.ties === "rule-index"
      ? entry.rules.map(({ number, rule }) => ({ key: key(entry, rule.index), rules: [number] }))
      : [{ key: key(entry, 0), rules: entry.rules.map(({ number }) => number) }],
  );
  lists.sort((a, b) => compareKeys(a.key, b.key));
  const groups: { readonly key: TieKey; readonly tied: (readonly number[])[] }[] = [];
  for (const { key: mine, rules } of lists) {
    if (rules.length === 0) continue;
    const last = groups.at(-1);
    if (last !== undefined && compareKeys(last.key, mine) === 0) last.tied.push(rules);
    else groups.push({ key: mine, tied: [rules] });
  }
  return groups.map(({ tied }) => tied);
}

/** Rank, order and what decides between equal ones; equal keys are tied. */
type TieKey = readonly [rank: number, order: number, last: number | string];

function compareKeys(a: TieKey, b: TieKey): number {
  return compare(a[0], b[0]) || compare(a[1], b[1]) || compare(a[2], b[2]);
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What the end of a stage does for an endpoint that these policies select, and which of them make it so. */
function endOf(
  stage: Stage,
  taken: readonly Taken[],
  { direction, perhaps }: { readonly direction: Direction; readonly perhaps: ReadonlySet<number> },
): Pick<ProgramStage, "outcomes" | "isolators" | "otherWay"> {
  const other = direction === "ingress" ? "egress" : "ingress";
  const answerOf = ({ number, policy }: Taken, way: Direction): Answer =>
    policy.isolates[way] === "yes" && perhaps.has(number) ? "unclear" : policy.isolates[way];
  const by = (way: Direction, answer: Answer): readonly number[] =>
    taken.filter((each) => answerOf(each, way) === answer).map(({ number }) => number);
  const here = by(direction, "yes");
  if (here.length > 0) return { outcomes: stage.selected, isolators: here, otherWay: [] };
  const unclear = by(direction, "unclear");
  const otherWay = [...by(other, "yes"), ...by(other, "unclear")];
  const otherwise = otherWay.length > 0 ? stage.selectedOtherWay : stage.unselected;
  if (unclear.length === 0) return { outcomes: otherwise, isolators: [], otherWay };
  const outcomes: Outcomes = [...new Set([...stage.selected, ...otherwise])];
  return { outcomes, isolators: unclear, otherWay };
}
