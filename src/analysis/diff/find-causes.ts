import { type Family, contains } from "../../base/index.ts";
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
}

/** Worlds that are compiled before causes are no longer verified one by one: about two seconds. */
const MOST_WORLDS = 4000;
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
  const budget = { worlds: MOST_WORLDS };
  const known = new Map<Difference, Map<string, readonly Edit[]>>();
  const keyOf = createKeys({ base, head }, ends, (peer) => worlds.editsOfEnd(ends(peer, 4)));
  const find = (from: number, to: number, difference: Difference): readonly Edit[] => {
    const found = new Set<Edit>();
    for (const question of questionsOf({ base, head }, [ends(from, 4), ends(to, 4)], difference)) {
      const { family } = question;
      const world = worlds.of(ends(from, family), ends(to, family));
      for (const edit of causesAt(world, question, budget)) found.add(edit);
    }
    if (base.profile !== head.profile && found.size === 0) found.add(profileEdit(base, head));
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
  return { causesOf, keyOf };
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
  difference: Difference,
): readonly WorldQuestion[] {
  const { opened, perhapsOpened, closed, perhapsClosed } = transitionOf(difference);
  const family = difference.family ?? familyOf(states, ends);
  return [opened, perhapsOpened, closed, perhapsClosed].flatMap((traffic) =>
    traffic
      .filter((_, index) => index % 2 === 0)
      .slice(0, MOST_POINTS)
      .map((point): WorldQuestion => {
        const isOther = difference.family === undefined && !contains(trafficOf(family), point);
        return { traffic: point, family: isOther ? (family === 4 ? 6 : 4) : family };
      }),
  );
}

function familyOf({ base, head }: States, ends: readonly EndVersions[]): Family {
  const mask = ends.reduce((left, end) => {
    if (end.peer.kind === "outside") {
      return left & end.peer.addresses.reduce((all, { family }) => all | (family === 4 ? 1 : 2), 0);
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

/** The edits that have a part in how the verdict on one question differs. */
function causesAt(
  world: World,
  question: WorldQuestion,
  budget: { worlds: number },
): readonly Edit[] {
  const ask = (
    made: ReadonlySet<Edit>,
  ): { readonly rank: number; readonly refs: readonly RuleRef[] } => {
    budget.worlds--;
    const { verdict, refs } = world.verdict(made, question);
    return { rank: RANK[verdict], refs };
  };
  const [none, all] = [ask(new Set()), ask(new Set(world.edits))];
  const hasEdge = world.edges.length > 0;
  // An end that one state lacks has no connection there.
  const isGone = world.edges.some(({ marks }) => marks.every(({ state }) => state === "base"));
  const [was, is] = [hasEdge && !isGone ? 0 : none.rank, isGone ? 0 : all.rank];
  if (isGone) return world.edges;
  const refs = { base: none.refs, head: all.refs };
  const deciding = world.edits.filter((edit) => decided(edit, refs));
  if (budget.worlds <= 0) return [...world.edges, ...deciding];
  const candidates = world.edits.length > MOST_EDITS ? deciding : world.edits;
  const way = Math.sign(is - was);
  const found = candidates.filter((edit) => {
    const without = ask(new Set(world.edits.filter((other) => other !== edit)));
    if (Math.sign(is - without.rank) === way) return way !== 0;
    if (hasEdge) return false;
    return way !== 0 && Math.sign(ask(new Set([edit])).rank - was) === way;
  });
  if (found.length > 0 || hasEdge) return [...world.edges, ...found];
  return deciding; // Several edits that need each other in turns: those that decided.
}

/** Whether an edit is of an end, or of a rule or policy that determined one of the verdicts. */
function decided(
  { marks }: Edit,
  refs: { readonly base: readonly RuleRef[]; readonly head: readonly RuleRef[] },
): boolean {
  return marks.some(
    ({ state, policy, rule }) =>
      policy === undefined ||
      refs[state].some(
        (ref) =>
          ref.policy === policy &&
          (rule === undefined || ref.rule === undefined || ref.rule === rule),
      ),
  );
}
