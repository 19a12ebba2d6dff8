import { type Connection, type Fact, formatTraffic } from "../../src/policy/index.ts";
import type { ReferenceDecision } from "../../src/policy/reference/index.ts";
import { nameOf } from "./names.ts";
import type { Scenario } from "./scenario.ts";

/** Where the compiled engine and the specification differ. */
export interface Difference {
  readonly scenario: Scenario;
  readonly profile: string;
  /** What was asked: one connection, or all of them at once. */
  readonly asked: "verdict" | "rectangles";
  /** Nothing where the rectangles contradict themselves, or no answer came. */
  readonly connection: Connection | undefined;
  readonly compiled: string;
  readonly reference: string;
}

/** A connection with what the specification says of it. */
export interface Expected {
  readonly connection: Connection;
  readonly decision: ReferenceDecision;
}

/** A difference for people: where it is, both answers, and a case for a table of test/conformance, whose objects are JSON and so YAML. */
export function formatDifference(difference: Difference, seed: number): string {
  const { profile, asked, compiled, reference } = difference;
  return [
    `found with seed ${seed}, profile ${profile}, asked for the ${asked}: ${connectionText(difference)}`,
    `  compiled engine: ${compiled}`,
    `  specification:   ${reference}`,
    "",
    ...caseLines(difference, seed),
    "",
    "to keep it: find in the text of the API which side is wrong, give the case a name, its rules and its verdict,",
    "and add it to a table in test/conformance; then correct that side",
  ].join("\n");
}

function connectionText({ connection }: Difference): string {
  if (connection === undefined) return "the rectangles of the whole cluster";
  const { from, to, port, family, given } = partsOf(connection);
  const facts = given.map((fact) => `, given ${fact}`).join("");
  return `${from} to ${to} at ${port} over IPv${family}${facts}`;
}

function partsOf({ source, destination, traffic, family, facts }: Connection): Readonly<
  Record<"from" | "to" | "port" | "family", string>
> & {
  given: readonly string[];
} {
  return {
    from: nameOf(source),
    to: nameOf(destination),
    port: formatTraffic([traffic, traffic])[0]!,
    family: `${family}`,
    given: facts.map(factText),
  };
}

function caseLines({ scenario, profile, connection }: Difference, seed: number): readonly string[] {
  const documents = scenario.objects.map((object) => `    ${JSON.stringify(object)}`);
  const lines = [
    "- name: say what it shows",
    "  rules: [NP-0]",
    `  origin: generated, seed ${seed}`,
    `  profile: ${profile}`,
    "  objects: |",
    documents.join("\n    ---\n"),
  ];
  if (connection !== undefined) lines.push("  ask:", askLine(connection));
  for (const [flag, ranges] of [
    ["--pod-cidr", scenario.podRanges],
    ["--node-cidr", scenario.nodeRanges],
  ] as const) {
    if (ranges.length > 0) lines.push(`# needs ${flag} ${ranges.join(",")}: make it a unit test`);
  }
  return lines;
}

function askLine(connection: Connection): string {
  const { from, to, port, family, given } = partsOf(connection);
  const conditions = given.length > 0 ? [`conditions: [${given.join(", ")}]`] : [];
  const fields = [`from: "${from}"`, `to: "${to}"`, `port: ${port}`, "verdict: ?"];
  return `    - { ${[...fields, `family: ${family}`, ...conditions].join(", ")} }`;
}

function factText(fact: Fact): string {
  switch (fact.kind) {
    case "http":
      return `http ${fact.method} ${fact.host ?? ""}${fact.path}`;
    case "fqdn":
    case "dns":
      return `${fact.kind} ${fact.name}`;
    case "via":
      return `via ${fact.resource}`;
  }
}
