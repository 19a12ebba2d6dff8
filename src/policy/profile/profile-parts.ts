import type { Board, PointKind, Profile, Stage, Switches } from "../board.ts";
import { SWITCH_WORDS, showValue } from "./switch-words.ts";

/** One thing in which two profiles differ, and how the first gets it from the second. */
export interface ProfilePart {
  /** The name of a switch, or `stages` for the boards. */
  readonly name: string;
  /** The values of both, for people. */
  readonly values: readonly [a: string, b: string];
  /** The profile with the second's value of this part. */
  readonly apply: (profile: Profile) => Profile;
}

/** Everything in which two profiles differ, each part by itself: all of them together make the first behave as the second. Switches come in their order, boards last. */
export function profileParts(a: Profile, b: Profile): readonly ProfilePart[] {
  const keys = (Object.keys(SWITCH_WORDS) as (keyof Switches)[]).filter(
    (key) => a.switches[key] !== b.switches[key],
  );
  const switches = keys.map((key): ProfilePart => ({
    name: key,
    values: [showValue(a.switches[key]), showValue(b.switches[key])],
    apply: (profile) =>
      follow(key, b, {
        ...profile,
        switches: { ...profile.switches, [key]: b.switches[key] },
      }),
  }));
  const made = switches.reduce((profile, part) => part.apply(profile), a);
  return isSame(made, b) ? switches : [...switches, stagesPart(made, b)];
}

function stagesPart(a: Profile, b: Profile): ProfilePart {
  const { boards, builtins } = b;
  return {
    name: "stages",
    values: [showStages(a), showStages(b)],
    apply: (profile) => ({ ...profile, boards, builtins }),
  };
}

function isSame(a: Profile, b: Profile): boolean {
  return textOf(a.boards) === textOf(b.boards) && textOf(a.builtins) === textOf(b.builtins);
}

/** Traffic is one set of integers that may be large, and equal objects are the rule. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "bigint" ? String(each) : each,
  );
}

/** The steps of the boards, point by point where they differ. */
function showStages({ boards }: Profile): string {
  const texts = Object.entries(boards).map(([point, board]) => {
    return [point, board.stages.map(({ name }) => name).join(", ")] as const;
  });
  const lists = new Set(texts.map(([, list]) => list));
  if (lists.size === 0) return "none";
  if (lists.size === 1) return [...lists][0]!;
  return texts.map(([point, list]) => `${point}: ${list}`).join("; ");
}

/** The boards are built by these switches: what they made of the second's stages comes with them. */
function follow(key: keyof Switches, b: Profile, profile: Profile): Profile {
  if (key === "ownNode") return withOwnNode(b, profile);
  const field = FOLLOWED[key];
  if (field === undefined) return profile;
  return mapBoards(profile, (point, board) => ({
    ...board,
    stages: board.stages.map((stage) => {
      const other = b.boards[point]?.stages.find(({ name }) => name === stage.name);
      return other === undefined ? stage : { ...stage, [field]: other[field] };
    }),
  }));
}

const FOLLOWED: Readonly<Partial<Record<keyof Switches, keyof Stage>>> = {
  baselineSkippedOtherWay: "selectedOtherWay",
  adminTies: "ties",
};

const OWN_NODE = "own-node";

/** The stage of the own node, and what is built into it. */
function withOwnNode(b: Profile, profile: Profile): Profile {
  const slot = b.builtins.concat(profile.builtins).find(({ id }) => id === OWN_NODE)?.slot;
  const isOwn = ({ takes }: Stage): boolean => takes.some((take) => take.slot === slot);
  const builtins = [
    ...profile.builtins.filter(({ id }) => id !== OWN_NODE),
    ...b.builtins.filter(({ id }) => id === OWN_NODE),
  ];
  const boards = mapBoards(profile, (point, board) => ({
    ...board,
    stages: [
      ...(b.boards[point]?.stages.filter(isOwn) ?? []),
      ...board.stages.filter((stage) => !isOwn(stage)),
    ],
  }));
  return { ...boards, builtins };
}

function mapBoards(profile: Profile, map: (point: PointKind, board: Board) => Board): Profile {
  const entries = Object.entries(profile.boards).map(([point, board]) => {
    return [point, map(point as PointKind, board)] as const;
  });
  return { ...profile, boards: Object.fromEntries(entries) };
}
