import { type Address, EMPTY, type Family } from "../base/index.ts";
import type { ContainerPort } from "../model/index.ts";
import type { PointKind } from "./board.ts";
import type { CompiledPolicies } from "./compile.ts";
import { holds } from "./condition.ts";
import { directionOf } from "./groups.ts";
import { type Column, type Scene, matchRule } from "./match.ts";
import { type Outcome, type Planes, along, outcomeOf, skipped } from "./planes.ts";
import type { Fact } from "./fact.ts";
import { type Matcher, type RuleMatch, type Tracer, runProgram } from "./program.ts";
import type { Traffic } from "./traffic.ts";

/** One enforcement point on the way of a connection. */
export interface PointRef {
  readonly kind: PointKind;
  /** The class that it guards: of a pod also where its node judges its traffic. */
  readonly guarded: number;
  readonly group: number;
  /** The one of the guarded end's addresses that the question names. */
  readonly address?: Address | undefined;
  /** The other end, as this point sees it. */
  readonly column: Column;
}

/** What is the same at every point of one connection. */
export interface Circumstances {
  readonly family: Family;
  readonly facts: readonly Fact[];
  /** The traffic in question. */
  readonly traffic: Traffic;
}

/** What a path lets pass: its points in order, each of which may skip later ones. Without points everything passes. */
export function judgePath(
  compiled: CompiledPolicies,
  points: readonly PointRef[],
  circumstances: Circumstances,
): Outcome {
  let outcome: Outcome = { allow: circumstances.traffic, conditional: EMPTY, depends: EMPTY };
  for (const planes of planesOfPath(compiled, points, circumstances)) {
    outcome = along(outcome, outcomeOf(planes));
  }
  return outcome;
}

/** The planes of each point, in which what an earlier point's Allow skips is already allowed. */
export function planesOfPath(
  compiled: CompiledPolicies,
  points: readonly PointRef[],
  circumstances: Circumstances,
): readonly Planes[] {
  const out: Planes[] = [];
  for (const [index, point] of points.entries()) {
    let planes = judgePoint(compiled, point, circumstances);
    for (const [before, earlier] of points.slice(0, index).entries()) {
      const skips = compiled.profile.boards[earlier.kind]?.allowSkips ?? [];
      if (skips.includes(point.kind)) planes = skipped(planes, out[before]!);
    }
    out.push(planes);
  }
  return out;
}

/** The planes of one point. */
export function judgePoint(
  compiled: CompiledPolicies,
  { kind, guarded, group, address, column }: PointRef,
  { family, facts, traffic }: Circumstances,
  tracer?: Tracer,
): Planes {
  const ports = destinationPorts(compiled, kind, guarded, column);
  const scene: Scene = { compiled, column, family, facts, ports, guarded, address };
  const { program, perhaps } = compiled.groups[group]!;
  return runProgram(program, traffic, matcherOf(scene, compiled, perhaps), tracer);
}

function matcherOf(
  scene: Scene,
  { rules }: CompiledPolicies,
  perhaps: ReadonlySet<number>,
): Matcher {
  return {
    rule: (number) => rules[number]!.rule,
    match: (number) => {
      const match = matchRule(scene, rules[number]!);
      return perhaps.size > 0 && perhaps.has(rules[number]!.policy) ? unsure(match) : match;
    },
    holds: (condition) => holds(condition, scene.facts),
  };
}

/** What a rule matches whose policy selects the endpoint only perhaps. */
function unsure({ may, doubts }: RuleMatch): RuleMatch {
  return { must: EMPTY, may, doubts: [...doubts, { code: "node-unknown", traffic: may }] };
}

/** Port names are looked up on the destination, if it is a pod (NP-5). */
export function destinationPorts(
  { classes }: CompiledPolicies,
  kind: PointKind,
  guarded: number,
  column: Column,
): readonly ContainerPort[] {
  if (directionOf(kind) === "ingress") {
    const { type, ports } = classes.classes[guarded]!;
    // a pod on the host network has no names for ports where it is asked as its host
    return kind.startsWith("host") && type !== "pod" ? [] : ports;
  }
  return column.kind === "class" && column.asPod ? classes.classes[column.number]!.ports : [];
}
