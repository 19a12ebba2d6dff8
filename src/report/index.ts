export { writeComparisonText } from "./comparison-text.ts";
export { writeDiffJson } from "./diff-json.ts";
export { writeDiffMarkdown } from "./diff-markdown.ts";
export { writeDiffText } from "./diff-text.ts";
export { writeConfigYaml } from "./config-yaml.ts";
export { writeExplainText } from "./explain-text.ts";
export { FINDING_FORMATS } from "./finding-formats.ts";
export { writeFutureJson, writeFutureText } from "./future.ts";
export { writeExplainJson, writeScanJson } from "./json.ts";
export { writeLintJson } from "./lint-json.ts";
export { writeLintText } from "./lint-text.ts";
export { writeComparisonJson, writeProfilesJson } from "./profiles-json.ts";
export { writeComparisonMarkdown, writeProfilesMarkdown } from "./profiles-markdown.ts";
export { writeProfilesText } from "./profiles-text.ts";
export { writeReachJson } from "./reach-json.ts";
export { writeReachSvg } from "./reach-svg.ts";
export { writeReachCsv, writeReachDot, writeReachMarkdown } from "./reach-tables.ts";
export { writeReachText } from "./reach-text.ts";
export { type FindingContext, type ReportedFinding, reportedFindings } from "./reported-finding.ts";
export { writeScanMarkdown } from "./scan-markdown.ts";
export { writeScanText } from "./scan-text.ts";
export type { Style, Write } from "./style.ts";
export {
  writeComparisonYaml,
  writeLintYaml,
  writeProfilesYaml,
  writeReachYaml,
  writeScanYaml,
} from "./yaml.ts";
export { writeTestJson } from "./test-json.ts";
export { writeTestJunit } from "./test-junit.ts";
export { writeTestText } from "./test-text.ts";
