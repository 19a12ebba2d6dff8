import type { IntentOutcome, PlacedExample, TestResult } from "../app/index.ts";
import { refText } from "./explain-text.ts";
import { inputSuite } from "./findings-junit.ts";
import { type JunitCase, type JunitSuite, writeJunit } from "./junit.ts";
import { type FindingContext, filePlace } from "./reported-finding.ts";
import { type Write, oneLine } from "./style.ts";

/** Writes the result of a test as JUnit: a suite for each file of intents, and a case for each intent. What cannot be judged is an error, and so is a test of nothing. */
export function writeTestJunit(
  result: TestResult,
  pathOf: FindingContext["pathOf"],
  write: Write,
): void {
  const { incomplete, diagnostics, intents } = result;
  const files = Map.groupBy(intents, ({ file }) => file);
  const suites = [...files].map(([file, outcomes]): JunitSuite => {
    const name = filePlace({ file, line: 1 }, { pathOf })?.path ?? file;
    return { name, cases: outcomes.map(caseOf) };
  });
  const none: JunitSuite = {
    name: "intents",
    cases: [{ name: "there are intents", outcome: "error", message: "no intent was given" }],
  };
  const input = inputSuite({ incomplete, diagnostics, pathOf });
  writeJunit([input, ...(suites.length === 0 ? [none] : suites)], write);
}

function caseOf(outcome: IntentOutcome): JunitCase {
  const { name, state, why, pairs, reason, line, counterexamples } = outcome;
  if (state === "met") return { name, outcome: "passed" };
  const lines = [`line ${line}`, ...(reason === undefined ? [] : [`reason: ${reason}`])];
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
