import type { Origin, Path } from "../../model/index.ts";
import type { Policy, Rule } from "../../policy/index.ts";

/** What was edited between two states, and what that does to a world of few ends and policies. */
export interface Edit {
  readonly code: EditCode;
  /** One sentence without a full stop: what was edited. */
  readonly text: string;
  /** Where it stands in either state. */
  readonly marks: readonly Mark[];
}

/** The kinds of edits. */
export type EditCode =
  | "policy-added"
  | "policy-removed"
  | "rule-added"
  | "rule-removed"
  | "rule-changed"
  | "rule-moved"
  | "subject-changed"
  | "isolation-changed"
  | "order-changed"
  | "labels-changed"
  | "namespace-labels-changed"
  | "ports-changed"
  | "host-network-changed"
  | "addresses-changed"
  | "workload-added"
  | "workload-removed"
  | "node-added"
  | "node-removed"
  | "node-changed"
  | "nodes-listed"
  | "profile-changed";

/** A place in one state: a policy or a rule of it, or another object by its id. */
export interface Mark {
  readonly state: "base" | "head";
  readonly policy?: string;
  readonly rule?: string;
  readonly object?: string;
  readonly origin: Origin | undefined;
  readonly path: Path;
}

/** A mark of a policy, or of one of its rules. */
export function markPolicy(state: Mark["state"], { id, origin }: Policy, rule?: Rule): Mark {
  if (rule === undefined) return { state, policy: id, origin, path: [] };
  const { direction, index } = rule;
  const path = ["spec", direction, index];
  return { state, policy: id, rule: `${direction}[${index}]`, origin, path };
}
