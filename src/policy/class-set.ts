/** A set of endpoint classes; equal sets are the same object. */
export interface ClassSet {
  /** Small and unique. */
  readonly id: number;
  /** Ascending. */
  readonly members: Int32Array;
  readonly has: (number: number) => boolean;
}

/** Makes class sets, each once. `members` ascending, without repeats. */
export type InternClassSet = (members: Int32Array) => ClassSet;

/** A maker of sets over classes 0 to `count` - 1. Sets of more than an eighth of all classes get a row of bits, the others are searched. */
export function createClassSets(count: number): InternClassSet {
  const buckets = new Map<number, ClassSet[]>();
  let size = 0;
  return (members) => {
    const hash = hashOf(members);
    const bucket = buckets.get(hash) ?? [];
    const known = bucket.find((set) => same(set.members, members));
    if (known !== undefined) return known;
    const set: ClassSet = { id: size++, members, has: finder(members, count) };
    bucket.push(set);
    buckets.set(hash, bucket);
    return set;
  };
}

function hashOf(members: Int32Array): number {
  let hash = members.length;
  for (const member of members) hash = (Math.imul(hash, 31) + member) | 0;
  return hash;
}

function same(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Membership in ascending numbers below `count`: a row of bits where they are many, else a search. */
export function finder(members: Int32Array, count: number): (number: number) => boolean {
  if (members.length * 8 > count) {
    const bits = new Uint32Array((count + 31) >>> 5);
    for (const member of members) bits[member >>> 5]! |= 1 << (member & 31);
    return (number) => ((bits[number >>> 5]! >>> (number & 31)) & 1) === 1;
  }
  return (number) => {
    let lo = 0;
    let hi = members.length;
    while (lo < hi) {
      const middle = (lo + hi) >>> 1;
      if (members[middle]! < number) lo = middle + 1;
      else hi = middle;
    }
    return lo < members.length && members[lo] === number;
  };
}
