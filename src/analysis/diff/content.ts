/** A text that is equal for values of equal content, whatever the order of their keys. */
export function contentOf(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (typeof each === "bigint") return String(each);
    if (typeof each !== "object" || each === null || Array.isArray(each)) return each;
    const entries = Object.entries(each);
    return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}
