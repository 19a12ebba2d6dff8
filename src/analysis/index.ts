export { type Exposure, assessExposure, countExposure, scopesOf } from "./exposure.ts";
export { type Openness, assessOpenness } from "./openness.ts";
export { type Posture, assessPosture } from "./posture.ts";
