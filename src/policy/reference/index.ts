export { type ReferenceDecision, evaluateReference } from "./evaluate.ts";
