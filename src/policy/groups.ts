import type { Direction } from "../model/index.ts";
import type { Board, Outcomes, PointKind, Profile, Stage } from "./board.ts";
import type { ClassSet } from "./class-set.ts";
import type { Classes } from "./classes.ts";
import type { CompiledRule } from "./compiled-rule.ts";
import type { Policy } from "./policy.ts";
import type { Program, ProgramStage, TieGroup } from "./program.ts";

/** Classes that the same policies select at one enforcement point, so that they share one program. */
export interface Group {
  readonly number: number;
  readonly point: PointKind;
  readonly program: Program;
  /** Ascending; those that have rules here or isolate. */
  readonly policies: readonly number[];
  /** Every rule of the program. */
  readonly rules: readonly number[];
  readonly classes: readonly number[];
}

/** What groups are built from. `subjects` holds the classes that each policy selects; undefined: all pods. */
export interface GroupInput {
  readonly profile: Profile;
  readonly policies: readonly Policy[];
  readonly rules: readonly CompiledRule[];
  readonly classes: Classes;
  readonly subjects: readonly (ClassSet | undefined)[];
}

/** Builds the groups of every point; each distinct list of policies once. */
export function buildGroups(input: GroupInput): {
  readonly groups: readonly Group[];
  readonly groupOf: Readonly<Record<PointKind, Int32Array>>;
} {
  const { profile, classes, policies } = input;
  const groups: Group[] = [];
  const count = classes.classes.length;
  const selecting = policiesOf(input);
  const none = new Int32Array(count).fill(-1);
  const groupOf: Record<PointKind, Int32Array> = {
    "workload-egress": none,
    "workload-ingress": none,
    "host-egress": none,
    "host-ingress": none,
    "host-forward": none,
    "host-untracked": none,
    "host-pre-dnat": none,
  };
  const rulesOf = rulesByPolicy(input);
  const named = rulesOf.map((own) =>
    own.some(({ rule }) => rule.direction === "ingress" && rule.traffic.named.length > 0),
  );
  for (const point of Object.keys(groupOf) as PointKind[]) {
    const board = profile.boards[point];
    if (board === undefined) continue;
    const direction = directionOf(point);
    const byKey = new Map<string, { readonly number: number; readonly classes: number[] }>();
    const numbers = new Int32Array(count).fill(-1);
    for (const { number, type, portKey } of classes.classes) {
      if (point.startsWith("workload") ? !isGuarded(type, profile) : type !== "node") continue;
      const mine = relevant(selecting[number]!, policies, direction);
      const byPort = direction === "ingress" && mine.some((policy) => named[policy]);
      const key = `${mine.join(",")}|${byPort ? portKey : ""}`;
      let group = byKey.get(key);
      if (group === undefined) {
        group = { number: groups.length, classes: [] };
        byKey.set(key, group);
        const program = buildProgram(board, mine, direction, { policies, rulesOf });
        const rules = program.stages.flatMap((stage) => stage.groups.flat(2));
        groups.push({
          number: group.number,
          point,
          program,
          policies: mine,
          rules,
          classes: group.classes,
        });
      }
      group.classes.push(number);
      numbers[number] = group.number;
    }
    groupOf[point] = numbers;
  }
  return { groups, groupOf };
}

/** The direction that a point judges, as seen from the endpoint that it guards. */
export function directionOf(point: PointKind): Direction {
  return point === "workload-egress" || point === "host-egress" ? "egress" : "ingress";
}

/** Whether policies for pods may guard endpoints of this type. */
function isGuarded(type: string, profile: Profile): boolean {
  return type === "pod" || (type === "host-pod" && profile.switches.hostNetworkPods === "unclear");
}

/** The policies that select each class, ascending. */
function policiesOf({ policies, classes, subjects, profile }: GroupInput): readonly number[][] {
  const lists: number[][] = classes.classes.map(() => []);
  for (const policy of policies.keys()) {
    const subject = subjects[policy];
    if (subject !== undefined) for (const number of subject.members) lists[number]!.push(policy);
    else {
      for (const { number, type } of classes.classes) {
        if (isGuarded(type, profile) || type === "node") lists[number]!.push(policy);
      }
    }
  }
  return lists;
}

/** Those that can have a part in this direction: by rules, by isolating it, or by isolating only the other one. */
function relevant(
  selecting: readonly number[],
  policies: readonly Policy[],
  direction: Direction,
): readonly number[] {
  return selecting.filter((number) => {
    const { rules, isolates } = policies[number]!;
    return (
      isolates.ingress !== "no" ||
      isolates.egress !== "no" ||
      rules.some((rule) => rule.direction === direction)
    );
  });
}

function rulesByPolicy({ rules, policies }: GroupInput): readonly (readonly CompiledRule[])[] {
  const lists: CompiledRule[][] = policies.map(() => []);
  for (const rule of rules) lists[rule.policy]!.push(rule);
  return lists;
}

interface Known {
  readonly policies: readonly Policy[];
  readonly rulesOf: readonly (readonly CompiledRule[])[];
}

/** Fills a board in for the policies that select an endpoint in one direction. */
function buildProgram(
  board: Board,
  selecting: readonly number[],
  direction: Direction,
  known: Known,
): Program {
  const stages = board.stages.map((stage): ProgramStage => {
    const taken = selecting.flatMap((number) => {
      const policy = known.policies[number]!;
      const take = stage.takes.find(({ slot }) => slot === policy.slot);
      return take === undefined ? [] : [{ number, policy, order: take.order ?? policy.order }];
    });
    const mine = taken.map(({ number, policy, order }) => ({
      order,
      tieName: policy.tieName,
      rules: known.rulesOf[number]!.filter(({ rule }) => rule.direction === direction),
    }));
    return {
      stage,
      groups: tieGroups(stage, mine),
      ranked: stage.mode === "union" ? rankRules(mine) : [],
      ...endOf(stage, taken, direction),
    };
  });
  return { stages, board };
}

interface Entry {
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
  const key = (entry: Entry, index: number): readonly [number, number | string] =>
    stage.ties === "name"
      ? [entry.order, entry.tieName]
      : [entry.order, stage.ties === "rule-index" ? index : 0];
  const lists = entries.flatMap((entry) =>
    stage.ties === "rule-index"
      ? entry.rules.map(({ number, rule }) => ({ key: key(entry, rule.index), rules: [number] }))
      : [{ key: key(entry, 0), rules: entry.rules.map(({ number }) => number) }],
  );
  lists.sort((a, b) => compare(a.key[0], b.key[0]) || compare(a.key[1], b.key[1]));
  const groups: {
    readonly key: readonly [number, number | string];
    readonly tied: (readonly number[])[];
  }[] = [];
  for (const { key: mine, rules } of lists) {
    if (rules.length === 0) continue;
    const last = groups.at(-1);
    if (last !== undefined && last.key[0] === mine[0] && last.key[1] === mine[1])
      last.tied.push(rules);
    else groups.push({ key: mine, tied: [rules] });
  }
  return groups.map(({ tied }) => tied);
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What the end of a stage does for an endpoint that these policies select, and which of them make it so. */
function endOf(
  stage: Stage,
  taken: readonly { readonly number: number; readonly policy: Policy }[],
  direction: Direction,
): Pick<ProgramStage, "outcomes" | "isolators" | "otherWay"> {
  const other = direction === "ingress" ? "egress" : "ingress";
  const by = (way: Direction, answer: string): readonly number[] =>
    taken.filter(({ policy }) => policy.isolates[way] === answer).map(({ number }) => number);
  const here = by(direction, "yes");
  if (here.length > 0) return { outcomes: stage.selected, isolators: here, otherWay: [] };
  const perhaps = by(direction, "unclear");
  const otherWay = [...by(other, "yes"), ...by(other, "unclear")];
  const otherwise = otherWay.length > 0 ? stage.selectedOtherWay : stage.unselected;
  if (perhaps.length === 0) return { outcomes: otherwise, isolators: [], otherWay };
  const outcomes: Outcomes = [...new Set([...stage.selected, ...otherwise])];
  return { outcomes, isolators: perhaps, otherWay };
}
