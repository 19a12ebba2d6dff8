export { type Exposure, assessExposure, countExposure, scopesOf } from "./exposure.ts";
export { hasMembers, namedAddresses, unknownZone } from "./ends.ts";
export {
  INTENT_KINDS,
  type Intent,
  type IntentKind,
  type SingleEnd,
  intentSchema,
  nameOfIntent,
  statementOf,
  trafficOfPorts,
} from "./intent.ts";
export type { Counterexample } from "./counterexample.ts";
export { type IntentVerdict, hostsBeside, judgeIntent } from "./judge-intent.ts";
export { type Landscape, surveyLandscape } from "./landscape.ts";
export { findUnneeded } from "./need.ts";
export { type Openness, assessOpenness } from "./openness.ts";
export { type Posture, assessPosture } from "./posture.ts";
export {
  type ProfileComparison,
  type ProfileRow,
  compareProfiles,
} from "./profiles/compare-profiles.ts";
export type { PartCause, Said } from "./profiles/part-causes.ts";
export { type Change, diffStates } from "./diff.ts";
export { directionsOf, transitionOf } from "./diff/connection-state.ts";
export type { Edit, Mark } from "./diff/edit.ts";
export type { DiffPeer } from "./diff/join-peers.ts";
export { type Zone, rangeSchema, zoneSchema } from "./zone.ts";
