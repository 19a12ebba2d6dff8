import type { Profile, Switches } from "../board.ts";
import { type SwitchSource, sourceOf } from "./switch-sources.ts";
import { SWITCH_WORDS, showValue } from "./switch-words.ts";

/** A switch of a profile for people. */
export interface DescribedSwitch {
  readonly name: string;
  readonly value: string;
  /** The rule that the switch is about. */
  readonly rule: string;
  readonly question: string;
  readonly source: SwitchSource;
}

/** The switches of a profile in their order, each with its value and where that comes from. */
export function describeSwitches({ name: profile, switches }: Profile): readonly DescribedSwitch[] {
  return (Object.keys(SWITCH_WORDS) as (keyof Switches)[]).map((name) => ({
    name,
    value: showValue(switches[name]),
    ...SWITCH_WORDS[name],
    source: sourceOf(profile, name),
  }));
}
