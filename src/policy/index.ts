export { evaluate } from "./evaluate.ts";
export { type Profile, type Stage, type Switches, configured } from "./board.ts";
export { type CompiledPolicies, compilePolicies, readPolicies } from "./compile.ts";
export type { CompiledPeer, CompiledRule } from "./compiled-rule.ts";
export type { Connection, End } from "./connection.ts";
export type { ConditionRef, Decision, Reason, RuleRef, Verdict } from "./decision.ts";
export type { Explanation, LookedRule, PointExplanation } from "./explanation.ts";
export type {
  EndpointSelector,
  NamespaceTest,
  NodeTest,
  Peer,
  Policy,
  PortName,
  Rule,
} from "./policy.ts";
export { type Admission, createAdmissions } from "./admission.ts";
export { type Outlook, createOutlook } from "./outlook.ts";
export { type EndpointTest, testKey } from "./endpoint-test.ts";
export { findOverrides } from "./overrides.ts";
export { type MayEnter, createEntrances } from "./port-admission.ts";
export { type Tie, findTies } from "./ties.ts";
export { type Fact, parseFact } from "./fact.ts";
export { PROFILES, detectProfile } from "./profile/profiles.ts";
export { detectEngines } from "./profile/detect/detect-engines.ts";
export type { DeclaredKind, DetectedEngine, Evidence } from "./profile/detect/detection.ts";
export { describeSwitches } from "./profile/describe-switches.ts";
export type { SwitchSource } from "./profile/switch-source.ts";
export { type ProfilePart, profileParts } from "./profile/profile-parts.ts";
export { outcomeBetween } from "./pair-outcome.ts";
export type { Outcome } from "./planes.ts";
export { type Question, answerQuestion, directoryOf, explainQuestion } from "./question.ts";
export { reasonText } from "./reason-text.ts";
export { compareRefs, placeOf, ruleName } from "./refs.ts";
export { reachability } from "./reachability.ts";
export { compareRectangles } from "./rectangles.ts";
export type { ReachPeer, Reachability, Rectangle } from "./reachability-types.ts";
export { formatSelector } from "./selector-text.ts";
export { type Sides, compareLists, createJoin, withoutSelf } from "./sides.ts";
export {
  ALL_PORTS,
  ALL_TRAFFIC,
  NEIGHBOUR_DISCOVERY,
  type Traffic,
  formatTraffic,
  parseTraffic,
  parseTrafficPoint,
  portTraffic,
  trafficOf,
} from "./traffic.ts";
