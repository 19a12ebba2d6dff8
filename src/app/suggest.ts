/** A sentence for a name that nothing has, with the nearest that exist. */
export function unknownName(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const hint =
    near.length > 0
      ? `did you mean ${near.map((each) => `\`${each}\``).join(" or ")}?`
      : "write NAMESPACE/KIND/NAME, NAMESPACE/Pod/NAME, node/NAME, own-node, other-nodes or an address";
  return `nothing is called \`${name}\`: ${hint}`;
}

/** Up to three of the known names that are nearest to a name; those too far away are left out. */
export function nearest(name: string, known: readonly string[]): readonly string[] {
  const lower = name.toLowerCase();
  const limit = Math.max(2, Math.floor(name.length / 3));
  return known
    .map((each) => ({ each, far: farness(lower, each.toLowerCase(), limit) }))
    .filter(({ far }) => far <= limit)
    .toSorted((a, b) => a.far - b.far || (a.each < b.each ? -1 : 1))
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
