/** Each of `from` with each of `to`. Indexes of peers, ascending. */
export interface Sides {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Makes a function that joins rectangles with one answer as far as they differ on one side only; equal lists are known again from call to call. */
export function createJoin(): (list: readonly Sides[]) => readonly Sides[] {
  const numberOf = listNumbers();
  return (list) => join(join(list, "from", numberOf), "to", numberOf);
}

/** Joins rectangles that are equal on one side. `numberOf`: equal for equal lists. */
function join(
  list: readonly Sides[],
  equal: "from" | "to",
  numberOf: (peers: readonly number[]) => number,
): readonly Sides[] {
  if (list.length < 2) return list;
  const groups = Map.groupBy(list, (side) => numberOf(side[equal]));
  const joined = equal === "from" ? "to" : "from";
  return [...groups.values()].map((group) => {
    if (group.length === 1) return group[0]!;
    const all = [...new Set(group.flatMap((side) => side[joined]))].toSorted((a, b) => a - b);
    return { ...group[0]!, [joined]: all };
  });
}

/** Small numbers for lists of peers, equal ones alike; a list that comes again is not spelled again. */
function listNumbers(): (peers: readonly number[]) => number {
  const byList = new Map<readonly number[], number>();
  const byText = new Map<string, number>();
  return (peers) => {
    let number = byList.get(peers);
    if (number === undefined) {
      const text = peers.join();
      number = byText.get(text) ?? byText.size;
      byText.set(text, number);
      byList.set(peers, number);
    }
    return number;
  };
}

/** Leaves out pairs of a single peer with itself, in few rectangles: those on both sides are halved again and again. */
export function withoutSelf(side: Sides, isSingle: (peer: number) => boolean): readonly Sides[] {
  const both = common(side.from, side.to).filter(isSingle);
  if (both.length === 0) return [side];
  const left = new Set(both);
  const from = side.from.filter((peer) => !left.has(peer));
  const to = side.to.filter((peer) => !left.has(peer));
  const out: Sides[] = [
    { from, to: side.to },
    { from: both, to },
  ];
  const halve = (list: readonly number[]): void => {
    if (list.length < 2) return;
    const [head, tail] = [list.slice(0, list.length >> 1), list.slice(list.length >> 1)];
    out.push({ from: head, to: tail }, { from: tail, to: head });
    halve(head);
    halve(tail);
  };
  halve(both);
  return out.filter((each) => each.from.length > 0 && each.to.length > 0);
}

/** What two ascending lists have in common. */
function common(a: readonly number[], b: readonly number[]): readonly number[] {
  const out: number[] = [];
  let j = 0;
  for (const item of a) {
    while (j < b.length && b[j]! < item) j++;
    if (b[j] === item) out.push(item);
  }
  return out;
}

/** Orders lists of numbers, item by item, the shorter first. */
export function compareLists(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
