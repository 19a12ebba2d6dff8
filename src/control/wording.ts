/** `1 workload`, `3 workloads`. */
export function countText(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** The first texts, and how many more there are: `a, b and 3 more`. */
export function listText(texts: readonly string[], most = 3): string {
  if (texts.length <= most) return texts.join(", ");
  return `${texts.slice(0, most).join(", ")} and ${texts.length - most} more`;
}
