export type { ReferenceDecision } from "./decision.ts";
export { evaluateReference } from "./evaluate.ts";
