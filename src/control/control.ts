import type { Evidence } from "./evidence.ts";
import type { Found, Severity } from "./finding.ts";

/** A check of the catalogue: a folder of `catalog/` with the same name as its id. */
export interface Control {
  readonly id: string;
  /** The command that runs it by default: `policy` is what `ringfence lint` looks at. */
  readonly family: "policy";
  /** What holds where nothing is found: `Every policy selects a pod`. */
  readonly title: string;
  /** Of what it finds, unless a finding has its own. */
  readonly severity: Severity;
  /** Why it matters, in one or two sentences. */
  readonly rationale: string;
  /** What to do, in one or two sentences. */
  readonly remediation: string;
  /** Rule ids (`NP-3`) or addresses of documents. */
  readonly references: readonly string[];
  /** Pure: the same evidence gives the same list, in any order. */
  readonly check: (evidence: Evidence) => readonly Found[];
}
