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
  /** Results of equal outcome have the same object here. */
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
  const trafficKey = keyMaker<Traffic>((traffic) => traffic.join());
  const outcomes = createOutcomes(trafficKey);
  let count = 0;
  const next = (): number => count++;
  const intern = createInterner(trafficKey, outcomes, next);
  const open = intern(outcomeOf(OPEN), [], []);
  const closed = intern({ allow: EMPTY, conditional: EMPTY, depends: EMPTY }, [], []);
  const make = (outcome: Outcome, a: Result, b: Result, more: readonly Doubt[]): Result => {
    const doubts = [...more, ...a.doubts, ...b.doubts];
    const conditions = [...a.conditions, ...b.conditions];
    return {
      id: next(),
      outcome,
      doubts: clip(doubts, outcome.depends),
      conditions: clip(conditions, outcome.conditional),
    };
  };
  const alongs = new Map<number, Result>();
  const eithers = new Map<ReasonCode, Map<number, Result>>();
  return {
    open,
    closed,
    ofPlanes: (planes) => intern(outcomeOf(planes), planes.doubts, planes.conditions),
    along: (a, b) => {
      if (a === open || b === closed) return b;
      if (b === open || a === closed) return a;
      const key = a.id * PAIR + b.id;
      let result = alongs.get(key);
      if (result === undefined) {
        result = make(outcomes.along(a.outcome, b.outcome), a, b, []);
        alongs.set(key, result);
      }
      return result;
    },
    either: (a, b, code) => {
      if (a === b) return a;
      const known = eithers.get(code) ?? new Map<number, Result>();
      eithers.set(code, known);
      const key = a.id * PAIR + b.id;
      let result = known.get(key);
      if (result === undefined) {
        const differ: Doubt = { code, refs: [], traffic: ALL_TRAFFIC };
        result = make(outcomes.intern(either(a.outcome, b.outcome)), a, b, [differ]);
        known.set(key, result);
      }
      return result;
    },
  };
}

/** Makes one number of two ids below it. */
const PAIR = 2 ** 26;

interface Outcomes {
  readonly intern: (outcome: Outcome) => Outcome;
  /** Of two interned outcomes; combinations are remembered, as there are few of them. */
  readonly along: (a: Outcome, b: Outcome) => Outcome;
}

function createOutcomes(trafficKey: (traffic: Traffic) => number): Outcomes {
  const known = new Map<string, Outcome>();
  const combined = new Map<Outcome, Map<Outcome, Outcome>>();
  const intern = (outcome: Outcome): Outcome => {
    const { allow, conditional, depends } = outcome;
    const key = `${trafficKey(allow)}|${trafficKey(conditional)}|${trafficKey(depends)}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, outcome);
    return outcome;
  };
  return {
    intern,
    along: (a, b) => {
      const row = combined.get(a) ?? new Map<Outcome, Outcome>();
      combined.set(a, row);
      let outcome = row.get(b);
      if (outcome === undefined) {
        outcome = intern(along(a, b));
        row.set(b, outcome);
      }
      return outcome;
    },
  };
}

/** Makes equal results of points the same object. */
function createInterner(
  trafficKey: (traffic: Traffic) => number,
  outcomes: Outcomes,
  next: () => number,
): (outcome: Outcome, doubts: readonly Doubt[], conditions: readonly Conditional[]) => Result {
  const known = new Map<Outcome, Map<string, Result>>();
  const doubtKey = keyMaker<Doubt>(
    ({ code, refs, traffic }) => `${code}:${refs.map(causeKey).join("+")}:${trafficKey(traffic)}`,
  );
  const conditionKey = keyMaker<Conditional>(
    ({ text, ref, traffic }) => `${text}:${causeKey(ref)}:${trafficKey(traffic)}`,
  );
  return (given, doubts, conditions) => {
    const outcome = outcomes.intern(given);
    const mine = unique(clip(doubts, outcome.depends), doubtKey);
    const under = unique(clip(conditions, outcome.conditional), conditionKey);
    const row = known.get(outcome) ?? new Map<string, Result>();
    known.set(outcome, row);
    const key = `${[...mine.keys()].join()}|${[...under.keys()].join()}`;
    let result = row.get(key);
    if (result === undefined) {
      const lists = { doubts: [...mine.values()], conditions: [...under.values()] };
      result = { id: next(), outcome, ...lists };
      row.set(key, result);
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
