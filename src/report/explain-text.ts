import type { ExplainResult, PlacedRef } from "../app/index.ts";
import type { LookedRule, PointExplanation, RuleRef } from "../policy/index.ts";
import { INCOMPLETE, type Style, type Write, placeText, verdictStyle } from "./style.ts";

/** Gives the place of a reference. */
export type PlaceOf = (ref: RuleRef) => PlacedRef;

/** How many rules that do not match are shown for a stage. */
const MISSES = 12;

/** Writes an explanation for a terminal: the verdict in a sentence, then every point, stage and rule on the way. */
export function writeExplainText(
  result: ExplainResult,
  { style, placeOf }: { readonly style: Style; readonly placeOf: PlaceOf },
  write: Write,
): void {
  const { from, to, port, verdict, reasons, conditions, determinedBy, points } = result;
  if (result.incomplete) write(style.red(`${INCOMPLETE}\n\n`));
  const colour = verdictStyle(style, verdict);
  write(`${colour(verdict.toUpperCase())}  ${style.bold(from)} → ${style.bold(to)}  ${port}\n`);
  for (const { text } of reasons) write(`  because ${text}\n`);
  for (const { text } of conditions) write(`  only if ${text}\n`);
  for (const each of determinedBy) {
    const text = "profile" in each ? `profile ${each.profile}` : refText(each);
    write(`  ${style.dim("determined by")} ${text}\n`);
  }
  if (points.length === 0) write(style.dim("\n  no enforcement point is on the way\n"));
  for (const point of points) writePoint(point, { style, placeOf }, write);
}

/** A reference with its place, in one line. */
export function refText(ref: PlacedRef): string {
  const rule = ref.rule === undefined ? "" : ` ${ref.rule}`;
  const place = placeText(ref);
  return `${ref.policy ?? ""}${rule}${place === "" ? "" : ` (${place})`}`;
}

function writePoint(
  point: PointExplanation,
  { style, placeOf }: { readonly style: Style; readonly placeOf: PlaceOf },
  write: Write,
): void {
  const way = point.kind.endsWith("egress") ? "egress of" : "ingress of";
  const reading = point.reading === undefined ? "" : style.dim(` (reading: ${point.reading})`);
  const verdict = verdictStyle(style, point.verdict)(point.verdict);
  write(`\n${way} ${style.bold(point.at)}: ${verdict}${reading}\n`);
  for (const { name, outcome, looked, refs } of point.stages) {
    write(`  ${name}: ${outcome}\n`);
    const hits = looked.filter(({ match }) => match !== "no");
    const misses = looked.filter(({ match }) => match === "no");
    for (const rule of hits) write(ruleLine(rule, placeOf, style));
    for (const rule of misses.slice(0, MISSES)) write(style.dim(ruleLine(rule, placeOf, style)));
    if (misses.length > MISSES) {
      write(style.dim(`    – and ${misses.length - MISSES} more rules that do not match\n`));
    }
    for (const ref of refs.filter(({ rule }) => rule === undefined)) {
      write(`    ✗ no rule matches, and ${refText(placeOf(ref))} isolates the pod\n`);
    }
  }
}

function ruleLine(rule: LookedRule, placeOf: PlaceOf, style: Style): string {
  const { policy, match, action, why } = rule;
  const mark = { yes: "✓", perhaps: "?", no: "–" }[match];
  const text = `${action} ${refText(placeOf({ policy, rule: rule.rule }))}`;
  return `    ${mark} ${text}: ${match === "perhaps" ? style.yellow(why) : why}\n`;
}
