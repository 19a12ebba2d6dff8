export { type Exposure, assessExposure, countExposure } from "./exposure.ts";
export { type Openness, assessOpenness } from "./openness.ts";
export { type Posture, assessPosture } from "./posture.ts";
export { type Change, diffStates } from "./diff.ts";
export { directionsOf, transitionOf } from "./diff/connection-state.ts";
export type { Edit, Mark } from "./diff/edit.ts";
export type { DiffPeer } from "./diff/join-peers.ts";
