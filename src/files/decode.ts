/** The text of a file: UTF-8, or UTF-16 as PowerShell writes it. A byte order mark is left out, at the beginning of any line: kubectl's parser skips it, ours would make it part of a key. */
export function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  let text: string;
  if (first === 0xff && second === 0xfe) text = bytes.toString("utf16le");
  else if (first === 0xfe && second === 0xff && bytes.length % 2 === 0) {
    text = Buffer.from(bytes).swap16().toString("utf16le");
  } else text = bytes.toString("utf8");
  return text.includes("\uFEFF") ? text.replaceAll(/^\uFEFF/gmu, "") : text;
}
