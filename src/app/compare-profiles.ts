import { type ProfileComparison, compareProfiles } from "../analysis/index.ts";
import { type Session, findProfile } from "./session.ts";

/** How two profiles judge a session's cluster differently. */
export interface ComparisonResult extends ProfileComparison {
  readonly session: Session;
}

/** The two profiles that `A,B` names. Gives a sentence if it names none. */
export function parseComparison(text: string): readonly [string, string] | string {
  const names = text.split(",").map((name) => name.trim());
  const [first, second] = names;
  if (first === undefined || second === undefined || names.length !== 2) {
    return `\`--compare\` takes two profiles, not \`${text}\`: write it like \`kubernetes,calico\``;
  }
  if (first === second) return `\`--compare ${text}\` names one profile twice: name two`;
  for (const name of names) {
    const profile = findProfile(name);
    if (typeof profile === "string") return profile;
  }
  return [first, second];
}

/** Compares two profiles by name. Gives a sentence if one is not known. */
export function compareSessionProfiles(
  session: Session,
  [first, second]: readonly [string, string],
): ComparisonResult | string {
  const [a, b] = [findProfile(first), findProfile(second)];
  if (typeof a === "string") return a;
  if (typeof b === "string") return b;
  return { session, ...compareProfiles(session.compiled.cluster, a, b) };
}
