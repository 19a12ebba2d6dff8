export { evaluate } from "./evaluate.ts";
export type { Profile } from "./board.ts";
export { type CompiledPolicies, compilePolicies, readPolicies } from "./compile.ts";
export type { Connection, End } from "./connection.ts";
export type { ConditionRef, Decision, Reason, RuleRef, Verdict } from "./decision.ts";
export type { Explanation, LookedRule, PointExplanation } from "./explanation.ts";
export type { Fact, Policy, Rule } from "./policy.ts";
export { type Admission, createAdmissions } from "./admission.ts";
export { type Outlook, createOutlook } from "./outlook.ts";
export { parseFact } from "./facts.ts";
export { PROFILES, detectProfile } from "./profile/profiles.ts";
export { type Question, answerQuestion, directoryOf, explainQuestion } from "./question.ts";
export { reasonText } from "./reason-text.ts";
export { placeOf } from "./refs.ts";
export { reachability } from "./reachability.ts";
export type { ReachPeer, Rectangle } from "./reachability-types.ts";
export { type Sides, compareLists, createJoin, withoutSelf } from "./sides.ts";
export {
  ALL_TRAFFIC,
  NEIGHBOUR_DISCOVERY,
  type Traffic,
  formatTraffic,
  parseTraffic,
  parseTrafficPoint,
  trafficOf,
} from "./traffic.ts";
