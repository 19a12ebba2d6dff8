import type { Origin, Path } from "../../../model/index.ts";

/** What was recognised of the cluster's network engines. */
export interface Detection {
  /** Every engine that was recognised, the one that enforces policies first. More than one: chaining or a conflict. */
  readonly engines: readonly DetectedEngine[];
  /** The kinds of policy that are declared, by their objects or their CustomResourceDefinitions. Whether an engine implements them is another question. */
  readonly kinds: readonly DeclaredKind[];
}

/** One engine, as far as the objects tell. */
export interface DetectedEngine {
  readonly name: string;
  /** The profile whose behaviour it has; `undefined`: none is known. */
  readonly profile: string | undefined;
  /** Whether it enforces NetworkPolicy. `audit`: it only records what it would deny. */
  readonly enforcement: Enforcement;
  /** Why, each with the object that says so. */
  readonly evidence: readonly Evidence[];
}

/** Whether an engine enforces NetworkPolicy. */
export type Enforcement = "on" | "off" | "audit" | "unknown";

/** One reason for what was recognised. */
export interface Evidence {
  /** A clause for people. */
  readonly text: string;
  /** The object that says so, `NAMESPACE/KIND/NAME` or `KIND/NAME`. */
  readonly subject: string;
  readonly origin: Origin | undefined;
  /** The field of that object. */
  readonly path: Path;
}

/** A kind of policy that somebody declares. */
export interface DeclaredKind {
  readonly group: string;
  readonly kind: string;
  /** Its objects; 0: only its CustomResourceDefinition. */
  readonly objects: number;
  /** The first object, or the definition. */
  readonly evidence: Evidence;
}

/** The profile of an engine that enforces nothing: flannel's. */
export const NOTHING_ENFORCED = "flannel";

/** What judging one engine came to. */
export interface Judgement {
  readonly enforcement: Enforcement;
  readonly evidence: readonly Evidence[];
}

/** The profile of an engine that was judged. */
export function profileOf(
  { enforcement }: Judgement,
  profile: string | undefined,
): string | undefined {
  return enforcement === "off" ? NOTHING_ENFORCED : profile;
}

/** Two judgements as one: where they differ, nobody knows, unless one of them knows nothing. */
export function joinJudgements(a: Judgement, b: Judgement): Judgement {
  const evidence = [...a.evidence, ...b.evidence];
  if (a.enforcement === b.enforcement) return { enforcement: a.enforcement, evidence };
  if (a.enforcement === "unknown") return { enforcement: b.enforcement, evidence };
  if (b.enforcement === "unknown") return { enforcement: a.enforcement, evidence };
  return { enforcement: "unknown", evidence };
}
