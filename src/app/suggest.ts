import type { Cluster } from "../model/index.ts";

/** A sentence for a name that nothing has, with the nearest that exist. */
export function unknownName(name: string, known: readonly string[]): string {
  const forms =
    "write NAMESPACE/KIND/NAME, NAMESPACE/Pod/NAME, node/NAME, own-node, other-nodes or an address";
  return `nothing is called \`${name}\`: ${guess(name, known) ?? forms}`;
}

/** A sentence if the cluster has no namespace of this name. */
export function unknownNamespace(name: string, { namespaces }: Cluster): string | undefined {
  if (namespaces.has(name)) return undefined;
  const known = [...namespaces.keys()].toSorted();
  const all = `there are ${known.length}: ${known.slice(0, 8).join(", ")}${known.length > 8 ? " …" : ""}`;
  return `there is no namespace \`${name}\`: ${guess(name, known) ?? all}`;
}

function guess(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known).map((each) => `\`${each}\``);
  return near.length === 0 ? undefined : `did you mean ${near.join(" or ")}?`;
}

/** Up to three of the known names that are nearest to a name; those too far away, or much farther than the nearest, are left out. */
export function nearest(name: string, known: readonly string[]): readonly string[] {
  const lower = name.toLowerCase();
  const limit = Math.min(Math.max(2, Math.floor(name.length / 3)), name.length - 1);
  const found = known
    .map((each) => ({ each, far: farness(lower, each.toLowerCase(), limit) }))
    .filter(({ far }) => far <= limit)
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
