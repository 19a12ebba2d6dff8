import { type JunitCase, type JunitSuite, writeJunit } from "./junit.ts";
import {
  type ControlText,
  type FindingContext,
  type ReportedFinding,
  filePlace,
  waivedText,
} from "./reported-finding.ts";
import { type Write, oneLine } from "./style.ts";

/** Writes findings as JUnit: a suite for each check, a failed case for each finding, a passed one for a check that found nothing. What could not be read is an error. */
export function writeFindingsJunit(
  findings: readonly ReportedFinding[],
  context: FindingContext,
  write: Write,
): void {
  const byCheck = Map.groupBy(findings, ({ id }) => id);
  const known = new Map<string, ControlText | undefined>(
    context.controls.map((control) => [control.id, control]),
  );
  for (const id of byCheck.keys()) if (!known.has(id)) known.set(id, undefined);
  const suites = [...known].map(([id, control]): JunitSuite => {
    const found = byCheck.get(id) ?? [];
    const passed: JunitCase = { name: control?.title ?? id, outcome: "passed" };
    const cases = found.map((finding) => caseOf(finding, context));
    return { name: id, cases: cases.length === 0 ? [passed] : cases };
  });
  writeJunit([inputSuite(context), ...suites], write);
}

/** Whether everything could be read: without that, a run without failures says little. */
export function inputSuite(
  context: Pick<FindingContext, "incomplete" | "diagnostics" | "pathOf">,
): JunitSuite {
  const faults = context.diagnostics.filter(({ severity }) => severity === "error");
  const cases = faults.map(({ text, ...at }): JunitCase => {
    const place = filePlace(at, context);
    const name = place === undefined ? "input" : `${place.path}:${place.line}`;
    return { name, outcome: "error", message: text };
  });
  const all = "everything that may decide traffic could be read";
  if (cases.length > 0) return { name: "input", cases };
  return {
    name: "input",
    cases: [
      context.incomplete
        ? { name: all, outcome: "error", message: "incomplete: see the diagnostics" }
        : { name: all, outcome: "passed" },
    ],
  };
}

function caseOf(finding: ReportedFinding, context: FindingContext): JunitCase {
  const { subject, key, text, severity, fix, refs, waived } = finding;
  const name = key === undefined ? subject : `${subject} ${key}`;
  if (waived !== undefined) return { name, outcome: "skipped", message: waivedText(waived) };
  const places = refs.flatMap((ref) => {
    const place = filePlace(ref, context);
    const rule = [ref.policy, ref.rule].filter((part) => part !== undefined).join(" ");
    return place === undefined ? [] : [`${place.path}:${place.line} ${rule}`.trimEnd()];
  });
  const lines = [`severity: ${severity}`, `fix: ${fix}`, ...places];
  return { name, outcome: "failed", message: text, text: lines.map(oneLine).join("\n") };
}
