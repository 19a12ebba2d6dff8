export { writeExplainText } from "./explain-text.ts";
export { writeFutureJson, writeFutureText } from "./future.ts";
export { writeExplainJson, writeScanJson } from "./json.ts";
export { writeReachJson } from "./reach-json.ts";
export { writeReachCsv, writeReachDot, writeReachMarkdown } from "./reach-tables.ts";
export { writeReachText } from "./reach-text.ts";
export { writeScanText } from "./scan-text.ts";
export type { Style, Write } from "./style.ts";
