export { type BatchState, type Load, answerLine, readFacts } from "./explain-batch.ts";
export {
  type ExplainResult,
  type PlacedReason,
  explainConnection,
  placeConditions,
  placeReasons,
} from "./explain-connection.ts";
export { type ReachFilter, type ReachResult, reachCluster } from "./reach-cluster.ts";
export { type PlacedFinding, type ScanResult, scanCluster } from "./scan-cluster.ts";
export {
  type PlacedRef,
  type Reader,
  type Session,
  type Settings,
  openSession,
  placeRef,
} from "./session.ts";
export { nearest } from "./suggest.ts";
