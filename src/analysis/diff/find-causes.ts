import { type Family, contains, familiesOf } from "../../base/index.ts";
import {
  type CompiledPolicies,
  type RuleRef,
  type Verdict,
  trafficOf,
} from "../../policy/index.ts";
import { type Difference, transitionOf } from "./connection-state.ts";
import type { Edit } from "./edit.ts";
import { createEndFinder } from "./end-edits.ts";
import type { EndVersions } from "./end-parts.ts";
import type { DiffPeer } from "./join-peers.ts";
import { type World, type WorldQuestion, classOf, createWorlds } from "./world.ts";

/** Finds what caused differences, and tells which peers have the same causes. */
export interface CauseFinder {
  /** The edits that have a part in how one pair differs, sorted by text. */
  readonly causesOf: (from: number, to: number, difference: Difference) => readonly Edit[];
  /** Equal for peers that policies and edits treat alike, so that one of them can be asked for all. */
  readonly keyOf: (peer: number) => string;
  /** Worlds compiled so far. */
  readonly worlds: () => number;
}

/** Worlds that are compiled before causes are no longer tried one by one; each takes about 0.3 ms. */
const MOST_WORLDS = 400;
/** Edits of one pair that are tried one by one; of more only those that decided. */
const MOST_EDITS = 24;
/** Parts of the changed traffic that are looked at, for each way in which it can change. */
const MOST_POINTS = 4;

/**
 * Finds causes by trying: an edit has a part in a change if making it alone moves the verdict of the base towards the head's,
 * or if everything but it leaves the verdict short of the head's. Candidates are the edits of the two ends, and of the
 * policies that select one of them in either state. Where there are too many changes for that, they are those edits whose
 * rule or policy determined one of the two verdicts.
 */
export function createCauseFinder(
  base: CompiledPolicies,
  head: CompiledPolicies,
  peers: readonly DiffPeer[],
): CauseFinder {
  const ends = createEnds(base, head, peers);
  const worlds = createWorlds(base, head);
  const profile = base.profile === head.profile ? undefined : profileEdit(base, head);
  const known = new Map<Difference, Map<string, readonly Edit[]>>();
  const keyOf = createKeys({ base, head }, ends, (peer) => worlds.editsOfEnd(ends(peer, 4)));
  const find = (from: number, to: number, difference: Difference): readonly Edit[] => {
    const found = new Set<Edit>();
    const made = new Map<Family, World>();
    const both = [ends(from, 4), ends(to, 4)];
    const most = worlds.compiled() < MOST_WORLDS ? MOST_POINTS : 1;
    for (const question of questionsOf({ base, head }, both, { difference, most })) {
      const { family } = question;
      const world = made.get(family) ?? worlds.of(ends(from, family), ends(to, family));
      made.set(family, world);
      const isTired = worlds.compiled() >= MOST_WORLDS;
      for (const edit of causesAt(world, question, { isTired, profile })) found.add(edit);
    }
    return [...found].toSorted(byText);
  };
  const causesOf = (from: number, to: number, difference: Difference): readonly Edit[] => {
    const row = known.get(difference) ?? new Map<string, readonly Edit[]>();
    known.set(difference, row);
    const key = `${keyOf(from)} ${keyOf(to)}`;
    let causes = row.get(key);
    if (causes === undefined) {
      causes = find(from, to, difference);
      row.set(key, causes);
    }
    return causes;
  };
  return { causesOf, keyOf, worlds: worlds.compiled };
}

function byText(a: Edit, b: Edit): number {
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
}

function profileEdit(base: CompiledPolicies, head: CompiledPolicies): Edit {
  const text = `the policies are judged as \`${head.profile.name}\` does, and were as \`${base.profile.name}\` does`;
  return { code: "profile-changed", text, marks: [] };
}

interface States {
  readonly base: CompiledPolicies;
  readonly head: CompiledPolicies;
}

function createEnds(
  base: CompiledPolicies,
  head: CompiledPolicies,
  peers: readonly DiffPeer[],
): (peer: number, family: Family) => EndVersions {
  const [mine, theirs] = [createEndFinder(base.cluster), createEndFinder(head.cluster)];
  const known = new Map<string, EndVersions>();
  return (number, family) => {
    const key = `${number} ${family}`;
    let end = known.get(key);
    if (end === undefined) {
      const peer = peers[number]!;
      end = {
        peer,
        base: peer.state === "added" ? undefined : mine(peer, family),
        head: peer.state === "removed" ? undefined : theirs(peer, family),
      };
      known.set(key, end);
    }
    return end;
  };
}

function createKeys(
  { base, head }: States,
  ends: (peer: number, family: Family) => EndVersions,
  editsOf: (peer: number) => readonly Edit[],
): (peer: number) => string {
  const numbers = new Map<Edit, number>();
  const numberOf = (edit: Edit): number => {
    if (!numbers.has(edit)) numbers.set(edit, numbers.size);
    return numbers.get(edit)!;
  };
  const known = new Map<number, string>();
  const make = (number: number): string => {
    const { peer, base: was, head: is } = ends(number, 4);
    // Where it counts which node a pod runs on, and for ranges, each is by itself; so is what came or went.
    const isOwn = peer.kind !== "workload" || was === undefined || is === undefined;
    if (isOwn || isHost(was) || isHost(is)) return `#${number}`;
    const classes = `${classOf(base, was)}/${classOf(head, is)}`;
    return `${classes}/${editsOf(number).map(numberOf).join()}`;
  };
  return (number) => {
    let key = known.get(number);
    if (key === undefined) {
      key = make(number);
      known.set(number, key);
    }
    return key;
  };
}

function isHost(end: NonNullable<EndVersions["base"]>): boolean {
  return end.kind === "pod" && end.pod.hostNetwork;
}

/** Points of the changed traffic: the beginnings of its parts, in a family that both ends have. */
function questionsOf(
  states: States,
  ends: readonly EndVersions[],
  { difference, most }: { readonly difference: Difference; readonly most: number },
): readonly WorldQuestion[] {
  const { opened, perhapsOpened, closed, perhapsClosed } = transitionOf(difference);
  const family = difference.family ?? familyOf(states, ends);
  return [opened, perhapsOpened, closed, perhapsClosed].flatMap((traffic) =>
    traffic
      .filter((_, index) => index % 2 === 0)
      .slice(0, most)
      .map((point): WorldQuestion => {
        const isOther = difference.family === undefined && !contains(trafficOf(family), point);
        return { traffic: point, family: isOther ? (family === 4 ? 6 : 4) : family };
      }),
  );
}

function familyOf({ base, head }: States, ends: readonly EndVersions[]): Family {
  const mask = ends.reduce((left, end) => {
    if (end.peer.kind === "outside") {
      return left & familiesOf(end.peer.addresses);
    }
    const own = [
      end.base === undefined ? 3 : base.classes.classes[classOf(base, end.base)]!.families,
      end.head === undefined ? 3 : head.classes.classes[classOf(head, end.head)]!.families,
    ];
    return left & own[0]! & own[1]!;
  }, 3);
  return mask === 2 ? 6 : 4;
}

const RANK: Readonly<Record<Verdict, number>> = { deny: 0, depends: 1, allow: 2 };

/** How causes are looked for. */
interface Search {
  /** Nothing is tried any more. */
  readonly isTired: boolean;
  /** The edit of the profile, where it is another. */
  readonly profile: Edit | undefined;
}

/** The edits that have a part in how the verdict on one question differs. */
function causesAt(world: World, question: WorldQuestion, search: Search): readonly Edit[] {
  const { edits, edges } = world;
  const [base, head] = [world.state("base", question), world.state("head", question)];
  const way = Math.sign(RANK[head.verdict] - RANK[base.verdict]);
  if (edges.length > 0 && way < 0) return edges; // it went, and what it could do with it
  const others = search.profile === undefined ? edges : [...edges, search.profile];
  if (edits.length + others.length < 2 || edits.length === 0) return [...others, ...edits];
  const deciding = edits.filter((edit) => decided(edit, { base: base.refs, head: head.refs }));
  const own = edits.filter(isOfEnd);
  if (search.isTired) return [...others, ...(deciding.length > 0 ? deciding : own)];
  const tried = edits.length > MOST_EDITS ? [...own, ...deciding] : edits;
  const ranks = [RANK[base.verdict], RANK[head.verdict]] as const;
  const rank = (made: readonly Edit[]): number => RANK[world.made(made, question).verdict];
  const found = tryEdits(world, { tried, ranks, rank });
  const moves = Math.sign(rank([]) - ranks[0]) === way; // under the other profile, without an edit
  const profile = search.profile !== undefined && moves ? [search.profile] : [];
  if (found.length + edges.length + profile.length > 0) return [...edges, ...profile, ...found];
  return deciding.length > 0 ? deciding : own; // edits that need each other in turns
}

/** Edits to try between two ranks of verdicts. */
interface Trial {
  readonly tried: readonly Edit[];
  readonly ranks: readonly [base: number, head: number];
  readonly rank: (made: readonly Edit[]) => number;
}

/** The edits without which the head's verdict is not reached, or which alone go towards it. */
function tryEdits({ edits, edges }: World, { tried, ranks, rank }: Trial): readonly Edit[] {
  const [base, head] = ranks;
  const isTowards = (from: number, to: number): boolean =>
    Math.sign(to - from) === Math.sign(head - base);
  return tried.filter((edit) => {
    if (isTowards(rank(edits.filter((other) => other !== edit)), head)) return true;
    // Without an end there is nothing that the edit alone could open.
    return edges.length === 0 && isTowards(base, rank([edit]));
  });
}

function isOfEnd({ marks }: Edit): boolean {
  return marks.every(({ policy }) => policy === undefined);
}

/** Whether an edit is of a rule or policy that determined one of the verdicts. */
function decided(
  { marks }: Edit,
  refs: { readonly base: readonly RuleRef[]; readonly head: readonly RuleRef[] },
): boolean {
  return marks.some(({ state, policy, rule }) =>
    refs[state].some(
      (ref) =>
        ref.policy === policy &&
        (rule === undefined || ref.rule === undefined || ref.rule === rule),
    ),
  );
}
