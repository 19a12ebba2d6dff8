export { type BatchState, answerLine, readFacts } from "./explain-batch.ts";
export {
  type DiffResult,
  type PlacedCause,
  type PlacedChange,
  diffSessions,
} from "./diff-sessions.ts";
export type { Expectation } from "./expectation.ts";
export { readExpectations } from "./read-expectations.ts";
export {
  type ExplainResult,
  explainConnection,
  placeConditions,
  placeReasons,
} from "./explain-connection.ts";
export { type ReachResult, reachCluster } from "./reach-cluster.ts";
export { type FutureResult, reachFuture } from "./reach-future.ts";
export { type PlacedFinding, type ScanResult, scanCluster } from "./scan-cluster.ts";
export { type PlacedRef, type Session, type Settings, openSession, placeRef } from "./session.ts";
