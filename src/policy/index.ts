export { evaluate } from "./evaluate.ts";
export type { Profile, Stage } from "./board.ts";
export { type CompiledPolicies, compilePolicies } from "./compile.ts";
export type { CompiledPeer, CompiledRule } from "./compiled-rule.ts";
export type { Connection, End } from "./connection.ts";
export type { ConditionRef, Decision, Reason, RuleRef, Verdict } from "./decision.ts";
export type { Explanation, LookedRule, PointExplanation } from "./explanation.ts";
export type { EndpointSelector, Fact, NamespaceTest, Peer, Policy, PortName } from "./policy.ts";
export { type Outlook, createOutlook } from "./outlook.ts";
export { parseFact } from "./facts.ts";
export { PROFILES, detectProfile } from "./profile/profiles.ts";
export { type Question, answerQuestion, directoryOf, explainQuestion } from "./question.ts";
export { reasonText } from "./reason-text.ts";
export { placeOf } from "./refs.ts";
export { reachability } from "./reachability.ts";
export type { ReachPeer, Rectangle } from "./reachability-types.ts";
export { formatSelector } from "./selector-text.ts";
export {
  ALL_PORTS,
  ALL_TRAFFIC,
  type Traffic,
  formatTraffic,
  parseTrafficPoint,
  portTraffic,
  trafficOf,
} from "./traffic.ts";
