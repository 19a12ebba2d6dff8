import type { IntentOutcome, TestResult } from "../app/index.ts";
import { CONTRACT_VERSION } from "./contract.ts";
import type { Write } from "./style.ts";

/** Writes the result of a test as JSON. */
export function writeTestJson(result: TestResult, write: Write): void {
  const { profile, incomplete, counts, intents } = result;
  const diagnostics = result.diagnostics.map(({ severity, file, line, text }) => ({
    severity,
    file,
    line,
    text,
  }));
  const document = {
    version: CONTRACT_VERSION,
    profile,
    incomplete,
    counts,
    intents: intents.map(showOutcome),
    diagnostics,
  };
  write(`${JSON.stringify(document, null, 2)}\n`);
}

function showOutcome(outcome: IntentOutcome): Readonly<Record<string, unknown>> {
  const { name, kind, state, why, reason, file, line, pairs } = outcome;
  return {
    name,
    kind,
    state,
    why,
    reason,
    file,
    line,
    pairs,
    counterexamples: outcome.counterexamples.map(
      ({ from, to, addresses, ports, port, family, verdict, reasons, determinedBy }) => ({
        from,
        to,
        addresses: addresses.length === 0 ? undefined : addresses,
        ports,
        port,
        family,
        verdict,
        reasons,
        determinedBy,
      }),
    ),
    hostsBeside: outcome.hostsBeside,
  };
}
