import { EMPTY, intersect, subtract, union } from "../base/index.ts";
import type { Board, Outcomes, Stage } from "./board.ts";
import type { Cause, Conditional, Doubt, Planes } from "./planes.ts";
import type { Rule } from "./policy.ts";
import type { Condition } from "./condition.ts";
import type { ReasonCode } from "./reason.ts";
import type { Traffic } from "./traffic.ts";

/** A board filled in for the endpoints that one set of policies selects. */
export interface Program {
  readonly stages: readonly ProgramStage[];
  readonly board: Board;
}

/** One stage with its rules. */
export interface ProgramStage {
  readonly stage: Stage;
  /** In order; inside a group the lists of the tied policies, each with its rules in order. */
  readonly groups: readonly TieGroup[];
  /** For a union: the rules by action, in the order in which actions win. */
  readonly ranked: readonly (readonly number[])[];
  /** What happens to traffic that no rule decides. */
  readonly outcomes: Outcomes;
  /** The policies that isolate the endpoint in this direction. */
  readonly isolators: readonly number[];
  /** Those that isolate it in the other direction, where none does in this one. */
  readonly otherWay: readonly number[];
}

/** Rule numbers of policies that are tied. One list: no tie. */
export type TieGroup = readonly (readonly number[])[];

/** What a rule matches at the endpoint in question. */
export interface RuleMatch {
  readonly must: Traffic;
  readonly may: Traffic;
  /** Why `may` exceeds `must`, each for the traffic that it is about. */
  readonly doubts: readonly MatchDoubt[];
}

/** Why some traffic matches only perhaps. */
export interface MatchDoubt {
  readonly code: ReasonCode;
  readonly traffic: Traffic;
}

/** What running a program needs of the rules. */
export interface Matcher {
  readonly rule: (number: number) => Rule;
  readonly match: (number: number) => RuleMatch;
  /** Whether the condition is known to hold; `undefined`: it is not known. */
  readonly holds: (condition: Condition) => boolean | undefined;
}

/** Told what happens on the way, for explanations. */
export interface Tracer {
  readonly stage: (stage: ProgramStage, reach: Traffic) => void;
  /** Traffic that a rule took to the plane of its action. */
  readonly rule: (number: number, match: RuleMatch, taken: Traffic) => void;
  /** Traffic that the end of the stage decided. */
  readonly end: (stage: ProgramStage, rest: Traffic) => void;
}

interface Run {
  readonly matcher: Matcher;
  readonly tracer: Tracer | undefined;
  mayAllow: Traffic;
  mayDeny: Traffic;
  ruleAllow: Traffic;
  ruleSure: Traffic;
  ifMust: Traffic;
  ifMay: Traffic;
  /** Traffic that no earlier rule can have decided. */
  certain: Traffic;
  passed: Traffic;
  readonly doubts: Doubt[];
  readonly conditions: Conditional[];
}

/** Runs `reach` through the stages (design: three values). Pure; the same program and match give the same planes. */
export function runProgram(
  program: Program,
  reach: Traffic,
  matcher: Matcher,
  tracer?: Tracer,
): Planes {
  const run: Run = {
    matcher,
    tracer,
    mayAllow: EMPTY,
    mayDeny: EMPTY,
    ruleAllow: EMPTY,
    ruleSure: EMPTY,
    ifMust: EMPTY,
    ifMay: EMPTY,
    certain: reach,
    passed: EMPTY,
    doubts: [],
    conditions: [],
  };
  let undecided = reach;
  for (const stage of program.stages) {
    if (undecided.length === 0) break;
    tracer?.stage(stage, undecided);
    run.passed = EMPTY;
    const { ruleAllow, ruleSure } = run;
    const rest =
      stage.stage.mode === "union"
        ? runUnion(run, stage, undecided)
        : runOrdered(run, stage, undecided);
    if (rest.length > 0) endStage(run, stage, rest);
    if (stage.stage.skipsNothing === true) Object.assign(run, { ruleAllow, ruleSure });
    undecided = run.passed;
  }
  if (program.board.final === "Allow") run.mayAllow = union(run.mayAllow, undecided);
  else run.mayDeny = union(run.mayDeny, undecided);
  const { mayAllow, mayDeny, ruleAllow, ruleSure, ifMust, ifMay, doubts, conditions } = run;
  return { mayAllow, mayDeny, ruleAllow, ruleSure, ifMust, ifMay, doubts, conditions };
}

/** The first matching rule wins; tied policies start from the same traffic and are subtracted together. Gives what stays undecided. */
function runOrdered(run: Run, { groups }: ProgramStage, reach: Traffic): Traffic {
  let undecided = reach;
  for (const group of groups) {
    if (undecided.length === 0) break;
    if (group.length === 1) undecided = runRules(run, group[0]!, undecided);
    else undecided = runTied(run, group, undecided);
  }
  return undecided;
}

function runRules(run: Run, rules: readonly number[], reach: Traffic): Traffic {
  let undecided = reach;
  for (const number of rules) {
    if (undecided.length === 0) break;
    undecided = subtract(undecided, takeRule(run, number, undecided));
  }
  return undecided;
}

function runTied(run: Run, group: TieGroup, reach: Traffic): Traffic {
  const before = { allow: run.mayAllow, deny: run.mayDeny, passed: run.passed };
  let left = reach;
  const certain = run.certain;
  for (const rules of group) {
    run.certain = certain;
    left = intersect(left, runRules(run, rules, reach));
  }
  run.certain = intersect(certain, left);
  const kinds = [
    subtract(intersect(run.mayAllow, reach), before.allow),
    subtract(intersect(run.mayDeny, reach), before.deny),
    subtract(intersect(run.passed, reach), before.passed),
  ] as const;
  const contested = union(
    union(intersect(kinds[0], kinds[1]), intersect(kinds[0], kinds[2])),
    intersect(kinds[1], kinds[2]),
  );
  if (contested.length > 0) {
    const refs = group.flat().filter((number) => touches(run, number, contested));
    run.doubts.push({ code: "priority-tie", refs: refs.map(causeOf), traffic: contested });
  }
  return left;
}

function touches(run: Run, number: number, traffic: Traffic): boolean {
  return intersect(run.matcher.match(number).may, traffic).length > 0;
}

/** Any deny wins, else any allow, else any pass. */
function runUnion(run: Run, { ranked }: ProgramStage, reach: Traffic): Traffic {
  let undecided = reach;
  for (const rules of ranked) {
    let taken: Traffic = EMPTY;
    const certain = run.certain;
    let left = certain;
    for (const number of rules) {
      run.certain = certain;
      taken = union(taken, takeRule(run, number, undecided));
      left = intersect(left, run.certain);
    }
    run.certain = left;
    undecided = subtract(undecided, taken);
    if (undecided.length === 0) break;
  }
  return undecided;
}

/** Adds what the rule matches of `reach` to the plane of its action; gives what it surely decides. */
function takeRule(run: Run, number: number, reach: Traffic): Traffic {
  const rule = run.matcher.rule(number);
  const match = run.matcher.match(number);
  const may = intersect(match.may, reach);
  run.tracer?.rule(number, match, may);
  if (may.length === 0) return EMPTY;
  const must = intersect(match.must, reach);
  const holds = rule.condition === undefined ? true : run.matcher.holds(rule.condition);
  if (holds === undefined) return takeConditional(run, number, { must, may });
  if (!holds && rule.condition?.otherwise !== "deny") return EMPTY;
  const action = holds ? rule.action : "Deny";
  if (action === "Log") return EMPTY;
  doubt(run, number, match, subtract(may, must));
  if (action === "Allow") {
    run.mayAllow = union(run.mayAllow, may);
    run.ruleAllow = union(run.ruleAllow, may);
    run.ruleSure = union(run.ruleSure, intersect(must, run.certain));
  } else if (action === "Deny") run.mayDeny = union(run.mayDeny, may);
  else run.passed = union(run.passed, may);
  run.certain = subtract(run.certain, may);
  return must;
}

/** An allow for some requests: later rules still decide for the others, unless it denies them itself (ANT-23). */
function takeConditional(
  run: Run,
  number: number,
  { must, may }: { readonly must: Traffic; readonly may: Traffic },
): Traffic {
  const condition = run.matcher.rule(number).condition!;
  run.ifMay = union(run.ifMay, may);
  run.ifMust = union(run.ifMust, intersect(must, run.certain));
  run.conditions.push({ text: condition.text, ref: causeOf(number), traffic: may });
  run.doubts.push({ code: "request", refs: [causeOf(number)], traffic: may });
  if (condition.otherwise === "continue") return EMPTY;
  run.mayDeny = union(run.mayDeny, may);
  run.certain = subtract(run.certain, may);
  return must;
}

function doubt(run: Run, number: number, match: RuleMatch, traffic: Traffic): void {
  for (const { code, traffic: about } of match.doubts) {
    const mine = intersect(about, traffic);
    if (mine.length > 0) run.doubts.push({ code, refs: [causeOf(number)], traffic: mine });
  }
}

function endStage(run: Run, stage: ProgramStage, rest: Traffic): void {
  run.tracer?.end(stage, rest);
  for (const outcome of stage.outcomes) {
    if (outcome === "Allow") run.mayAllow = union(run.mayAllow, rest);
    else if (outcome === "Deny") run.mayDeny = union(run.mayDeny, rest);
    else run.passed = union(run.passed, rest);
  }
  if (stage.outcomes.length > 1 && stage.stage.doubt !== undefined) {
    const policies = [...stage.isolators, ...stage.otherWay];
    const refs = policies.map((policy): Cause => ({ kind: "policy", policy }));
    run.doubts.push({ code: stage.stage.doubt, refs, traffic: rest });
  }
  if (!(stage.outcomes.length === 1 && stage.outcomes[0] === "Pass")) {
    run.certain = subtract(run.certain, rest);
  }
}

function causeOf(rule: number): Cause {
  return { kind: "rule", rule };
}
