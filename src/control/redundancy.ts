import { intersect, isSubset, subtract } from "../base/index.ts";
import type { Direction } from "../model/index.ts";
import {
  type CompiledPolicies,
  type CompiledRule,
  type Policy,
  type RuleRef,
  type Stage,
  type Traffic,
  portTraffic,
  ruleName,
} from "../policy/index.ts";
import { type Implies, coverPeer, createImplies } from "./peer-cover.ts";
import { type Subjects, createSubjects } from "./subject-index.ts";

/** What could be taken away, all of it at once, without changing a connection of any pod, those to come included. */
export interface Redundancy {
  readonly policies: readonly RedundantPolicy[];
  /** Of policies that are needed. */
  readonly rules: readonly RedundantRule[];
}

/** A policy that adds nothing, and what does the same: rules for its rules, policies for its isolation. */
export interface RedundantPolicy {
  readonly policy: Policy;
  readonly by: readonly RuleRef[];
}

/** A rule that adds nothing, and the rules that do the same; `shadowed`: they come before it, so that it is never asked. */
export interface RedundantRule {
  readonly rule: CompiledRule;
  readonly by: readonly RuleRef[];
  readonly shadowed: boolean;
}

/** Finds what is redundant: by selectors that imply one another, addresses and traffic that lie in unions. */
export function findRedundancy(compiled: CompiledPolicies): Redundancy {
  // what covers what is worked out for the orders of the upstream APIs only: of others nothing is claimed
  if (compiled.profile.engine !== "upstream") return { policies: [], rules: [] };
  const implies = createImplies(compiled.cluster);
  const scene: Scene = {
    compiled,
    implies,
    subjects: createSubjects(compiled.policies, implies),
    rulesOf: Map.groupBy(compiled.rules, ({ policy }) => policy),
    gone: new Set(),
  };
  // The last of equals goes, and what went covers nothing: the rest can all go at once.
  const order = [...compiled.policies.keys()].toReversed().filter((number) => {
    const { id, rules, subject } = compiled.policies[number]!;
    return compiled.selecting.has(id) && subject.kind === "pods" && rules.every(isPlain);
  });
  const policies = order.flatMap((number) => {
    const by = coverPolicy(scene, number);
    if (by === undefined) return [];
    for (const rule of scene.rulesOf.get(number) ?? []) scene.gone.add(rule.number);
    scene.gone.add(policyMark(number));
    return [{ policy: compiled.policies[number]!, by: refsOf(compiled, by) }];
  });
  const rules = order
    .flatMap((number) => (scene.rulesOf.get(number) ?? []).toReversed())
    .flatMap((rule) => {
      if (scene.gone.has(rule.number)) return [];
      const by = coverRule(scene, rule, () => true);
      if (by === undefined) return [];
      scene.gone.add(rule.number);
      const shadowed = stageOf(compiled, rule)?.mode === "ordered";
      return [{ rule, by: refsOf(compiled, by), shadowed }];
    });
  return { policies, rules };
}

interface Scene {
  readonly compiled: CompiledPolicies;
  readonly implies: Implies;
  readonly subjects: Subjects;
  readonly rulesOf: ReadonlyMap<number, readonly CompiledRule[]>;
  /** Numbers of rules that are redundant, and marks of such policies. */
  readonly gone: Set<number>;
}

/** What covers something: a rule, or a policy as a whole. */
type Coverer = CompiledRule | { readonly policy: number };

function policyMark(number: number): number {
  return -1 - number;
}

/** Rules that match no peer fail closed: there is nothing to compare. */
function isPlain({ peers }: { readonly peers: readonly unknown[] }): boolean {
  return peers.length > 0;
}

/** The stage that takes the rule's policy. */
function stageOf(
  { profile, policies }: CompiledPolicies,
  { policy, rule }: CompiledRule,
): Stage | undefined {
  return stageAt(profile, policies[policy]!.slot, rule.direction);
}

function stageAt(
  { boards }: CompiledPolicies["profile"],
  slot: string,
  direction: Direction,
): Stage | undefined {
  return boards[`workload-${direction}`]?.stages.find(({ takes }) =>
    takes.some((take) => take.slot === slot),
  );
}

/** What does all that a policy does; `undefined` if something is its own. */
function coverPolicy(scene: Scene, number: number): readonly Coverer[] | undefined {
  const { compiled, subjects, gone, rulesOf } = scene;
  const policy = compiled.policies[number]!;
  const by: Coverer[] = [];
  for (const direction of ["ingress", "egress"] as const) {
    if (policy.isolates[direction] === "no") continue;
    // A default deny says what is meant to stay when the rules of others change: only another one replaces it.
    const isBare = isBareIn(policy, direction);
    const other = subjects
      .around(number)
      .find(
        (each) =>
          each !== number &&
          !gone.has(policyMark(each)) &&
          compiled.policies[each]!.slot === policy.slot &&
          compiled.policies[each]!.isolates[direction] === "yes" &&
          (!isBare || isBareIn(compiled.policies[each]!, direction)),
      );
    if (other === undefined) return undefined;
    by.push({ policy: other });
  }
  for (const rule of rulesOf.get(number) ?? []) {
    const covering = coverRule(scene, rule, (each) => each.policy !== number);
    if (covering === undefined) return undefined;
    by.push(...covering);
  }
  return by;
}

function isBareIn({ rules }: Policy, direction: Direction): boolean {
  return rules.every((rule) => rule.direction !== direction);
}

/** The rules that do all that a rule does: in a union any others of its action, in an ordered stage those that surely come before it. */
function coverRule(
  scene: Scene,
  rule: CompiledRule,
  isMeant: (other: CompiledRule) => boolean,
): readonly CompiledRule[] | undefined {
  const { compiled, subjects, rulesOf, gone } = scene;
  const stage = stageOf(compiled, rule);
  const { action, direction, condition, traffic } = rule.rule;
  if (stage === undefined || action === "Log" || condition !== undefined) return undefined;
  const isUnion = stage.mode === "union";
  const others = subjects.around(rule.policy).flatMap((number) => {
    if (compiled.policies[number]!.slot !== compiled.policies[rule.policy]!.slot) return [];
    return (rulesOf.get(number) ?? []).filter(
      (other) =>
        other !== rule &&
        !gone.has(other.number) &&
        other.rule.direction === direction &&
        other.rule.condition === undefined &&
        other.rule.action !== "Log" &&
        isMeant(other) &&
        (isUnion ? other.rule.action === action : comesBefore(compiled, stage, other, rule)),
    );
  });
  if (others.length === 0) return undefined;
  const planes = isUnion
    ? ([
        [traffic.must, "must"],
        [traffic.may, "may"],
      ] as const)
    : ([[traffic.may, "must"]] as const);
  const by = new Set<CompiledRule>();
  for (const [wanted, plane] of planes) {
    const part = coverTraffic(scene, rule, { wanted, others, plane });
    if (part === undefined) return undefined;
    for (const each of part) by.add(each);
  }
  return [...by];
}

/** Whether a rule of an ordered stage is surely asked before another. */
function comesBefore(
  { policies }: CompiledPolicies,
  { ties, takes }: Stage,
  a: CompiledRule,
  b: CompiledRule,
): boolean {
  const orderOf = ({ policy }: CompiledRule): number => {
    const { slot, order } = policies[policy]!;
    return takes.find((take) => take.slot === slot)?.order ?? order;
  };
  if (a.policy === b.policy) return a.rule.index < b.rule.index;
  if (orderOf(a) !== orderOf(b)) return orderOf(a) < orderOf(b);
  if (ties === "name") return policies[a.policy]!.tieName < policies[b.policy]!.tieName;
  return ties === "rule-index" && a.rule.index < b.rule.index;
}

interface Wanted {
  readonly wanted: Traffic;
  readonly others: readonly CompiledRule[];
  readonly plane: "must" | "may";
}

/** The rules that match every peer of a rule on all of its traffic and port names. */
function coverTraffic(
  { implies }: Scene,
  { rule }: CompiledRule,
  { wanted, others, plane }: Wanted,
): Iterable<CompiledRule> | undefined {
  const by = new Set<CompiledRule>();
  const lists = [
    ...cells(wanted, others, plane),
    ...rule.traffic.named.map(({ name, protocol }) =>
      others.filter((other) => {
        const { named, must } = other.rule.traffic;
        const protocols = protocol === undefined ? PROTOCOLS : [protocol];
        return (
          named.some((own) => own.name === name && [undefined, protocol].includes(own.protocol)) ||
          protocols.every((each) => isSubset(portTraffic(each), must))
        );
      }),
    ),
  ];
  for (const list of lists) {
    // Rules that are needed anyway are asked first.
    const sorted = list.toSorted((a, b) => Number(by.has(b)) - Number(by.has(a)));
    const covers = sorted.map((owner) => ({ owner, peers: owner.rule.peers }));
    for (const peer of rule.peers) {
      const found = coverPeer(peer, covers, implies);
      if (found === undefined) return undefined;
      for (const each of found) by.add(each);
    }
  }
  return by;
}

const PROTOCOLS = ["TCP", "UDP", "SCTP"] as const;

/** Traffic cut into parts that the same rules match; of each part these rules. */
function cells(
  wanted: Traffic,
  others: readonly CompiledRule[],
  plane: "must" | "may",
): readonly (readonly CompiledRule[])[] {
  let parts: readonly { readonly traffic: Traffic; readonly rules: readonly CompiledRule[] }[] =
    wanted.length === 0 ? [] : [{ traffic: wanted, rules: [] }];
  for (const other of others) {
    const own = other.rule.traffic[plane];
    parts = parts.flatMap(({ traffic, rules }) => {
      const inside = intersect(traffic, own);
      if (inside.length === 0) return [{ traffic, rules }];
      const outside = subtract(traffic, own);
      const cut = [{ traffic: inside, rules: [...rules, other] }];
      return outside.length === 0 ? cut : [...cut, { traffic: outside, rules }];
    });
  }
  return parts.map(({ rules }) => rules);
}

function refsOf({ policies }: CompiledPolicies, by: readonly Coverer[]): readonly RuleRef[] {
  const refs = by.map((each): RuleRef => {
    const rule = "rule" in each ? ruleName(each.rule) : undefined;
    return { policy: policies[each.policy]!.id, rule };
  });
  return [...new Map(refs.map((ref) => [`${ref.policy} ${ref.rule}`, ref])).values()].toSorted(
    (a, b) => (`${a.policy} ${a.rule}` < `${b.policy} ${b.rule}` ? -1 : 1),
  );
}
