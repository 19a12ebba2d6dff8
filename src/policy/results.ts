import { EMPTY, intersect } from "../base/index.ts";
import {
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
import { ALL_TRAFFIC } from "./traffic.ts";

/** An outcome with what made it uncertain or conditional. Equal results are the same object. */
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
  const known = new Map<string, Result>();
  const combined = new Map<string, Result>();
  const intern = (
    outcome: Outcome,
    doubts: readonly Doubt[],
    conditions: readonly Conditional[],
  ): Result => {
    const relevant = doubts.flatMap((doubt) => clip(doubt, outcome.depends));
    const mine = conditions.flatMap((each) => clip(each, outcome.conditional));
    const key = `${outcome.allow.join()}|${outcome.conditional.join()}|${outcome.depends.join()}|${relevant.map(keyOfDoubt).toSorted().join()}|${mine.map(keyOfCondition).join()}`;
    let result = known.get(key);
    if (result === undefined) {
      result = { id: known.size, outcome, doubts: unique(relevant, keyOfDoubt), conditions: mine };
      known.set(key, result);
    }
    return result;
  };
  const open = intern(outcomeOf(OPEN), [], []);
  const closed = intern({ allow: EMPTY, conditional: EMPTY, depends: EMPTY }, [], []);
  const remember = (key: string, make: () => Result): Result => {
    let result = combined.get(key);
    if (result === undefined) {
      result = make();
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
      return remember(`${a.id}&${b.id}`, () =>
        intern(
          along(a.outcome, b.outcome),
          [...a.doubts, ...b.doubts],
          [...a.conditions, ...b.conditions],
        ),
      );
    },
    either: (a, b, code) => {
      if (a === b) return a;
      return remember(`${a.id}|${b.id}|${code}`, () => {
        const differ: Doubt = { code, refs: [], traffic: ALL_TRAFFIC };
        return intern(
          either(a.outcome, b.outcome),
          [differ, ...a.doubts, ...b.doubts],
          [...a.conditions, ...b.conditions],
        );
      });
    },
  };
}

function clip<T extends { readonly traffic: readonly number[] }>(
  item: T,
  to: readonly number[],
): readonly T[] {
  const traffic = intersect(item.traffic, to);
  return traffic.length === 0 ? [] : [{ ...item, traffic }];
}

function keyOfDoubt({ code, refs, traffic }: Doubt): string {
  return `${code}:${refs.map((ref) => (ref.kind === "rule" ? ref.rule : `p${ref.policy}`)).join("+")}:${traffic.join()}`;
}

function keyOfCondition({ text, traffic }: Conditional): string {
  return `${text}:${traffic.join()}`;
}

function unique<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
