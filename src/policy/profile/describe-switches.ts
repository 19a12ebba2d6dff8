import type { Profile, Switches } from "../board.ts";
import { FLANNEL } from "./flannel.ts";
import type { SwitchSource } from "./switch-source.ts";
import { sourceOf } from "./switch-sources.ts";
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

const SWITCHES_OF_KINDS: ReadonlySet<keyof Switches> = new Set(["networkPolicies", "adminKinds"]);

/** The switches of a profile in their order, each with its value and where that comes from. */
export function describeSwitches({ name: profile, switches }: Profile): readonly DescribedSwitch[] {
  // Of an engine that is off the other switches have no say.
  const isOff = !switches.networkPolicies && switches.adminKinds === "none";
  const rest = isOff ? FLANNEL.name : profile;
  return (Object.keys(SWITCH_WORDS) as (keyof Switches)[]).map((name) => ({
    name,
    value: showValue(switches[name]),
    ...SWITCH_WORDS[name],
    source: sourceOf(SWITCHES_OF_KINDS.has(name) ? profile : rest, name),
  }));
}
