/** A row of comma-separated values (RFC 4180). */
export function csvRow(fields: readonly string[]): string {
  return `${fields.map(csvField).join(",")}\n`;
}

/** A field, quoted where it must be. A spreadsheet would run what begins like a formula: an apostrophe in front keeps it a text. */
export function csvField(text: string): string {
  const plain = /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[",\n\r]/u.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
