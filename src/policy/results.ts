import { EMPTY, intersect } from "../base/index.ts";
import {
  type Cause,
  type Conditional,
  type Doubt,
  OPEN,
  type Outcome,
  type Planes,
  along,
  either,
  outcomeOf,
} from "./planes.ts";
import type { ReasonCode } from "./policy.ts";
import { ALL_TRAFFIC, type Traffic } from "./traffic.ts";

/** An outcome with what made it uncertain or conditional. Equal results of one point are the same object. */
export interface Result {
  /** Small and unique; 0 lets everything pass, 1 nothing. */
  readonly id: number;
  readonly outcome: Outcome;
  /** Only about traffic that depends. */
  readonly doubts: readonly Doubt[];
  /** Only about traffic that is allowed under conditions. */
  readonly conditions: readonly Conditional[];
}

/** Makes results, each once, and combines them; combinations are remembered. */
export interface Results {
  readonly open: Result;
  readonly closed: Result;
  readonly ofPlanes: (planes: Planes) => Result;
  /** Both points of a path. */
  readonly along: (a: Result, b: Result) => Result;
  /** Two readings of one connection; `code` says what is open where they differ. */
  readonly either: (a: Result, b: Result, code: ReasonCode) => Result;
}

/** A maker of results. */
export function createResults(): Results {
  const intern = createInterner();
  const open = intern(outcomeOf(OPEN), [], []);
  const closed = intern({ allow: EMPTY, conditional: EMPTY, depends: EMPTY }, [], []);
  const combined = new Map<string, Result>();
  let next = COMBINED;
  const combine = (
    key: string,
    make: () => Outcome,
    doubts: readonly Doubt[],
    both: readonly [Result, Result],
  ): Result => {
    let result = combined.get(key);
    if (result === undefined) {
      const outcome = make();
      const conditions = both.flatMap((each) => each.conditions);
      result = {
        id: next++,
        outcome,
        doubts: clip(doubts, outcome.depends),
        conditions: clip(conditions, outcome.conditional),
      };
      combined.set(key, result);
    }
    return result;
  };
  return {
    open,
    closed,
    ofPlanes: (planes) => intern(outcomeOf(planes), planes.doubts, planes.conditions),
    along: (a, b) => {
      if (a === open || b === closed) return b;
      if (b === open || a === closed) return a;
      const doubts =
        a.doubts.length + b.doubts.length === 0 ? a.doubts : [...a.doubts, ...b.doubts];
      return combine(`${a.id}&${b.id}`, () => along(a.outcome, b.outcome), doubts, [a, b]);
    },
    either: (a, b, code) => {
      if (a === b) return a;
      const differ: Doubt = { code, refs: [], traffic: ALL_TRAFFIC };
      const doubts = [differ, ...a.doubts, ...b.doubts];
      return combine(`${a.id}|${b.id}|${code}`, () => either(a.outcome, b.outcome), doubts, [a, b]);
    },
  };
}

/** Ids of combined results begin here, behind those of single points. */
const COMBINED = 1_000_000_000;

/** Makes equal results of points the same object. */
function createInterner(): (
  outcome: Outcome,
  doubts: readonly Doubt[],
  conditions: readonly Conditional[],
) => Result {
  const known = new Map<string, Result>();
  const trafficKey = keyMaker<Traffic>((traffic) => traffic.join());
  const doubtKey = keyMaker<Doubt>(
    ({ code, refs, traffic }) => `${code}:${refs.map(causeKey).join("+")}:${trafficKey(traffic)}`,
  );
  const conditionKey = keyMaker<Conditional>(
    ({ text, ref, traffic }) => `${text}:${causeKey(ref)}:${trafficKey(traffic)}`,
  );
  return (outcome, doubts, conditions) => {
    const { allow, conditional, depends } = outcome;
    const mine = unique(clip(doubts, depends), doubtKey);
    const under = unique(clip(conditions, conditional), conditionKey);
    const traffic = `${trafficKey(allow)}|${trafficKey(conditional)}|${trafficKey(depends)}`;
    const key = `${traffic}|${[...mine.keys()].join()}|${[...under.keys()].join()}`;
    let result = known.get(key);
    if (result === undefined) {
      const lists = { doubts: [...mine.values()], conditions: [...under.values()] };
      result = { id: known.size, outcome, ...lists };
      known.set(key, result);
    }
    return result;
  };
}

/** The items that are about some of the traffic, clipped to it. */
function clip<T extends { readonly traffic: Traffic }>(
  items: readonly T[],
  to: Traffic,
): readonly T[] {
  if (items.length === 0 || to.length === 0) return [];
  const out: T[] = [];
  for (const item of items) {
    const traffic = intersect(item.traffic, to);
    if (traffic.length > 0) out.push(traffic === item.traffic ? item : { ...item, traffic });
  }
  return out;
}

/** Items by key, sorted, each once. */
function unique<T>(items: readonly T[], key: (item: T) => number): ReadonlyMap<number, T> {
  const keyed = items.map((item) => [key(item), item] as const);
  return new Map(keyed.length > 1 ? keyed.toSorted(([a], [b]) => a - b) : keyed);
}

/** Small numbers for values; equal texts have equal numbers, and a value that comes again is not spelled again. */
function keyMaker<T extends object>(text: (value: T) => string): (value: T) => number {
  const byValue = new WeakMap<T, number>();
  const byText = new Map<string, number>();
  return (value) => {
    let number = byValue.get(value);
    if (number === undefined) {
      const spelled = text(value);
      number = byText.get(spelled) ?? byText.size;
      byText.set(spelled, number);
      byValue.set(value, number);
    }
    return number;
  };
}

function causeKey(cause: Cause): string {
  return cause.kind === "rule" ? `${cause.rule}` : `p${cause.policy}`;
}
