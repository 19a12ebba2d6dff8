import {
  EMPTY,
  EVERYWHERE,
  type Family,
  addressSet,
  intersect,
  isSubset,
  isWithin,
} from "../base/index.ts";
import { type Direction, type LabelSelector, type Pod, matchesSelector } from "../model/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { RuleRef } from "./decision.ts";
import { canEscape } from "./escape.ts";
import { causesOf } from "./evaluate.ts";
import type { Group } from "./groups.ts";
import { createOutside } from "./outside-reach.ts";
import type { OutsideSegment, OutsideView } from "./outside.ts";
import { isClosed, judgeClass } from "./partition.ts";
import { possibleOf } from "./planes.ts";
import type { Policy } from "./policy.ts";
import { refsOf } from "./refs.ts";
import { type Results, createResults } from "./results.ts";
import { ALL_TRAFFIC, type Traffic, trafficOf } from "./traffic.ts";

/** What policies make of endpoints one by one, without asking who else exists. */
export interface Outlook {
  /** Whether a policy isolates the pod in the direction; false for host-network pods, which no policy surely selects. */
  readonly isIsolated: (pod: Pod, direction: Direction) => boolean;
  /** What opens the pod to every address outside of a family, on some port, for certain; `undefined` if nothing does. Without rules it is open because nothing restricts it. */
  readonly openTo: (pod: Pod, direction: Direction) => readonly RuleRef[] | undefined;
  /** Whether a new pod of the namespace starts denied: no choice of labels escapes, and without labels nothing but what is named can be reached. */
  readonly isCovered: (namespace: string, direction: Direction) => boolean;
}

/** The outlook of compiled policies. Its work grows with groups, never with pairs. */
export function createOutlook(compiled: CompiledPolicies): Outlook {
  const results = createResults();
  const { viewOf } = createOutside(compiled, results);
  const { classes, groups, groupOf } = compiled;
  const groupAt = (number: number, direction: Direction): Group | undefined =>
    groups[groupOf[`workload-${direction}`][number]!];
  const closing = {
    ingress: gatherClosing(compiled, "ingress"),
    egress: gatherClosing(compiled, "egress"),
  };
  const known = new Map<string, readonly RuleRef[] | undefined>();
  const openTo = (pod: Pod, direction: Direction): readonly RuleRef[] | undefined => {
    const number = classes.ofPod.get(pod)!;
    const group = groupAt(number, direction);
    if (group === undefined) return [];
    const { families } = classes.classes[number]!;
    const key = `${group.number}/${families}`;
    if (!known.has(key)) known.set(key, openers(compiled, group, viewOf(group), families));
    return known.get(key);
  };
  return {
    isIsolated: (pod, direction) => {
      if (pod.hostNetwork) return false;
      const group = groupAt(classes.ofPod.get(pod)!, direction);
      return group !== undefined && isIsolating(compiled, group, direction);
    },
    openTo,
    isCovered: (namespace, direction) =>
      !someEscape(compiled, closing[direction], namespace) &&
      isShut(compiled, results, groupAt(classes.future.get(namespace)!, direction)),
  };
}

function isIsolating({ policies }: CompiledPolicies, group: Group, direction: Direction): boolean {
  return group.policies.some((number) => policies[number]!.isolates[direction] === "yes");
}

/** The rules that let every address of a family pass on the same traffic; `undefined` if there is no such traffic. */
function openers(
  compiled: CompiledPolicies,
  group: Group,
  view: OutsideView,
  families: number,
): readonly RuleRef[] | undefined {
  const found: RuleRef[] = [];
  let isOpen = false;
  for (const family of [4, 6] as const) {
    if ((families & (family === 4 ? 1 : 2)) === 0) continue;
    const segments = view.filter((segment) => segment.family === family);
    const open = openTraffic(segments, family);
    if (open.length === 0) continue;
    isOpen = true;
    found.push(...openingRules(compiled, group, segments, open));
  }
  return isOpen
    ? [...new Map(found.map((ref) => [`${ref.policy} ${ref.rule}`, ref])).values()]
    : undefined;
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
function isShut(compiled: CompiledPolicies, results: Results, group: Group | undefined): boolean {
  if (group === undefined) return false;
  if (!isClosed(judgeClass(compiled, results, group, compiled.classes.unnamed))) return false;
  const { viewOf } = createOutside(compiled, results, [group]);
  return viewOf(group).every(({ result }) => possibleOf(result.outcome).length === 0);
}

/** The policies that close a direction, by the name of their namespace, and those that name namespaces by labels. */
interface Closing {
  readonly byNamespace: ReadonlyMap<string, readonly LabelSelector[]>;
  readonly byLabels: readonly {
    readonly namespaces: LabelSelector;
    readonly pods: LabelSelector;
  }[];
}

/** Gathers what closes a direction, also policies that select no pod which exists. */
function gatherClosing({ byId }: CompiledPolicies, direction: Direction): Closing {
  const byNamespace = new Map<string, LabelSelector[]>();
  const byLabels: { readonly namespaces: LabelSelector; readonly pods: LabelSelector }[] = [];
  for (const policy of byId.values()) {
    const { subject, state } = policy;
    if (state !== "enforced" || subject.kind !== "pods" || !isClosing(policy, direction)) continue;
    const { namespaces, pods } = subject;
    if (namespaces.kind === "labels") byLabels.push({ namespaces: namespaces.selector, pods });
    else {
      const list = byNamespace.get(namespaces.name);
      if (list === undefined) byNamespace.set(namespaces.name, [pods]);
      else list.push(pods);
    }
  }
  return { byNamespace, byLabels };
}

/** Whether some labels keep a new pod of the namespace out of every policy that isolates it in a direction, or that denies everything there. */
function someEscape(
  { cluster }: CompiledPolicies,
  { byNamespace, byLabels }: Closing,
  namespace: string,
): boolean {
  const labels = cluster.namespaces.get(namespace)?.labels ?? {};
  const meant = byLabels.filter(({ namespaces }) => matchesSelector(namespaces, labels));
  return canEscape([...(byNamespace.get(namespace) ?? []), ...meant.map(({ pods }) => pods)]);
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
