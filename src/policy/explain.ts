import type { CompiledPolicies } from "./compile.ts";
import { evaluateParties, isLetThrough, verdictOf } from "./evaluate.ts";
import type { Explanation, LookedRule, PointExplanation, StageExplanation } from "./explanation.ts";
import {
  type Circumstances,
  type PointRef,
  destinationPorts,
  judgePoint,
  planesOfPath,
} from "./judge.ts";
import type { Scene } from "./match.ts";
import { type Party, type Situation, haveFamily, situationsOf } from "./party.ts";
import type { Cause } from "./planes.ts";
import type { ProgramStage, Tracer } from "./program.ts";
import { refsOf } from "./refs.ts";
import { whyOf } from "./why.ts";

/** Two ends with the names under which they are shown. */
export interface ExplainedPair {
  readonly source: Party;
  readonly destination: Party;
  readonly ids: { readonly source: string; readonly destination: string };
}

/** Decides a connection of two different endpoints and tells what every point, stage and rule on the way said. */
export function explainParties(
  compiled: CompiledPolicies,
  { source, destination, ids }: ExplainedPair,
  circumstances: Circumstances,
): Explanation {
  const decision = evaluateParties(compiled, source, destination, circumstances);
  const isJudged =
    haveFamily(source, destination, circumstances.family) && !isLetThrough(compiled, circumstances);
  if (!isJudged) return { ...decision, points: [] };
  const points = situationsOf(compiled, source, destination).flatMap((situation) =>
    explainSituation(compiled, situation, { circumstances, ids }),
  );
  return { ...decision, points };
}

function explainSituation(
  compiled: CompiledPolicies,
  { points, reading, place }: Situation,
  {
    circumstances,
    ids,
  }: { readonly circumstances: Circumstances; readonly ids: ExplainedPair["ids"] },
): readonly PointExplanation[] {
  const planes = planesOfPath(compiled, points, circumstances);
  return points.map((point, index) => ({
    at: point.kind.endsWith("egress") ? ids.source : ids.destination,
    kind: point.kind,
    verdict: verdictOf(planes[index]!, circumstances.traffic[0]!),
    reading: [reading, place].filter((text) => text !== undefined).join(", ") || undefined,
    stages: explainStages(compiled, point, circumstances),
  }));
}

interface Seen {
  readonly causes: Cause[];
  passed: boolean;
  denied: boolean;
  allowed: boolean;
}

function explainStages(
  compiled: CompiledPolicies,
  point: PointRef,
  circumstances: Circumstances,
): readonly StageExplanation[] {
  const seen = new Map<ProgramStage, Seen>();
  let current: Seen | undefined;
  const note = (action: string, cause: readonly Cause[]): void => {
    if (action === "Allow") current!.allowed = true;
    else if (action === "Deny") current!.denied = true;
    else if (action === "Pass") current!.passed = true;
    if (action !== "Log") current!.causes.push(...cause);
  };
  const tracer: Tracer = {
    stage: (stage) => {
      current = { causes: [], passed: false, denied: false, allowed: false };
      seen.set(stage, current);
    },
    rule: (rule, _match, taken) => {
      if (taken.length > 0) note(compiled.rules[rule]!.rule.action, [{ kind: "rule", rule }]);
    },
    end: ({ outcomes, isolators }) => {
      const causes = isolators.map((policy): Cause => ({ kind: "policy", policy }));
      for (const outcome of outcomes) note(outcome, outcome === "Pass" ? [] : causes);
    },
  };
  judgePoint(compiled, point, circumstances, tracer);
  const ports = destinationPorts(compiled, point.kind, point.guarded, point.column);
  const { family, facts } = circumstances;
  const scene: Scene = {
    compiled,
    column: point.column,
    family,
    facts,
    ports,
    guarded: point.guarded,
  };
  return compiled.groups[point.group]!.program.stages.map((stage): StageExplanation => {
    const { name } = stage.stage;
    const found = seen.get(stage);
    if (found === undefined) return { name, outcome: "not-reached", refs: [], looked: [] };
    return {
      name,
      outcome: outcomeOfStage(found),
      refs: refsOf(compiled, found.causes),
      looked: lookedRules(compiled, scene, stage, circumstances.traffic[0]!),
    };
  });
}

function outcomeOfStage({ allowed, denied, passed }: Seen): StageExplanation["outcome"] {
  if (allowed && !denied && !passed) return "allow";
  if (denied && !allowed && !passed) return "deny";
  return passed && !allowed && !denied ? "pass" : "depends";
}

/** Every rule of the stage with its match, in the order of the program. */
function lookedRules(
  compiled: CompiledPolicies,
  scene: Scene,
  { groups }: ProgramStage,
  traffic: number,
): readonly LookedRule[] {
  return groups.flat(2).flatMap((number): readonly LookedRule[] => {
    const own = compiled.rules[number]!;
    const [ref] = refsOf(compiled, [{ kind: "rule", rule: number }]);
    if (ref === undefined) return []; // built in
    return [{ ...ref, action: own.rule.action, ...whyOf(scene, own, traffic) }];
  });
}
