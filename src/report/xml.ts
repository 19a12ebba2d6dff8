/** Text as it may stand in XML 1.0, between tags and in attributes; a character that XML cannot hold becomes U+FFFD. */
export function xmlText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(NOT_IN_XML, "\uFFFD")
    .replaceAll(/[&<>"'\t\n\r]/gu, (found) => ESCAPES[found] ?? found);
}

/** Everything but the characters of XML 1.0, clause 2.2. */
const NOT_IN_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Without their escapes, white space in an attribute would be read as a space. */
const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};
