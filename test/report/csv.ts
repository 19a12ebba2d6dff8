/** Reads comma-separated values (RFC 4180, lines ending in LF); throws where a quote stands wrong. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /"((?:[^"]|"")*)"([,\n])|([^",\n\r]*)([,\n])/uy;
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const found = field.exec(text);
    if (found === null) throw new Error(`no field at ${text.slice(at, at + 40)}`);
    const [, quoted, first, plain, second] = found;
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if ((first ?? second) === ",") continue;
    rows.push(row);
    row = [];
  }
  if (row.length > 0) throw new Error("the last line does not end");
  return rows;
}
