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
import type { ReasonCode } from "./reason.ts";
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
  /** The same for a pair that does not come again: it is not remembered. */
  readonly alongOnce: (a: Result, b: Result) => Result;
  /** Two readings of one connection; `code` says what is open where they differ. */
  readonly either: (a: Result, b: Result, code: ReasonCode) => Result;
}

/** A maker of results. */
export function createResults(): Results {
  const trafficKey = createTrafficKeys();
  const outcomes = createOutcomes(trafficKey);
  let count = 0;
  const next = (): number => count++;
  const intern = createInterner(trafficKey, outcomes, next);
  const open = intern(outcomeOf(OPEN), [], []);
  const closed = intern({ allow: EMPTY, conditional: EMPTY, depends: EMPTY }, [], []);
  const make = (outcome: Outcome, a: Result, b: Result, more: readonly Doubt[]): Result => ({
    id: next(),
    outcome,
    doubts: clipAll([more, a.doubts, b.doubts], outcome.depends),
    conditions: clipAll([a.conditions, b.conditions], outcome.conditional),
  });
  const alongs = new Map<number, Result>();
  const isOne = (a: Result, b: Result): Result | undefined => {
    if (a === open || b === closed) return b;
    return b === open || a === closed ? a : undefined;
  };
  const alongOnce = (a: Result, b: Result): Result =>
    isOne(a, b) ?? make(outcomes.along(a.outcome, b.outcome), a, b, NO_DOUBTS);
  const eithers = new Map<ReasonCode, Map<number, Result>>();
  return {
    open,
    closed,
    ofPlanes: (planes) => intern(outcomeOf(planes), planes.doubts, planes.conditions),
    along: (a, b) => {
      const one = isOne(a, b);
      if (one !== undefined) return one;
      const key = a.id * PAIR + b.id;
      let result = alongs.get(key);
      if (result === undefined) {
        result = alongOnce(a, b);
        alongs.set(key, result);
      }
      return result;
    },
    alongOnce,
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

const NO_DOUBTS: readonly Doubt[] = [];

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
  const [doubtNumber, conditionNumber] = [createNumbers(), createNumbers()];
  const doubtKey = ({ code, refs, traffic }: Doubt): number =>
    doubtNumber(`${code}:${refs.map(causeKey).join("+")}:${trafficKey(traffic)}`);
  const conditionKey = ({ text, ref, traffic }: Conditional): number =>
    conditionNumber(`${text}:${causeKey(ref)}:${trafficKey(traffic)}`);
  return (given, doubts, conditions) => {
    const outcome = outcomes.intern(given);
    const mine = unique(clipAll([doubts], outcome.depends), doubtKey);
    const under = unique(clipAll([conditions], outcome.conditional), conditionKey);
    const row = known.get(outcome) ?? new Map<string, Result>();
    known.set(outcome, row);
    const key = `${mine.key}|${under.key}`;
    let result = row.get(key);
    if (result === undefined) {
      result = { id: next(), outcome, doubts: mine.items, conditions: under.items };
      row.set(key, result);
    }
    return result;
  };
}

/** The items of some lists that are about some of the traffic, clipped to it. */
function clipAll<T extends { readonly traffic: Traffic }>(
  lists: readonly (readonly T[])[],
  to: Traffic,
): readonly T[] {
  if (to.length === 0) return [];
  const out: T[] = [];
  for (const items of lists) {
    for (const item of items) {
      const traffic = intersect(item.traffic, to);
      if (traffic.length > 0) out.push(traffic === item.traffic ? item : { ...item, traffic });
    }
  }
  return out;
}

/** Items sorted by key, each once, and their keys as one text. */
function unique<T>(
  items: readonly T[],
  keyOf: (item: T) => number,
): { readonly key: string; readonly items: readonly T[] } {
  const [first, ...more] = items;
  if (first === undefined) return { key: "", items };
  if (more.length === 0) return { key: `${keyOf(first)}`, items };
  const keyed = new Map(items.map((item) => [keyOf(item), item]));
  const sorted = [...keyed].toSorted(([a], [b]) => a - b);
  return { key: sorted.map(([key]) => key).join(), items: sorted.map(([, item]) => item) };
}

/** Small numbers for traffic, equal traffic alike; what comes again as the same object, as most does, is not spelled again. */
function createTrafficKeys(): (traffic: Traffic) => number {
  const byValue = new Map<Traffic, number>();
  const numberOf = createNumbers();
  return (traffic) => {
    let number = byValue.get(traffic);
    if (number === undefined) {
      number = numberOf(traffic.join());
      byValue.set(traffic, number);
    }
    return number;
  };
}

/** Small numbers for texts. */
function createNumbers(): (text: string) => number {
  const known = new Map<string, number>();
  return (text) => {
    let number = known.get(text);
    if (number === undefined) {
      number = known.size;
      known.set(text, number);
    }
    return number;
  };
}

function causeKey(cause: Cause): string {
  return cause.kind === "rule" ? `${cause.rule}` : `p${cause.policy}`;
}
