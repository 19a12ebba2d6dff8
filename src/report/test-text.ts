import type { IntentOutcome, PlacedExample, TestResult } from "../app/index.ts";
import { refText } from "./explain-text.ts";
import { type Style, type Write, count, placeText, shorten, verdictStyle } from "./style.ts";

const SHOWN = { ports: 6, hosts: 4 };

/** Writes the result of a test for a terminal: what is not met with its counterexamples, then a sum. */
export function writeTestText(result: TestResult, style: Style, write: Write): void {
  if (result.incomplete) {
    write(style.red("INCOMPLETE: an object that may decide traffic could not be read\n\n"));
  }
  for (const outcome of result.intents) writeOutcome(outcome, style, write);
  const { met, unmet, notEvaluable } = result.counts;
  if (result.intents.length === 0) {
    write(
      style.red("no intent: write `intents` into ringfence.yaml, or begin with `ringfence init`\n"),
    );
    return;
  }
  const sums = [
    `${met} met`,
    unmet === 0 ? "0 unmet" : style.red(`${unmet} unmet`),
    ...(notEvaluable === 0 ? [] : [style.yellow(`${notEvaluable} not evaluable`)]),
  ];
  write(`\n${count(result.intents.length, "intent")}: ${sums.join(", ")}\n`);
}

function writeOutcome(outcome: IntentOutcome, style: Style, write: Write): void {
  const { state, name, pairs, reason } = outcome;
  if (state === "met") {
    write(`${style.green("met")}    ${name}  ${style.dim(count(pairs.covered, "pair"))}\n`);
  } else if (state === "unmet") {
    const number = `${pairs.unmet} of ${count(pairs.covered, "pair")}`;
    write(`${style.red("UNMET")}  ${style.bold(name)}  ${number}\n`);
    write(style.dim(`       ${placeText(outcome)}\n`));
    if (reason !== undefined) write(`       ${style.dim("reason")} ${reason}\n`);
    for (const example of outcome.counterexamples) writeExample(example, style, write);
  } else {
    write(`${style.yellow("?")}      ${style.bold(name)}  not evaluable\n`);
    write(style.dim(`       ${placeText(outcome)}\n`));
    write(`       ${outcome.why ?? ""}\n`);
  }
  if (outcome.hostsBeside.length > 0) {
    const hosts = shorten(outcome.hostsBeside, SHOWN.hosts);
    write(style.dim(`       not judged, on the host network: ${hosts}\n`));
  }
}

function writeExample(example: PlacedExample, style: Style, write: Write): void {
  const { from, to, addresses, ports, port, verdict, reasons, determinedBy } = example;
  const said = verdictStyle(style, verdict)(verdict);
  const more = ports.length === 1 && ports[0] === port ? "" : ` of ${shorten(ports, SHOWN.ports)}`;
  write(`       ${from} → ${to}  ${port}${more}: ${said}\n`);
  const isOne = addresses.length === 1 && /\/(?:32|128)$/u.test(addresses[0]!);
  if (addresses.length > 0 && !isOne) {
    write(style.dim(`         like all of ${shorten(addresses, SHOWN.hosts)}\n`));
  }
  for (const { text } of reasons) write(`         because ${text}\n`);
  for (const each of determinedBy) {
    const text = "profile" in each ? `profile ${each.profile}` : refText(each);
    write(`         ${style.dim("determined by")} ${text}\n`);
  }
}
