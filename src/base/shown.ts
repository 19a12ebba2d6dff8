/** A value as a message shows it: short, one line, in backticks. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined");
  const line = text.replaceAll(/[\p{Cc}`]+/gu, " ");
  return `\`${line.length > 60 ? `${line.slice(0, 57)}...` : line}\``;
}
