import { contains } from "../base/index.ts";
import type { Pod } from "../model/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { CompiledPeer, CompiledRule } from "./compiled-rule.ts";
import { namedTraffic } from "./named-traffic.ts";
import type { ProgramStage } from "./program.ts";
import type { Traffic } from "./traffic.ts";

/**
 * Whether policy may ever let one point of traffic into a pod: from anybody who exists, may come, or is outside.
 * False only where it is certain: the pod is isolated, and no rule for the port has a peer that an earlier Deny leaves over. The own node is not counted (NP-7).
 */
export type MayEnter = (pod: Pod, traffic: Traffic) => boolean;

/** Answers for compiled policies; what a group's stages hold is gathered once. */
export function createEntrances(compiled: CompiledPolicies): MayEnter {
  const { classes, groups, groupOf } = compiled;
  const known = new Map<ProgramStage, readonly CompiledRule[]>();
  const rulesOf = (stage: ProgramStage): readonly CompiledRule[] => {
    let rules = known.get(stage);
    if (rules === undefined) {
      rules = ownRules(compiled, stage);
      known.set(stage, rules);
    }
    return rules;
  };
  return (pod, [point = 0]) => {
    const guarded = classes.ofPod.get(pod)!;
    const group = groups[groupOf["workload-ingress"][guarded]!];
    if (group === undefined || pod.hostNetwork) return true;
    const denied: CompiledPeer[] = [];
    for (const stage of group.program.stages) {
      const rules = rulesOf(stage).filter((rule) => mayMatch(compiled, rule, { guarded, point }));
      if (
        rules.some(({ rule, peers }) => rule.action === "Allow" && isLeft(compiled, peers, denied))
      ) {
        return true;
      }
      if (stage.outcomes.includes("Allow")) return true;
      if (!stage.outcomes.includes("Pass")) return false;
      // behind a Pass a Deny of the same stage may be too late
      if (rules.every(({ rule }) => rule.action !== "Pass")) denied.push(...denials(rules, point));
    }
    return group.program.board.final === "Allow";
  };
}

/** The rules of a stage without what the engine builds in. */
function ownRules(
  { rules, policies, profile }: CompiledPolicies,
  { groups }: ProgramStage,
): readonly CompiledRule[] {
  return groups
    .flat(2)
    .map((number) => rules[number]!)
    .filter(({ policy }) => !profile.builtins.includes(policies[policy]!));
}

function mayMatch(
  { profile, classes }: CompiledPolicies,
  { rule: { traffic } }: CompiledRule,
  { guarded, point }: { readonly guarded: number; readonly point: number },
): boolean {
  if (contains(traffic.may, point)) return true;
  if (traffic.named.length === 0) return false;
  const { ports } = classes.classes[guarded]!;
  return contains(namedTraffic(traffic.named, ports, profile.switches).may, point);
}

function denials(rules: readonly CompiledRule[], point: number): readonly CompiledPeer[] {
  return rules
    .filter(({ rule }) => rule.action === "Deny" && contains(rule.traffic.must, point))
    .flatMap(({ peers }) => peers);
}

/** Whether some peer may still come: pods that do not exist yet count, so only a Deny of every pod takes pods away. */
function isLeft(
  { classes }: CompiledPolicies,
  peers: readonly CompiledPeer[],
  denied: readonly CompiledPeer[],
): boolean {
  if (denied.some(({ kind }) => kind === "any")) return false;
  const isEveryPodDenied = denied.some(
    (peer) =>
      peer.kind === "pods" &&
      classes.classes.every(({ number, type }) => type !== "pod" || peer.classes.has(number)),
  );
  return peers.some(({ kind }) => kind !== "pods" || !isEveryPodDenied);
}
