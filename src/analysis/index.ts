export type { Finding } from "./findings.ts";
export { type Posture, assessPosture } from "./posture.ts";
