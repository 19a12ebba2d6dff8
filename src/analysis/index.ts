export type { Finding } from "./findings.ts";
export { type Coverage, type Posture, assessPosture } from "./posture.ts";
