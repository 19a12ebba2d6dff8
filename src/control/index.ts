export { assess } from "./assess.ts";
export { type CheckSettings, adjustControls, checkSettingsSchema } from "./check-settings.ts";
export { createEvidence } from "./evidence.ts";
export type { Control } from "./control.ts";
export type { Finding, Place } from "./finding.ts";
export { CONTROLS } from "./registry.ts";
export { type Waiver, waiverSchema } from "./waiver.ts";
