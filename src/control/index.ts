export { assess } from "./assess.ts";
export { createEvidence } from "./evidence.ts";
export type { Control } from "./control.ts";
export type { Finding, Place } from "./finding.ts";
export { CONTROLS } from "./registry.ts";
