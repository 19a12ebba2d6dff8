import {
  EMPTY,
  EVERYWHERE,
  type Family,
  addressSet,
  intersect,
  isSubset,
  isWithin,
} from "../base/index.ts";
import {
  type Direction,
  type LabelSelector,
  type Pod,
  type Requirement,
  allowsValue,
  possibleValues,
} from "../model/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { RuleRef } from "./decision.ts";
import { causesOf } from "./evaluate.ts";
import { type GroupJudge, createGroupJudge } from "./group-judge.ts";
import type { Group } from "./groups.ts";
import { createOutside } from "./outside-reach.ts";
import type { OutsideSegment, OutsideView } from "./outside.ts";
import { isClosed, judgeClass } from "./partition.ts";
import { possibleOf } from "./planes.ts";
import type { Policy } from "./policy.ts";
import { refsOf } from "./refs.ts";
import { createResults } from "./results.ts";
import { ALL_TRAFFIC, type Traffic, trafficOf } from "./traffic.ts";

/** What policies make of endpoints one by one, without asking who else exists. */
export interface Outlook {
  /** Whether a policy isolates the pod in the direction; false for host-network pods, which no policy surely selects. */
  readonly isIsolated: (pod: Pod, direction: Direction) => boolean;
  /** What opens the pod to every address outside of a family, on some port, for certain; `undefined` if nothing does. Without rules it is open because nothing restricts it. */
  readonly openTo: (pod: Pod, direction: Direction) => readonly RuleRef[] | undefined;
  /** The ports on which the pod is open to every address outside of one family, for certain, and what opens them; no ports if there is none. */
  readonly openIn: (pod: Pod, direction: Direction, family: Family) => OpenIn;
  /** Whether a new pod of the namespace starts denied: no choice of labels escapes, and without labels nothing but what is named can be reached. */
  readonly isCovered: (namespace: string, direction: Direction) => boolean;
}

/** Traffic that is open to every address of a family, and the rules that open it. */
export interface OpenIn {
  readonly traffic: Traffic;
  readonly refs: readonly RuleRef[];
}

/** The outlook of compiled policies. Its work grows with groups, never with pairs. */
export function createOutlook(compiled: CompiledPolicies): Outlook {
  const judge = createGroupJudge(compiled, createResults());
  const { viewOf } = createOutside(compiled, judge);
  const { classes, groups, groupOf } = compiled;
  const groupAt = (number: number, direction: Direction): Group | undefined =>
    groups[groupOf[`workload-${direction}`][number]!];
  const known = new Map<string, OpenIn>();
  const openIn = (pod: Pod, direction: Direction, family: Family): OpenIn => {
    const number = classes.ofPod.get(pod)!;
    const { families } = classes.classes[number]!;
    if ((families & (family === 4 ? 1 : 2)) === 0) return { traffic: EMPTY, refs: [] };
    const group = groupAt(number, direction);
    if (group === undefined) return { traffic: trafficOf(family), refs: [] };
    const key = `${group.number}/${family}`;
    let found = known.get(key);
    if (found === undefined) {
      found = openingsOf(compiled, group, viewOf(group), family);
      known.set(key, found);
    }
    return found;
  };
  const opened = new Map<string, readonly RuleRef[] | undefined>();
  const openTo = (pod: Pod, direction: Direction): readonly RuleRef[] | undefined => {
    const number = classes.ofPod.get(pod)!;
    const group = groupOf[`workload-${direction}`][number]!;
    const key = `${direction} ${group}/${classes.classes[number]!.families}`;
    if (!opened.has(key)) {
      opened.set(key, mergeOpenings(FAMILIES.map((family) => openIn(pod, direction, family))));
    }
    return opened.get(key);
  };
  return {
    isIsolated: (pod, direction) => {
      if (pod.hostNetwork) return false;
      const group = groupAt(classes.ofPod.get(pod)!, direction);
      return group !== undefined && isIsolating(compiled, group, direction);
    },
    openTo,
    openIn,
    isCovered: (namespace, direction) =>
      !canEscape(compiled, namespace, direction) &&
      isShut(compiled, judge, groupAt(classes.future.get(namespace)!, direction)),
  };
}

const FAMILIES: readonly Family[] = [4, 6];

/** The rules of all openings, each once; `undefined` if nothing is open. */
function mergeOpenings(openings: readonly OpenIn[]): readonly RuleRef[] | undefined {
  const open = openings.filter(({ traffic }) => traffic.length > 0);
  if (open.length === 0) return undefined;
  const refs = open.flatMap((each) => each.refs);
  return [...new Map(refs.map((ref) => [`${ref.policy} ${ref.rule}`, ref])).values()];
}

function isIsolating({ policies }: CompiledPolicies, group: Group, direction: Direction): boolean {
  return group.policies.some((number) => policies[number]!.isolates[direction] === "yes");
}

/** The traffic on which every address of a family passes, and the rules that let it. */
function openingsOf(
  compiled: CompiledPolicies,
  group: Group,
  view: OutsideView,
  family: Family,
): OpenIn {
  const segments = view.filter((segment) => segment.family === family);
  const traffic = openTraffic(segments, family);
  const refs = traffic.length === 0 ? [] : openingRules(compiled, group, segments, traffic);
  return { traffic, refs };
}

function openTraffic(segments: readonly OutsideSegment[], family: Family): Traffic {
  return segments.reduce<Traffic>(
    (rest, { result }) => intersect(rest, result.outcome.allow),
    segments.length === 0 ? EMPTY : trafficOf(family),
  );
}

/** What decides at one point of each interval of the open traffic, at one place for each result. */
function openingRules(
  compiled: CompiledPolicies,
  group: Group,
  segments: readonly OutsideSegment[],
  open: Traffic,
): readonly RuleRef[] {
  const samples = [...new Map(segments.map((segment) => [segment.result.id, segment])).values()];
  const starts = open.filter((_, index) => index % 2 === 0);
  const causes = samples.flatMap(({ family, first }) =>
    starts.flatMap((traffic) => {
      const column = { kind: "outside", address: { family, value: first } } as const;
      const point = { kind: group.point, guarded: group.classes[0]!, group: group.number, column };
      return causesOf(compiled, point, { family, facts: [], traffic: [traffic, traffic] });
    }),
  );
  return refsOf(compiled, causes);
}

/** Whether a pod that nothing names is shut: no connection with an unnamed pod or with the outside may pass. */
function isShut(compiled: CompiledPolicies, judge: GroupJudge, group: Group | undefined): boolean {
  if (group === undefined) return false;
  if (!isClosed(judgeClass(judge, group, compiled.classes.unnamed))) return false;
  const { viewOf } = createOutside(compiled, judge, [group]);
  return viewOf(group).every(({ result }) => possibleOf(result.outcome).length === 0);
}

/** Whether some labels keep a new pod of the namespace out of every policy that isolates it in the direction, or that denies everything there. */
function canEscape(compiled: CompiledPolicies, namespace: string, direction: Direction): boolean {
  const group = compiled.classes.future.get(namespace);
  if (group === undefined) return true;
  const closing = compiled.policies.flatMap((policy): readonly LabelSelector[] => {
    const { subject } = policy;
    if (subject.kind !== "pods" || !isClosing(policy, direction)) return [];
    const { namespaces } = subject;
    const labels = compiled.cluster.namespaces.get(namespace)?.labels ?? {};
    const isMeant =
      namespaces.kind === "name"
        ? namespaces.name === namespace
        : namespaces.selector.requirements.every((each) => allowsValue(each, labels[each.key]));
    return isMeant ? [subject.pods] : [];
  });
  return escapes(closing, new Map());
}

/** A policy that isolates, or that by itself denies all traffic of every peer. */
function isClosing({ isolates, rules }: Policy, direction: Direction): boolean {
  if (isolates[direction] === "yes") return true;
  const denied = rules
    .filter((rule) => rule.direction === direction && rule.action === "Deny")
    .filter(({ traffic }) => isSubset(ALL_TRAFFIC, traffic.must))
    .flatMap(({ peers }) => peers);
  const ranges = denied.flatMap((peer) => {
    if (peer.kind === "any") return EVERYWHERE;
    return peer.kind === "addresses" && peer.pods === "yes" ? peer.addresses : [];
  });
  return isWithin(EVERYWHERE, addressSet(ranges));
}

/** What is known of the value of a label key: the values it may not have, and whether it must be there or not. */
type Assignment = ReadonlyMap<string, readonly Requirement[]>;

/** Whether labels exist that fulfil none of the selectors: of each selector one requirement must fail. */
function escapes(selectors: readonly LabelSelector[], chosen: Assignment): boolean {
  const [first, ...rest] = selectors;
  if (first === undefined) return true;
  return first.requirements.some((requirement) => {
    const opposite = negate(requirement);
    const own = [...(chosen.get(requirement.key) ?? []), opposite];
    return isPossible(own) && escapes(rest, new Map([...chosen, [requirement.key, own]]));
  });
}

const OPPOSITE = {
  In: "NotIn",
  NotIn: "In",
  Exists: "DoesNotExist",
  DoesNotExist: "Exists",
} as const;

function negate({ key, operator, values }: Requirement): Requirement {
  return { key, operator: OPPOSITE[operator], values };
}

/** Whether one key can fulfil all of its requirements: with a named value, any other value, or by being absent. */
function isPossible(requirements: readonly Requirement[]): boolean {
  return possibleValues(requirements).some((value) =>
    requirements.every((each) => allowsValue(each, value)),
  );
}
