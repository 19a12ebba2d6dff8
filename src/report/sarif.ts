import type { PlacedRef } from "../app/index.ts";
import type { Control } from "../control/index.ts";
import { sha256 } from "./digest.ts";
import {
  type ControlText,
  type FindingContext,
  type ReportedFinding,
  filePlace,
  waivedText,
} from "./reported-finding.ts";
import type { Write } from "./style.ts";

/** What code scanning takes: results of a run, related locations of a result that it shows, and characters of a text. */
const MOST = { results: 25_000, related: 100, notifications: 1000, text: 1024, message: 4000 };

const SCHEMA =
  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

type Severity = Control["severity"];

const LEVELS: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  info: "note",
};

/** In the bands of code scanning: over 9 critical, from 7 high, from 4 medium, else low; none for what is only told. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string | undefined>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
  info: undefined,
};

/** Writes findings as SARIF 2.1.0, in the limits of code scanning; what does not go in is said in a notification. */
export function writeSarif(
  findings: readonly ReportedFinding[],
  context: FindingContext,
  write: Write,
): void {
  const shown = findings.slice(0, MOST.results);
  const rules = rulesFor(shown, context.controls);
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const hasWaived = shown.some(({ waived }) => waived !== undefined);
  const run = {
    tool: {
      driver: {
        name: "ringfence",
        version: context.version,
        semanticVersion: context.version,
        rules: rules.map(ruleOf),
      },
    },
    automationDetails: { id: `ringfence/${context.command}/` },
    invocations: [
      {
        executionSuccessful: !context.incomplete,
        toolExecutionNotifications: notifications(findings.length - shown.length, context),
      },
    ],
    columnKind: "utf16CodeUnits",
    results: shown.map((finding) => ({
      ...resultOf(finding, indexes.get(finding.id) ?? 0, context),
      ...(hasWaived ? { suppressions: suppressionsOf(finding) } : {}),
    })),
  };
  write(`${JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [run] }, null, 2)}\n`);
}

/** The checks that were run, and any other that a finding is of. */
function rulesFor(
  findings: readonly ReportedFinding[],
  controls: readonly ControlText[],
): readonly ControlText[] {
  const rules = new Map(controls.map((control) => [control.id, control]));
  for (const { id, severity, fix } of findings) {
    if (rules.has(id)) continue;
    const said = { title: id, rationale: id, remediation: fix, references: [] };
    rules.set(id, { id, severity, ...said });
  }
  return [...rules.values()];
}

function ruleOf(control: ControlText): Readonly<Record<string, unknown>> {
  const { id, title, severity, rationale, remediation, references } = control;
  const page = references.find((each) => each.startsWith("https://"));
  const seeAlso = references.length === 0 ? "" : `\n\nReferences: ${references.join(", ")}`;
  const score = SECURITY_SEVERITY[severity];
  return {
    id,
    shortDescription: { text: cut(title, MOST.text) },
    fullDescription: { text: cut(rationale, MOST.text) },
    help: {
      text: `${rationale}\n\n${remediation}${seeAlso}`,
      markdown: `${rationale}\n\n**What to do:** ${remediation}${seeAlso}`,
    },
    ...(page === undefined ? {} : { helpUri: page }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: ["security", "kubernetes", "network-policy"],
      precision: "high",
      ...(score === undefined ? {} : { "security-severity": score }),
    },
  };
}

function resultOf(
  finding: ReportedFinding,
  ruleIndex: number,
  context: FindingContext,
): Readonly<Record<string, unknown>> {
  const { id, severity, subject, refs, fingerprint } = finding;
  const [first, ...others] = refs;
  const related = others
    .slice(0, MOST.related)
    .map((ref, index) => ({ id: index + 1, ...locationOf(ref, context), message: nameOf(ref) }));
  const hash = sha256(fingerprint).slice(0, 32);
  return {
    ruleId: id,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: messageOf(finding, related) },
    locations: [
      {
        ...(first === undefined ? {} : locationOf(first, context)),
        logicalLocations: [{ fullyQualifiedName: subject, kind: "resource" }],
      },
    ],
    ...(related.length === 0 ? {} : { relatedLocations: related }),
    partialFingerprints: { primaryLocationLineHash: hash, "ringfence/v1": fingerprint },
    properties: { severity, subject },
  };
}

function locationOf(
  ref: Pick<PlacedRef, "file" | "line">,
  context: FindingContext,
): Readonly<Record<string, unknown>> {
  const place = filePlace(ref, context);
  if (place === undefined) return {};
  const artifactLocation = { uri: uriOf(place.path), uriBaseId: "%SRCROOT%" };
  return { physicalLocation: { artifactLocation, region: { startLine: place.line } } };
}

/** A path as a relative URI (RFC 3986). A colon in its first part would be read as a scheme, and is encoded like others. */
function uriOf(path: string): string {
  return path.toWellFormed().split("/").map(encodeURIComponent).join("/");
}

function nameOf({ policy, rule }: PlacedRef): { readonly text: string } {
  return { text: [policy ?? "evidence", ...(rule === undefined ? [] : [rule])].join(" ") };
}

/** Subject, what is wrong and what to do, with a link to each other place. */
function messageOf(
  { subject, text, fix }: ReportedFinding,
  related: readonly { readonly id: number; readonly message: { readonly text: string } }[],
): string {
  const links = related.map(
    ({ id, message }) =>
      `[${unlinked(message.text).replaceAll(/[\\[\]]/gu, String.raw`\$&`)}](${id})`,
  );
  const also = links.length === 0 ? "" : ` See also ${links.join(", ")}.`;
  return `${unlinked(cut(`${subject}: ${text}. Fix: ${fix}.`, MOST.message))}${also}`;
}

/** Text in which nothing is a link (SARIF 3.11.6 makes one of `[text](target)`). */
function unlinked(text: string): string {
  return text.replaceAll("](", "] (");
}

function suppressionsOf({ waived }: ReportedFinding): readonly unknown[] {
  if (waived === undefined) return [];
  return [{ kind: "external", status: "accepted", justification: waivedText(waived) }];
}

function notifications(left: number, context: FindingContext): readonly unknown[] {
  const levels = { error: "error", warning: "warning", info: "note" };
  const said = context.diagnostics
    .slice(0, MOST.notifications)
    .map(({ severity, text, ...place }) => ({
      level: levels[severity],
      message: { text: unlinked(cut(text, MOST.message)) },
      locations: [locationOf(place, context)],
    }));
  const more = [
    ...(left > 0 ? [`${left} findings are left out: code scanning takes ${MOST.results}`] : []),
    ...(context.diagnostics.length > said.length
      ? [`${context.diagnostics.length - said.length} diagnostics are left out`]
      : []),
  ];
  return [...more.map((text) => ({ level: "warning", message: { text } })), ...said];
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
