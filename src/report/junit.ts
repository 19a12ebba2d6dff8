import type { Write } from "./style.ts";
import { xmlText } from "./xml.ts";

/** Cases that stand together: a check with its subjects, or a file of intents. */
export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
}

/** One thing that was judged. */
export interface JunitCase {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "error" | "skipped";
  /** One line: what is wrong, or why it was skipped. */
  readonly message?: string;
  /** What more there is to say: places, what to do. */
  readonly text?: string;
}

/** Writes suites as JUnit XML, valid against the schema of Ant. It asks for a time and a host; they are always the same, so that the same input gives the same bytes. */
export function writeJunit(suites: readonly JunitSuite[], write: Write): void {
  write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n');
  for (const [id, { name, cases }] of suites.entries()) {
    const counted = (outcome: JunitCase["outcome"]): string =>
      String(cases.filter((each) => each.outcome === outcome).length);
    const attributes = {
      id: String(id),
      name,
      package: "ringfence",
      timestamp: "1970-01-01T00:00:00",
      hostname: "localhost",
      tests: String(cases.length),
      failures: counted("failed"),
      errors: counted("error"),
      skipped: counted("skipped"),
      time: "0",
    };
    write(`  <testsuite${attributesText(attributes)}>\n    <properties/>\n`);
    for (const each of cases) writeCase(each, name, write);
    write("    <system-out/>\n    <system-err/>\n  </testsuite>\n");
  }
  write("</testsuites>\n");
}

function writeCase(
  { name, outcome, message = "", text = "" }: JunitCase,
  suite: string,
  write: Write,
): void {
  const attributes = attributesText({ name, classname: `ringfence.${suite}`, time: "0" });
  if (outcome === "passed") {
    write(`    <testcase${attributes}/>\n`);
    return;
  }
  const tag = { failed: "failure", error: "error", skipped: "skipped" }[outcome];
  const said = attributesText(outcome === "skipped" ? { message } : { message, type: suite });
  // a line of its own stays one: readers show this text as it is
  const body = text.split("\n").map(xmlText).join("\n");
  write(`    <testcase${attributes}>\n      <${tag}${said}>${body}</${tag}>\n    </testcase>\n`);
}

function attributesText(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${xmlText(value)}"`)
    .join("");
}
