import type { Switches } from "../board.ts";

/** How the value of a switch is known: from the engine's source or tests, from its documentation, from running it, from what is generally said, or not at all. */
export type SourceMark = "read" | "documented" | "measured" | "general" | "none";

/** Where the value of a switch comes from. */
export interface SwitchSource {
  readonly mark: SourceMark;
  /** What stands there, in our words. */
  readonly text: string;
}

/** The sources of one profile, a switch each. */
export type ProfileSources = Readonly<Partial<Record<keyof Switches, SwitchSource>>>;
