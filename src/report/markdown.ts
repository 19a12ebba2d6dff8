import { oneLine } from "./style.ts";

/** A text as Markdown says it and nothing more: what stands between backticks is code, all else has no meaning for Markdown or HTML, mentions nobody, and is one line. */
export function markdownText(text: string): string {
  return oneLine(text)
    .split("`")
    .map((part, index) => (index % 2 === 0 ? escaped(part) : markdownCode(part)))
    .join("");
}

/** A text as code in a line, also in a cell of a table. */
export function markdownCode(text: string): string {
  const plain = oneLine(text);
  if (plain.trim() === "") return escaped(plain);
  const longest = Math.max(0, ...[...plain.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = plain.startsWith("`") || plain.endsWith("`") ? " " : "";
  // In a table a bar ends the cell even in code, and there the backslash is taken away again.
  return `${fence}${pad}${plain.replaceAll("|", String.raw`\|`)}${pad}${fence}`;
}

/** A row of a table. */
export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}

/** A text where Markdown is not read, as in a `<summary>`: what stands between backticks is code. */
export function htmlText(text: string): string {
  return oneLine(text)
    .split("`")
    .map((part, index) =>
      index % 2 === 0 ? inert(htmlEscaped(part)) : `<code>${htmlEscaped(part)}</code>`,
    )
    .join("");
}

function htmlEscaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function escaped(text: string): string {
  return inert(htmlEscaped(text).replaceAll(/[\\*_{}[\]()#+!|~$]/gu, String.raw`\$&`));
}

/** Neither a mention nor a link that is made of a bare address: an invisible joiner stands in between. */
function inert(text: string): string {
  return text
    .replaceAll("@", "@\u2060")
    .replaceAll(/:(?=\/\/)/gu, ":\u2060")
    .replaceAll(/\bwww(?=\.)/giu, "www\u2060");
}
