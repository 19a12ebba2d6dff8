export { evaluate } from "./evaluate.ts";
export type { Board, Outcomes, PointKind, Profile, Stage, Switches, Take } from "./board.ts";
export { type CompiledPolicies, type Counters, compilePolicies } from "./compile.ts";
export type { Connection, End } from "./connection.ts";
export type { ConditionRef, Decision, Reason, RuleRef, Verdict } from "./decision.ts";
export type { Explanation, LookedRule, PointExplanation, StageExplanation } from "./explanation.ts";
export type {
  Answer,
  Condition,
  EndpointSelector,
  Fact,
  NamespaceTest,
  Peer,
  Policy,
  PortName,
  ReasonCode,
  Rule,
  Subject,
  TrafficMatch,
} from "./policy.ts";
export { type Outlook, createOutlook } from "./outlook.ts";
export { parseFact } from "./facts.ts";
export { PROFILES, detectProfile } from "./profile/profiles.ts";
export { type Question, answerQuestion, directoryOf, explainQuestion } from "./question.ts";
export { reasonText } from "./reason-text.ts";
export { placeOf } from "./refs.ts";
export { reachability } from "./reachability.ts";
export type { ReachPeer, Reachability, Rectangle } from "./reachability-types.ts";
export {
  ALL_PORTS,
  ALL_TRAFFIC,
  type Traffic,
  type TrafficPoint,
  WITHOUT_PORTS,
  formatTraffic,
  icmpTraffic,
  parseTrafficPoint,
  portTraffic,
  protocolTraffic,
  trafficOf,
} from "./traffic.ts";
