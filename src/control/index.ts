export { type AssessOptions, assess } from "./assess.ts";
export { type Baseline, formatBaseline, parseBaseline } from "./baseline.ts";
export { type CheckSettings, checkSettingsSchema, severitiesOf } from "./check-settings.ts";
export { createEvidence } from "./evidence.ts";
export type { Control } from "./control.ts";
export { type Finding, type Place, SEVERITIES, type Severity } from "./finding.ts";
export { CONTROLS } from "./registry.ts";
export { type Waiver, waiverSchema } from "./waiver.ts";
