/** A text that does nothing to a terminal or to the log of a job: control characters and those that turn the direction of writing become U+FFFD, and nothing is a command of GitHub Actions. */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu, "\uFFFD")
    .replaceAll(/(?<!\S)::(?=[A-Za-z].*::)/gu, ": :")
    .replaceAll("##[", "## [");
}

/** Columns that a text takes, at one for each character. */
export function columnsOf(text: string): number {
  return Array.from(text).length;
}

/** Breaks a text at its spaces into lines of at most `width` columns; a word that is longer stays whole, so that it can be copied. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && columnsOf(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  lines.push(line);
  return lines;
}

/** As many names as fit into `width` columns, and how many more there are. */
export function fitNames(names: readonly string[], width: number): string {
  const all = names.join(", ");
  if (columnsOf(all) <= width) return all;
  let kept = "";
  for (const [index, name] of names.entries()) {
    const next = kept === "" ? name : `${kept}, ${name}`;
    if (index > 0 && columnsOf(`${next} and ${names.length - index - 1} more`) > width) {
      return `${kept} and ${names.length - index} more`;
    }
    kept = next;
  }
  return kept;
}
