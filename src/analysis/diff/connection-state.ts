import { EMPTY, type Family, equals, intersect, subtract, union } from "../../base/index.ts";
import { ALL_TRAFFIC, type ConditionRef, type Traffic, trafficOf } from "../../policy/index.ts";

/** What a state says of one pair of ends. What is in neither list is denied; reasons are no part of it. */
export interface ConnectionState {
  /** Allowed, under conditions or without. All of it is `ALL_TRAFFIC`, or all of the family that the change is about. */
  readonly allow: Traffic;
  readonly depends: Traffic;
  /** Traffic of `allow` that passes only under a condition; sorted by text. */
  readonly conditions: readonly Condition[];
}

/** A condition and the traffic that it is put on. */
export interface Condition {
  readonly text: string;
  readonly traffic: Traffic;
  readonly refs: ConditionRef["refs"];
}

/** One rectangle's say about its pairs. */
export interface Answer {
  readonly verdict: "allow" | "depends";
  /** The families that both ends have: 1 IPv4, 2 IPv6, 3 both. */
  readonly families: number;
  /** Where the families of a dual-stack pair differ. */
  readonly family: Family | undefined;
  readonly traffic: Traffic;
  readonly conditions: readonly ConditionRef[];
}

/** How one pair differs in two states: in both families alike, or in one. */
export interface Difference {
  readonly family: Family | undefined;
  readonly before: ConnectionState;
  readonly after: ConnectionState;
}

/** How two sets of answers about one pair differ, at the grain of the reachability output; nothing if they say the same. */
export function compareAnswers(
  base: readonly Answer[],
  head: readonly Answer[],
): readonly Difference[] {
  const [before, after] = [readPair(base), readPair(head)];
  if (!before.apart && !after.apart) {
    const whole = { before: before.whole, after: after.whole };
    return isEqual(whole.before, whole.after) ? [] : [{ family: undefined, ...whole }];
  }
  return ([4, 6] as const).flatMap((family): Difference[] => {
    const each = { before: before[family], after: after[family] };
    return isEqual(each.before, each.after) ? [] : [{ family, ...each }];
  });
}

interface Pair {
  /** The families are told apart. */
  readonly apart: boolean;
  readonly whole: ConnectionState;
  readonly 4: ConnectionState;
  readonly 6: ConnectionState;
}

const SHARED = intersect(trafficOf(4), trafficOf(6));

function readPair(answers: readonly Answer[]): Pair {
  const of = (family: Family): ConnectionState => {
    const mask = family === 4 ? 1 : 2;
    const mine = answers.filter(
      (answer) => (answer.families & mask) !== 0 && (answer.family ?? family) === family,
    );
    return stateOf(mine, trafficOf(family));
  };
  const [four, six] = [of(4), of(6)];
  const isTold = answers.some(({ family }) => family !== undefined);
  // Entries may be apart because their reasons differ, which are no part of a connection.
  const apart = isTold && !isEqual(clip(four, SHARED), clip(six, SHARED));
  return { apart, whole: wholeOf(answers), 4: four, 6: six };
}

/** The families together. All that the pair's families can send is everything, as it is printed. */
function wholeOf(answers: readonly Answer[]): ConnectionState {
  const families = answers.reduce((mask, answer) => mask | answer.families, 0);
  const state = stateOf(answers, ALL_TRAFFIC);
  if (families === 3) return state;
  const universe = trafficOf(families === 2 ? 6 : 4);
  const fill = (traffic: Traffic): Traffic => (equals(traffic, universe) ? ALL_TRAFFIC : traffic);
  const { allow, depends, conditions } = state;
  return { allow: fill(allow), depends: fill(depends), conditions };
}

function stateOf(answers: readonly Answer[], universe: Traffic): ConnectionState {
  const of = (verdict: Answer["verdict"]): Traffic =>
    intersect(
      answers.reduce<Traffic>(
        (all, answer) => (answer.verdict === verdict ? union(all, answer.traffic) : all),
        EMPTY,
      ),
      universe,
    );
  const conditions = new Map<string, Condition>();
  for (const answer of answers) {
    for (const { text, refs } of answer.conditions) {
      const traffic = intersect(answer.traffic, universe);
      const known = conditions.get(text);
      conditions.set(text, {
        text,
        traffic: known === undefined ? traffic : union(known.traffic, traffic),
        refs: known?.refs ?? refs,
      });
    }
  }
  return {
    allow: of("allow"),
    depends: of("depends"),
    conditions: [...conditions.values()].toSorted((a, b) => (a.text < b.text ? -1 : 1)),
  };
}

function clip({ allow, depends, conditions }: ConnectionState, to: Traffic): ConnectionState {
  return {
    allow: intersect(allow, to),
    depends: intersect(depends, to),
    conditions: conditions.map((each) => ({ ...each, traffic: intersect(each.traffic, to) })),
  };
}

function isEqual(a: ConnectionState, b: ConnectionState): boolean {
  return (
    equals(a.allow, b.allow) &&
    equals(a.depends, b.depends) &&
    a.conditions.length === b.conditions.length &&
    a.conditions.every(
      ({ text, traffic }, index) =>
        text === b.conditions[index]!.text && equals(traffic, b.conditions[index]!.traffic),
    )
  );
}

/** The traffic of a difference by what became of it, in deny < depends < allow. */
export interface Transition {
  /** Rose to allow. */
  readonly opened: Traffic;
  /** Rose from deny to depends. */
  readonly perhapsOpened: Traffic;
  /** Fell from allow to deny. */
  readonly closed: Traffic;
  /** Fell from allow to depends, or from depends to deny. */
  readonly perhapsClosed: Traffic;
}

/** What became of the traffic of a difference. */
export function transitionOf({ before, after }: Pick<Difference, "before" | "after">): Transition {
  const [had, has] = [union(before.allow, before.depends), union(after.allow, after.depends)];
  return {
    opened: subtract(after.allow, before.allow),
    perhapsOpened: subtract(after.depends, had),
    closed: subtract(before.allow, has),
    perhapsClosed: union(intersect(before.allow, after.depends), subtract(before.depends, has)),
  };
}

/** The traffic of a difference that rose and that fell in deny < depends < allow. */
export function directionsOf(difference: Pick<Difference, "before" | "after">): {
  readonly rose: Traffic;
  readonly fell: Traffic;
} {
  const { opened, perhapsOpened, closed, perhapsClosed } = transitionOf(difference);
  return { rose: union(opened, perhapsOpened), fell: union(closed, perhapsClosed) };
}
