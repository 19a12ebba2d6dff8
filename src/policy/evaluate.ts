import { contains } from "../base/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { Connection } from "./connection.ts";
import type { ConditionRef, Decision, Verdict } from "./decision.ts";
import { type Circumstances, type PointRef, judgePoint, planesOfPath } from "./judge.ts";
import { type Party, type Situation, haveFamily, partyOf, situationsOf } from "./party.ts";
import { type Cause, type Planes, outcomeOf } from "./planes.ts";
import type { ReasonCode } from "./reason.ts";
import type { Tracer } from "./program.ts";
import { NEIGHBOUR_DISCOVERY } from "./traffic.ts";
import { mergeConditions, mergeReasons, reasonsOf, refsOf, sortRefs } from "./refs.ts";

/** Decides one connection, with what decided it. */
export function evaluate(compiled: CompiledPolicies, connection: Connection): Decision {
  const { source, destination, facts, family, traffic } = connection;
  const isSelf =
    source.kind === "pod" &&
    destination.kind === "pod" &&
    source.pod === destination.pod &&
    source.pod.name !== undefined;
  if (isSelf) return ALLOWED; // NP-7, CNP-10: a pod reaches its own address
  const parties = [partyOf(compiled, source), partyOf(compiled, destination)] as const;
  return evaluateParties(compiled, ...parties, { family, facts, traffic: [traffic, traffic] });
}

/** Decides a connection of two different endpoints; `circumstances.traffic` is one point. */
export function evaluateParties(
  compiled: CompiledPolicies,
  source: Party,
  destination: Party,
  circumstances: Circumstances,
): Decision {
  if (!haveFamily(source, destination, circumstances.family)) return DENIED;
  if (isLetThrough(compiled, circumstances)) return ALLOWED;
  const situations = situationsOf(compiled, source, destination);
  const decisions = situations.map((situation) => decide(compiled, situation, circumstances));
  return decisions.length === 1 ? decisions[0]! : merge(situations, decisions);
}

/** Whether the engine lets the traffic pass before it looks at any policy. */
export function isLetThrough(
  { profile }: CompiledPolicies,
  { traffic }: Pick<Circumstances, "traffic">,
): boolean {
  return profile.switches.neighbourDiscoveryAllowed && contains(NEIGHBOUR_DISCOVERY, traffic[0]!);
}

const ALLOWED: Decision = { verdict: "allow", reasons: [], conditions: [], determinedBy: [] };
const DENIED: Decision = { ...ALLOWED, verdict: "deny" };

/** Decides one situation: deny if any point denies, allow if all do, else it depends. */
function decide(
  compiled: CompiledPolicies,
  { points }: Situation,
  circumstances: Circumstances,
): Decision {
  const planes = planesOfPath(compiled, points, circumstances);
  const verdicts = planes.map((each) => verdictOf(each, circumstances.traffic[0]!));
  const verdict = verdicts.includes("deny")
    ? "deny"
    : verdicts.includes("depends")
      ? "depends"
      : "allow";
  const deciding = points.filter((_, index) => verdict === "allow" || verdicts[index] === verdict);
  const causes = deciding.flatMap((point) => causesOf(compiled, point, circumstances));
  const doubtful = planes.filter(
    (_, index) => verdict === "depends" && verdicts[index] === verdict,
  );
  return {
    verdict,
    reasons: reasonsOf(
      compiled,
      doubtful.flatMap(({ doubts }) => doubts),
    ),
    conditions:
      verdict === "allow"
        ? mergeConditions(planes.flatMap((each) => conditionsOf(compiled, each)))
        : [],
    determinedBy: refsOf(compiled, causes),
  };
}

/** The verdict of one point of the traffic line. */
export function verdictOf(planes: Planes, traffic: number): Verdict {
  const { allow, conditional, depends } = outcomeOf(planes);
  if (contains(allow, traffic) || contains(conditional, traffic)) return "allow";
  return contains(depends, traffic) ? "depends" : "deny";
}

function conditionsOf(compiled: CompiledPolicies, planes: Planes): readonly ConditionRef[] {
  if (planes.mayAllow.length > 0) return [];
  return planes.conditions.map(({ text, ref }) => ({ text, refs: refsOf(compiled, [ref]) }));
}

/** Everything that put the traffic into a plane of Allow or Deny at a point. */
export function causesOf(
  compiled: CompiledPolicies,
  point: PointRef,
  circumstances: Circumstances,
): readonly Cause[] {
  const causes: Cause[] = [];
  const tracer: Tracer = {
    stage: () => {},
    rule: (rule, _match, taken) => {
      const { action } = compiled.rules[rule]!.rule;
      if (taken.length > 0 && (action === "Allow" || action === "Deny")) {
        causes.push({ kind: "rule", rule });
      }
    },
    end: ({ outcomes, isolators }) => {
      if (outcomes.some((outcome) => outcome !== "Pass")) {
        causes.push(...isolators.map((policy): Cause => ({ kind: "policy", policy })));
      }
    },
  };
  judgePoint(compiled, point, circumstances, tracer);
  return causes;
}

/** Several situations: what all say, else it depends. */
function merge(situations: readonly Situation[], decisions: readonly Decision[]): Decision {
  const [first] = decisions;
  const determinedBy = sortRefs(decisions.flatMap((decision) => decision.determinedBy));
  const conditions = mergeConditions(decisions.flatMap((decision) => decision.conditions));
  const reasons = mergeReasons(decisions.flatMap((decision) => decision.reasons));
  const same = decisions.every(({ verdict }) => verdict === first!.verdict);
  if (same) return { ...first!, determinedBy, conditions, reasons };
  const readings = new Set(situations.map(({ reading }) => reading));
  const code: ReasonCode = readings.size > 1 ? "host-network" : "node-unknown";
  return {
    verdict: "depends",
    reasons: mergeReasons([{ code, refs: determinedBy }, ...reasons]),
    conditions: [],
    determinedBy,
  };
}
