import {
  type AddressRange,
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
import { causesOf } from "./evaluate.ts";
import { type GroupJudge, createGroupJudge } from "./group-judge.ts";
import type { Group } from "./groups.ts";
import { labelsEscape } from "./label-escape.ts";
import { type ViewOf, createViews } from "./outside-reach.ts";
import type { OutsideSegment, OutsideView } from "./outside.ts";
import { judgeClass } from "./partition.ts";
import { possibleOf } from "./planes.ts";
import type { Rule } from "./policy.ts";
import { refsOf } from "./refs.ts";
import { createResults } from "./results.ts";
import { requirementsKey } from "./selector-index.ts";
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
  /** How a group treats the outside. */
  readonly viewOf: ViewOf;
}

/** Traffic that is open to every address of a family, and the rules that open it. */
export interface OpenIn {
  readonly traffic: Traffic;
  readonly refs: readonly RuleRef[];
}

/** The outlook of compiled policies. Its work grows with groups, never with pairs. */
export function createOutlook(compiled: CompiledPolicies): Outlook {
  const judge = createGroupJudge(compiled, createResults());
  const viewOf = createViews(compiled, judge);
  const { classes, groups, groupOf } = compiled;
  const groupAt = (number: number, direction: Direction): Group | undefined =>
    groups[groupOf[`workload-${direction}`][number]!];
  const closing = {
    ingress: gatherClosings(compiled, "ingress"),
    egress: gatherClosings(compiled, "egress"),
  };
  const covered = new Map<string, boolean>();
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
    isCovered: (namespace, direction) => {
      const key = `${direction} ${namespace}`;
      let answer = covered.get(key);
      if (answer === undefined) {
        answer =
          !someEscape(compiled, closing[direction], namespace) &&
          isShut({ compiled, judge, viewOf }, groupAt(classes.future.get(namespace)!, direction));
        covered.set(key, answer);
      }
      return answer;
    },
    viewOf,
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
function isShut({ compiled, judge, viewOf }: Looking, group: Group | undefined): boolean {
  if (group === undefined) return false;
  const { classes, unnamed } = compiled.classes;
  const { families } = classes[unnamed]!; // those that the pod ranges leave to a new pod
  const canHave = (family: Family): boolean => (families & (family === 4 ? 1 : 2)) !== 0;
  const results = judgeClass(judge, group, unnamed);
  const isOpen = (family: Family): boolean =>
    canHave(family) && possibleOf(results[family].outcome).length > 0;
  if (isOpen(4) || isOpen(6)) return false;
  return viewOf(group).every(
    ({ family, result }) => !canHave(family) || possibleOf(result.outcome).length === 0,
  );
}

/** What a group's answers are asked of. */
interface Looking {
  readonly compiled: CompiledPolicies;
  readonly judge: GroupJudge;
  readonly viewOf: ViewOf;
}

/** What may close a direction to pods with some labels: a policy that isolates them, and the addresses of which policies deny them everything. */
interface Closing {
  readonly pods: LabelSelector;
  readonly isolates: boolean;
  readonly denied: readonly AddressRange[];
}

/** The closings by the name of their namespace, and those that name namespaces by labels. */
interface Closings {
  readonly byNamespace: ReadonlyMap<string, readonly Closing[]>;
  readonly byLabels: readonly { readonly namespaces: LabelSelector; readonly closing: Closing }[];
}

/** Gathers what closes a direction, also policies that select no pod which exists. */
function gatherClosings({ byId }: CompiledPolicies, direction: Direction): Closings {
  const byNamespace = new Map<string, Closing[]>();
  const byLabels: { readonly namespaces: LabelSelector; readonly closing: Closing }[] = [];
  for (const { subject, state, isolates, rules } of byId.values()) {
    if (state !== "enforced" || subject.kind !== "pods") continue;
    const denied = deniedRanges(rules, direction);
    if (isolates[direction] !== "yes" && denied.length === 0) continue;
    const { namespaces, pods, where } = subject;
    if (where !== undefined) continue; // the search knows labels of pods only: nothing is claimed
    const closing = { pods, isolates: isolates[direction] === "yes", denied };
    if (namespaces.kind === "labels") byLabels.push({ namespaces: namespaces.selector, closing });
    else {
      const list = byNamespace.get(namespaces.name);
      if (list === undefined) byNamespace.set(namespaces.name, [closing]);
      else list.push(closing);
    }
  }
  return { byNamespace, byLabels };
}

/** Whether some labels keep a new pod of the namespace out of every policy that isolates it in a direction, or that denies everything there. Policies with one selector deny together. */
function someEscape(
  { cluster }: CompiledPolicies,
  { byNamespace, byLabels }: Closings,
  namespace: string,
): boolean {
  const labels = cluster.namespaces.get(namespace)?.labels ?? {};
  const meant = byLabels.filter(({ namespaces }) => matchesSelector(namespaces, labels));
  const all = [...(byNamespace.get(namespace) ?? []), ...meant.map(({ closing }) => closing)];
  const alike = Map.groupBy(all, ({ pods }) => requirementsKey(pods));
  const closed = [...alike.values()].filter(
    (list) =>
      list.some(({ isolates }) => isolates) ||
      isWithin(EVERYWHERE, addressSet(list.flatMap(({ denied }) => denied))),
  );
  return labelsEscape(closed.map(([first]) => first!.pods));
}

/** The addresses, of pods as well, of which a policy's own rules deny all traffic. */
function deniedRanges(rules: readonly Rule[], direction: Direction): readonly AddressRange[] {
  return rules
    .filter((rule) => rule.direction === direction && rule.action === "Deny")
    .filter(({ traffic }) => isSubset(ALL_TRAFFIC, traffic.must))
    .flatMap(({ peers }) => peers)
    .flatMap((peer): readonly AddressRange[] => {
      if (peer.kind === "any") return EVERYWHERE;
      return peer.kind === "addresses" && peer.pods === "yes" ? peer.addresses : [];
    });
}
