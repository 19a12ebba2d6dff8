/** What a test reads of a printed `reach -o json`. */
export interface ReachDocument {
  readonly peers: readonly PeerEntry[];
  readonly connections: readonly {
    readonly from: readonly string[];
    readonly to: readonly string[];
    readonly ports: readonly string[];
    readonly family?: 4 | 6;
    readonly verdict: "allow" | "depends";
  }[];
}

/** A peer as it is printed. */
export interface PeerEntry {
  readonly id: string;
  readonly kind: string;
  readonly workload?: string;
  readonly addresses?: readonly string[];
  readonly state?: string;
}

/** What a test reads of a printed `diff -o json`. */
export interface DiffDocument {
  readonly incomplete: boolean;
  readonly peers: readonly PeerEntry[];
  readonly changes: readonly ChangeEntry[];
}

/** A change as it is printed. */
export interface ChangeEntry {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly family?: 4 | 6;
  readonly before: StateEntry;
  readonly after: StateEntry;
  readonly causes: readonly {
    readonly code: string;
    readonly text: string;
    readonly refs: readonly Readonly<Record<string, unknown>>[];
  }[];
  readonly expected?: string;
}

/** One side of a change as it is printed. */
export interface StateEntry {
  readonly allow: readonly string[];
  readonly depends: readonly string[];
}
