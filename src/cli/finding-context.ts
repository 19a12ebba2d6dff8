import type { LintResult } from "../app/index.ts";
import type { FindingContext } from "../report/index.ts";
import { repositoryPaths } from "./repository-path.ts";
import { version } from "./version.ts";

/** What reports of findings say beside them. */
export function contextOf(result: LintResult, command: "scan" | "lint"): FindingContext {
  const { controls, incomplete, diagnostics } = result;
  const pathOf = repositoryPaths();
  return { command, version: version(), controls, incomplete, diagnostics, pathOf };
}
