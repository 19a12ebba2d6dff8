import type { IntentOutcome, PlacedExample, TestResult } from "../app/index.ts";
import { refText } from "./explain-text.ts";
import { inputSuite } from "./findings-junit.ts";
import { type JunitCase, writeJunit } from "./junit.ts";
import { type FindingContext, filePlace } from "./reported-finding.ts";
import { type Write, oneLine } from "./style.ts";

/** Writes the result of a test as JUnit: a suite of a case for each intent, named alike wherever the intents were read, so that reports of two runs can be compared. What cannot be judged is an error, and so is a test of nothing. */
export function writeTestJunit(
  result: TestResult,
  pathOf: FindingContext["pathOf"],
  write: Write,
): void {
  const { incomplete, diagnostics, intents } = result;
  const none: JunitCase = {
    name: "there are intents",
    outcome: "error",
    message: "no intent was given",
  };
  const cases = intents.map((outcome) => caseOf(outcome, pathOf));
  const suite = { name: "intents", cases: cases.length === 0 ? [none] : cases };
  writeJunit([inputSuite({ incomplete, diagnostics, pathOf }), suite], write);
}

function caseOf(outcome: IntentOutcome, pathOf: FindingContext["pathOf"]): JunitCase {
  const { name, state, why, pairs, reason, counterexamples } = outcome;
  if (state === "met") return { name, outcome: "passed" };
  const { path, line } = filePlace(outcome, { pathOf })!; // it has a file
  const lines = [`${path}:${line}`, ...(reason === undefined ? [] : [`reason: ${reason}`])];
  if (state === "not-evaluable") {
    const message = why ?? "not evaluable";
    return { name, outcome: "error", message, text: lines.map(oneLine).join("\n") };
  }
  const text = [...lines, ...counterexamples.map(exampleText)].map(oneLine).join("\n");
  return { name, outcome: "failed", message: `${pairs.unmet} of ${pairs.covered} pairs`, text };
}

function exampleText({ from, to, port, verdict, determinedBy }: PlacedExample): string {
  const by = determinedBy.map((each) =>
    "profile" in each ? `profile ${each.profile}` : refText(each),
  );
  return `${from} → ${to} ${port}: ${verdict}, determined by ${by.join(", ")}`;
}
