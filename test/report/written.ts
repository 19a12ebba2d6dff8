import type { Style, Write } from "../../src/report/index.ts";

const same = (text: string): string => text;

/** No colours. */
export const PLAIN: Style = { bold: same, dim: same, red: same, yellow: same, green: same };

/** All that was written. */
export async function written(run: (write: Write) => void | Promise<void>): Promise<string> {
  const parts: string[] = [];
  await run((text) => parts.push(text));
  return parts.join("");
}
