export { type BatchState, answerLine, readFacts } from "./explain-batch.ts";
export {
  type ExplainResult,
  explainConnection,
  placeConditions,
  placeReasons,
} from "./explain-connection.ts";
export { type ReachResult, reachCluster } from "./reach-cluster.ts";
export {
  type LintRequest,
  type LintResult,
  type PlacedFinding,
  type PlacedWaiver,
  failsOn,
  lintCluster,
} from "./lint-cluster.ts";
export { type ScanResult, scanCluster } from "./scan-cluster.ts";
export { type PlacedRef, type Session, type Settings, openSession, placeRef } from "./session.ts";
export { nearest } from "./suggest.ts";
