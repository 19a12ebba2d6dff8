import {
  type Change,
  type DiffPeer,
  type Edit,
  type Mark,
  diffStates,
  directionsOf,
} from "../analysis/index.ts";
import type { Position } from "../model/index.ts";
import { type Covered, type Expectation, coverChanges } from "./expectation.ts";
import type { Session } from "./session.ts";

/** How two states differ, with places that people can open. */
export interface DiffResult {
  readonly base: Session;
  readonly head: Session;
  readonly peers: readonly DiffPeer[];
  readonly changes: readonly PlacedChange[];
  /** Expectations that no change fits. */
  readonly unused: readonly Expectation[];
  /** Whether some traffic rose or fell, or anything changed, that nobody expected. */
  readonly unexpected: {
    readonly added: boolean;
    readonly removed: boolean;
    readonly any: boolean;
  };
}

/** A change with the places of its causes. */
export interface PlacedChange extends Omit<Change, "causes"> {
  readonly causes: readonly PlacedCause[];
  /** Why it was expected, where expectations cover all of it. */
  readonly expected: string | undefined;
}

/** An edit that has a part in a change. */
export interface PlacedCause {
  readonly code: Edit["code"];
  readonly text: string;
  readonly refs: readonly CauseRef[];
}

/** Where an edit stands in one of the states. */
export interface CauseRef extends Partial<Position> {
  readonly state: Mark["state"];
  readonly policy?: string;
  readonly rule?: string;
  /** A workload, pod, node or `Namespace/NAME`. */
  readonly object?: string;
}

/** Compares two sessions, and what changed with what was expected to. */
export function diffSessions(
  base: Session,
  head: Session,
  expectations: readonly Expectation[] = [],
): DiffResult {
  const { peers, changes } = diffStates(base.compiled, head.compiled);
  const place = placer({ base, head });
  const covered = coverChanges(peers, changes, expectations);
  const placed = changes.map((change, index): PlacedChange => {
    const { causes, ...rest } = change;
    return { ...rest, causes: causes.map(place), expected: covered.reasons[index] };
  });
  return {
    base,
    head,
    peers,
    changes: placed,
    unused: covered.unused,
    unexpected: unexpectedOf(changes, covered),
  };
}

function unexpectedOf(changes: readonly Change[], { left }: Covered): DiffResult["unexpected"] {
  const found = { added: false, removed: false, any: false };
  for (const [index, change] of changes.entries()) {
    const { added, removed } = left[index]!;
    const { rose, fell } = directionsOf(change);
    // What neither rose nor fell, as a condition that came or went, cannot be expected in a direction.
    const isNeither = rose.length === 0 && fell.length === 0;
    if (added) found.added = true;
    if (removed) found.removed = true;
    if (added || removed || (isNeither && left[index]!.any)) found.any = true;
  }
  return found;
}

/** Gives causes their files and lines; each is looked up once. */
function placer(sessions: Readonly<Record<Mark["state"], Session>>): (edit: Edit) => PlacedCause {
  const known = new Map<Edit, PlacedCause>();
  const placeMark = ({ origin, path, ...mark }: Mark): CauseRef => ({
    ...mark,
    ...(origin === undefined ? {} : sessions[mark.state].locate(origin, path)),
  });
  return (edit) => {
    let cause = known.get(edit);
    if (cause === undefined) {
      cause = { code: edit.code, text: edit.text, refs: edit.marks.map(placeMark) };
      known.set(edit, cause);
    }
    return cause;
  };
}
