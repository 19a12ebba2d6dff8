/** A set of integers as ascending, disjoint, non-adjacent closed intervals, flat: `[lo, hi, lo, hi, …]`. Canonical, so equal sets are equal arrays. */
export type IntervalSet = readonly number[];

/** The set without a member. */
export const EMPTY: IntervalSet = [];

/** The set of the integers `lo` to `hi`, both included; empty if `lo > hi`. */
export function interval(lo: number, hi: number = lo): IntervalSet {
  return lo > hi ? EMPTY : [lo, hi];
}

/** The set of any intervals, in any order, overlapping or not, flat as in `IntervalSet`. */
export function intervalSet(flat: readonly number[]): IntervalSet {
  let result = EMPTY;
  for (let i = 0; i + 1 < flat.length; i += 2) {
    result = union(result, [flat[i]!, flat[i + 1]!]);
  }
  return result;
}

/** The members of `a` or `b`. Returns one of its arguments itself where that is the answer. */
export function union(a: IntervalSet, b: IntervalSet): IntervalSet {
  if (a === b || isSubset(b, a)) return a;
  if (isSubset(a, b)) return b;
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const fromA = j >= b.length || (i < a.length && a[i]! <= b[j]!);
    const lo = fromA ? a[i]! : b[j]!;
    const hi = fromA ? a[i + 1]! : b[j + 1]!;
    if (fromA) i += 2;
    else j += 2;
    const last = out.length - 1;
    if (last > 0 && lo <= out[last]! + 1) {
      if (hi > out[last]!) out[last] = hi;
    } else out.push(lo, hi);
  }
  return out;
}

/** The members of both `a` and `b`. Returns one of its arguments itself where that is the answer. */
export function intersect(a: IntervalSet, b: IntervalSet): IntervalSet {
  if (a === b || isSubset(a, b)) return a;
  if (isSubset(b, a)) return b;
  if (isDisjoint(a, b)) return EMPTY;
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const lo = Math.max(a[i]!, b[j]!);
    const hi = Math.min(a[i + 1]!, b[j + 1]!);
    if (lo <= hi) out.push(lo, hi);
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return out;
}

/** The members of `a` that are not in `b`. Returns `a` itself if `b` takes nothing away. */
export function subtract(a: IntervalSet, b: IntervalSet): IntervalSet {
  if (isDisjoint(a, b)) return a;
  if (a === b || isSubset(a, b)) return EMPTY;
  const out: number[] = [];
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    let lo = a[i]!;
    const hi = a[i + 1]!;
    while (j < b.length && b[j + 1]! < lo) j += 2;
    let k = j;
    while (k < b.length && b[k]! <= hi && lo <= hi) {
      if (b[k]! > lo) out.push(lo, b[k]! - 1);
      lo = b[k + 1]! + 1;
      k += 2;
    }
    if (lo <= hi) out.push(lo, hi);
  }
  return out;
}

/** Whether `a` and `b` have the same members. */
export function equals(a: IntervalSet, b: IntervalSet): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether `value` is a member. */
export function contains(set: IntervalSet, value: number): boolean {
  let lo = 0;
  let hi = set.length / 2;
  while (lo < hi) {
    const middle = (lo + hi) >>> 1;
    if (set[2 * middle + 1]! < value) lo = middle + 1;
    else hi = middle;
  }
  return lo < set.length / 2 && set[2 * lo]! <= value;
}

/** Whether every member of `a` is in `b`. Allocates nothing. */
export function isSubset(a: IntervalSet, b: IntervalSet): boolean {
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    while (j < b.length && b[j + 1]! < a[i]!) j += 2;
    if (j >= b.length || b[j]! > a[i]! || b[j + 1]! < a[i + 1]!) return false;
  }
  return true;
}

/** Whether no member of `a` is in `b`. Allocates nothing. */
function isDisjoint(a: IntervalSet, b: IntervalSet): boolean {
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    while (j < b.length && b[j + 1]! < a[i]!) j += 2;
    if (j < b.length && b[j]! <= a[i + 1]!) return false;
  }
  return true;
}
