export {
  type ReadConfig,
  configSchema,
  intentsSchema,
  judgementUnder,
  settingsUnder,
} from "./config.ts";
export { type DraftConfig, draftConfig } from "./draft-config.ts";
export { baselineRuleSchema, intentOfBaselineRule } from "./import-baseline-rules.ts";
export { intentOfNetassert, netassertSchema } from "./import-netassert.ts";
export {
  type IntentOutcome,
  type IntentSuite,
  type PlacedExample,
  type TestResult,
  testIntents,
} from "./test-intents.ts";
export { type BatchState, answerLine, readFacts } from "./explain-batch.ts";
export {
  type DiffResult,
  type PlacedCause,
  type PlacedChange,
  diffSessions,
} from "./diff-sessions.ts";
export { type Expectation, expectationSchema } from "./expectation.ts";
export {
  type ExplainResult,
  explainConnection,
  placeConditions,
  placeReasons,
} from "./explain-connection.ts";
export { type UnneededResult, listUnneeded } from "./list-unneeded.ts";
export {
  type ComparisonResult,
  compareSessionProfiles,
  parseComparison,
} from "./compare-profiles.ts";
export {
  type DetectedProfile,
  type ListedProfile,
  type ProfilesResult,
  listProfiles,
} from "./list-profiles.ts";
export { type ReachResult, reachCluster } from "./reach-cluster.ts";
export { type FutureResult, reachFuture } from "./reach-future.ts";
export {
  type LintRequest,
  type LintResult,
  type PlacedFinding,
  type PlacedWaiver,
  failsOn,
  lintCluster,
} from "./lint-cluster.ts";
export { type ScanResult, scanCluster } from "./scan-cluster.ts";
export {
  type PlacedRef,
  type Reader,
  type Session,
  type Settings,
  openSession,
  placeRef,
} from "./session.ts";
