import type { Direction } from "../model/index.ts";
import type { PointKind, Profile } from "./board.ts";
import type { Classes } from "./classes.ts";
import type { CompiledPeer, CompiledRule, LeafPeer, Selected } from "./compiled-rule.ts";
import type { Policy } from "./policy.ts";
import { createPrograms } from "./build-program.ts";
import type { Program } from "./program.ts";

/** Classes that the same policies select at one enforcement point, so that they share one program. */
export interface Group {
  readonly number: number;
  readonly point: PointKind;
  readonly program: Program;
  /** Ascending; those that have rules here or isolate. */
  readonly policies: readonly number[];
  /** Those of them that select the classes only perhaps. */
  readonly perhaps: ReadonlySet<number>;
  /** Every rule of the program. */
  readonly rules: readonly number[];
  /** The kinds of peers that these rules have, as bits of `PEER_BITS`. */
  readonly peerBits: number;
  /** How the stages end if no rule matches; equal for groups that then say the same. `undefined` where the group's own policies are a reason. */
  readonly ending: string | undefined;
  readonly classes: readonly number[];
}

/** A bit for each kind of peer that is put together of no others. */
export const PEER_BITS: Readonly<Record<LeafPeer["kind"], number>> = {
  any: 1,
  pods: 2,
  addresses: 4,
  nodes: 8,
  domains: 16,
  "own-node": 32,
  family: 64,
};

/** The kinds of peers that a rule has, as bits; what its peers may match no kind of column but these can have. `builtin`: every group has it. */
function bitsOfRule({ peers, self }: CompiledRule, builtin: boolean): number {
  const bitsOf = (peer: CompiledPeer): number => {
    switch (peer.kind) {
      case "all":
      case "either":
        return peer.of.reduce((bits, each) => bits | bitsOf(each), peer.kind === "all" ? ANY : 0);
      case "not":
        return ANY | bitsOf(peer.of);
      case "perhaps":
        return bitsOf(peer.of);
      case "family":
        return ANY | PEER_BITS.family;
      case "own-node":
        return builtin ? PEER_BITS[peer.kind] : PEER_BITS[peer.kind] | PEER_BITS.nodes;
      default:
        return PEER_BITS[peer.kind];
    }
  };
  const bits = peers.reduce((all, peer) => all | bitsOf(peer), 0);
  // what is asked of the guarded endpoint may be true of one of its families only
  const isOneFamily =
    self !== undefined && (bitsOf(self) & (PEER_BITS.addresses | PEER_BITS.family)) !== 0;
  return isOneFamily ? bits | PEER_BITS.family : bits;
}

const ANY = PEER_BITS.any;

/** What groups are built from. `subjects` holds the classes that each policy selects; undefined: all pods. */
export interface GroupInput {
  readonly profile: Profile;
  readonly policies: readonly Policy[];
  readonly rules: readonly CompiledRule[];
  readonly classes: Classes;
  readonly subjects: readonly (Selected | undefined)[];
  /** How the classes match what rules ask of the guarded endpoint: a text that is equal where they match alike. */
  readonly selfKey: (rules: readonly CompiledRule[], number: number) => string;
}

/** Builds the groups of every point; each distinct list of policies once. */
export function buildGroups(input: GroupInput): {
  readonly groups: readonly Group[];
  readonly groupOf: Readonly<Record<PointKind, Int32Array>>;
} {
  const groups: Group[] = [];
  const rulesOf = rulesByPolicy(input);
  const known: Known = {
    selecting: policiesOf(input),
    rulesOf,
    bitsOfRule: input.rules.map((rule) =>
      bitsOfRule(rule, input.profile.builtins.includes(input.policies[rule.policy]!)),
    ),
    named: rulesOf.map((own) =>
      own.some(
        ({ rule: { direction, traffic } }) =>
          direction === "ingress" && (traffic.named.length > 0 || traffic.unless !== undefined),
      ),
    ),
    withSelf: input.rules.some(isOfSelf) ? rulesOf.map((own) => own.filter(isOfSelf)) : undefined,
    isUnsure: input.subjects.some((subject) => subject?.perhaps !== undefined),
  };
  const at = (point: PointKind): Int32Array => groupPoint(input, known, { point, groups });
  return {
    groupOf: {
      "workload-egress": at("workload-egress"),
      "workload-ingress": at("workload-ingress"),
      "workload-to-host": at("workload-to-host"),
      "host-egress": at("host-egress"),
      "host-ingress": at("host-ingress"),
      "host-forward-egress": at("host-forward-egress"),
      "host-forward-ingress": at("host-forward-ingress"),
      "host-untracked-egress": at("host-untracked-egress"),
      "host-untracked-ingress": at("host-untracked-ingress"),
      "host-pre-dnat": at("host-pre-dnat"),
    },
    groups,
  };
}

/** What is looked up once for all points, by class, policy or rule. */
interface Known {
  readonly selecting: readonly (readonly number[])[];
  readonly rulesOf: readonly (readonly CompiledRule[])[];
  readonly bitsOfRule: readonly number[];
  /** Whether the policy has port names, which are looked up on the pods that it guards. */
  readonly named: readonly boolean[];
  /** The rules of each policy that test the guarded endpoint too; `undefined` where no policy has one. */
  readonly withSelf: readonly (readonly CompiledRule[])[] | undefined;
  /** Whether a policy selects some endpoints only perhaps. */
  readonly isUnsure: boolean;
}

/** Adds the groups of one point; gives the group of each class, -1 where nothing is judged. */
function groupPoint(
  { profile, classes, policies, subjects, selfKey }: GroupInput,
  { selecting, rulesOf, bitsOfRule: bits, named, withSelf, isUnsure }: Known,
  { point, groups }: { readonly point: PointKind; readonly groups: Group[] },
): Int32Array {
  const numbers = new Int32Array(classes.classes.length).fill(-1);
  const board = profile.boards[point];
  if (board === undefined) return numbers;
  const direction = directionOf(point);
  const relevant = policies.map((policy) => isRelevant(policy, direction));
  const programOf = createPrograms(board, direction, { policies, rulesOf });
  const byKey = new Map<string, { readonly number: number; readonly classes: number[] }>();
  for (const { number, type, portKey } of classes.classes) {
    if (point.startsWith("workload") ? !isGuarded(type, profile) : type === "pod") continue;
    const mine = selecting[number]!.filter((policy) => relevant[policy]);
    const perhaps = isUnsure
      ? mine.filter((policy) => subjects[policy]?.perhaps?.has(number) === true)
      : NONE;
    const byPort = direction === "ingress" && mine.some((policy) => named[policy]);
    const testing = withSelf === undefined ? [] : mine.flatMap((policy) => withSelf[policy]!);
    const self = testing.length === 0 ? "" : selfKey(testing, number);
    const key = `${mine.join(",")}|${perhaps.join(",")}|${byPort ? portKey : ""}|${self}`;
    let group = byKey.get(key);
    if (group === undefined) {
      group = { number: groups.length, classes: [] };
      byKey.set(key, group);
      const unsure = perhaps.length === 0 ? NOBODY : new Set(perhaps);
      const program = programOf(mine, unsure);
      const rules = program.stages.flatMap((stage) => stage.groups.flat(2));
      const peerBits = rules.reduce((all, rule) => all | bits[rule]!, 0);
      const ending = endingOf(point, program);
      const parts = { program, policies: mine, perhaps: unsure, rules, peerBits, ending };
      groups.push({ ...group, point, ...parts });
    }
    group.classes.push(number);
    numbers[number] = group.number;
  }
  return numbers;
}

const NONE: readonly number[] = [];
const NOBODY: ReadonlySet<number> = new Set();

function isOfSelf({ self }: CompiledRule): boolean {
  return self !== undefined;
}

function endingOf(point: PointKind, { stages }: Program): string | undefined {
  if (stages.some(({ outcomes }) => outcomes.length > 1)) return undefined;
  return `${point} ${stages.map(({ outcomes }) => outcomes[0]).join()}`;
}

/** The direction that a point judges, as seen from the endpoint that it guards. */
export function directionOf(point: PointKind): Direction {
  return point.endsWith("egress") || point === "workload-to-host" ? "egress" : "ingress";
}

/** Whether policies for pods may guard endpoints of this type. */
function isGuarded(type: string, profile: Profile): boolean {
  return type === "pod" || (type === "host-pod" && profile.switches.hostNetworkPods === "unclear");
}

/** The policies that select each class, ascending. */
function policiesOf({ policies, classes, subjects }: GroupInput): readonly number[][] {
  const lists: number[][] = classes.classes.map(() => []);
  for (const policy of policies.keys()) {
    const subject = subjects[policy];
    if (subject !== undefined) {
      for (const number of subject.classes.members) lists[number]!.push(policy);
    } else for (const { number } of classes.classes) lists[number]!.push(policy);
  }
  return lists;
}

/** Whether a policy can have a part in this direction: by rules, by isolating it, or by isolating only the other one. */
function isRelevant({ rules, isolates }: Policy, direction: Direction): boolean {
  return (
    isolates.ingress !== "no" ||
    isolates.egress !== "no" ||
    rules.some((rule) => rule.direction === direction)
  );
}

function rulesByPolicy({ rules, policies }: GroupInput): readonly (readonly CompiledRule[])[] {
  const lists: CompiledRule[][] = policies.map(() => []);
  for (const rule of rules) lists[rule.policy]!.push(rule);
  return lists;
}
