import type { LabelSelector, Requirement } from "../model/index.ts";

/** Requirements that are tried. Whether such labels exist is as hard as satisfiability, and a result that was not found counts as found: they exist. */
const MAX_STEPS = 20_000;

/** Whether labels exist that fulfil none of the selectors: of each selector one requirement must fail. Also `true` where the search was given up. */
export function canEscape(selectors: readonly LabelSelector[]): boolean {
  const start = refuteSingles(selectors);
  if (start === undefined) return false;
  const open = selectors
    .filter(({ requirements }) => requirements.length > 1)
    .toSorted((a, b) => a.requirements.length - b.requirements.length);
  const frames: Frame[] = [{ next: 0, keys: start }];
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const frame = frames.at(-1);
    if (frame === undefined) return false;
    const selector = open[frames.length - 1];
    if (selector === undefined) return true;
    const requirement = selector.requirements[frame.next++];
    if (requirement === undefined) {
      frames.pop();
      continue;
    }
    const keys = refute(frame.keys, requirement);
    if (keys !== undefined) frames.push({ next: 0, keys });
  }
  return true;
}

/** What the value of a label key may still be. */
interface Domain {
  readonly absent: boolean;
  /** `undefined`: any value. */
  readonly only: ReadonlySet<string> | undefined;
  readonly not: ReadonlySet<string>;
}

type Keys = ReadonlyMap<string, Domain>;

/** The search behind the choices for the selectors before. */
interface Frame {
  /** The requirement that is tried next. */
  next: number;
  readonly keys: Keys;
}

const NOTHING: ReadonlySet<string> = new Set();
const ANYTHING: Domain = { absent: true, only: undefined, not: NOTHING };

/** What follows from the selectors that leave no choice; `undefined` if they contradict each other, or if one has no requirement and fits all. */
function refuteSingles(selectors: readonly LabelSelector[]): Keys | undefined {
  const keys = new Map<string, Domain>();
  for (const { requirements } of selectors) {
    if (requirements.length > 1) continue;
    const [requirement] = requirements;
    if (requirement === undefined) return undefined;
    const { key } = requirement;
    const domain = without(keys.get(key) ?? ANYTHING, requirement);
    if (!isPossible(domain)) return undefined;
    keys.set(key, domain);
  }
  return keys;
}

/** The keys when the requirement fails; `undefined` if it cannot. */
function refute(keys: Keys, requirement: Requirement): Keys | undefined {
  const known = keys.get(requirement.key) ?? ANYTHING;
  const domain = without(known, requirement);
  if (!isPossible(domain)) return undefined;
  return domain === known ? keys : new Map(keys).set(requirement.key, domain);
}

/** The values that do not fulfil a requirement. */
function without(domain: Domain, { operator, values }: Requirement): Domain {
  const { absent, only, not } = domain;
  switch (operator) {
    case "In":
      if (values.every((value) => not.has(value))) return domain;
      return { absent, only: only?.difference(new Set(values)), not: not.union(new Set(values)) };
    case "NotIn": {
      const wanted = new Set(values).difference(not);
      return { absent: false, only: only?.intersection(wanted) ?? wanted, not };
    }
    case "Exists":
      return { absent, only: NOTHING, not };
    case "DoesNotExist":
      return { absent: false, only, not };
  }
}

function isPossible({ absent, only }: Domain): boolean {
  return absent || only === undefined || only.size > 0;
}
