export { writeExplainText } from "./explain-text.ts";
export { writeExplainJson, writeScanJson } from "./json.ts";
export { writeLintJson } from "./lint-json.ts";
export { writeLintText } from "./lint-text.ts";
export { writeReachJson } from "./reach-json.ts";
export { writeReachCsv, writeReachDot, writeReachMarkdown } from "./reach-tables.ts";
export { writeReachText } from "./reach-text.ts";
export { writeScanText } from "./scan-text.ts";
export type { Style, Write } from "./style.ts";
