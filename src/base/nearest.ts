/** Up to three of the known names that are nearest to a name; those more than `limit` edits away are left out (a third of its length if absent). */
export function nearest(
  name: string,
  known: readonly string[],
  limit: number = Math.max(2, Math.floor(name.length / 3)),
): readonly string[] {
  const lower = name.toLowerCase();
  // A name that shares no letter is no guess.
  const most = Math.min(limit, name.length - 1);
  const found = known
    .map((each) => ({ each, far: farness(lower, each.toLowerCase(), most) }))
    .filter(({ far }) => far <= most)
    .toSorted((a, b) => a.far - b.far || (a.each < b.each ? -1 : 1));
  const least = found[0]?.far ?? 0;
  return found
    .filter(({ far }) => far <= least + 1)
    .slice(0, 3)
    .map(({ each }) => each);
}

/** Edits between two texts; a text that ends with the other is near, as people leave the namespace out. */
function farness(name: string, other: string, limit: number): number {
  if (other.endsWith(`/${name}`)) return 0;
  if (Math.abs(name.length - other.length) > limit) return limit + 1;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= name.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = name[i - 1] === other[j - 1] ? 0 : 1;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + change));
    }
    row = next;
  }
  return row[other.length]!;
}
