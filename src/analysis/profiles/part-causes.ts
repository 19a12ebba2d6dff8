import { EMPTY, type Family, intersect, subtract, union } from "../../base/index.ts";
import {
  type CompiledPolicies,
  type End,
  type Outcome,
  type Profile,
  type ProfilePart,
  type Traffic,
  compilePolicies,
  outcomeBetween,
} from "../../policy/index.ts";

/** The parts of a profile that make traffic differ: each of them alone does, or only some together. */
export type PartCause =
  | { readonly kind: "each"; readonly parts: readonly ProfilePart[] }
  /** All of these are needed. `enough`: they alone are; else others have their part as well. */
  | { readonly kind: "together"; readonly parts: readonly ProfilePart[]; readonly enough: boolean };

/** What becomes of traffic. */
export type Said = "allow" | "conditional" | "depends" | "deny";

/** Traffic of one pair that differs alike, for one cause. */
export interface ExplainedTraffic {
  readonly traffic: Traffic;
  readonly a: Said;
  readonly b: Said;
  readonly cause: PartCause;
}

/** Two different ends. */
export interface EndPair {
  readonly source: End;
  readonly destination: End;
}

/** Finds parts by trying: the first profile is compiled with the second's value of one part, and asked again. */
export interface PartFinder {
  /** The parts of `traffic` between two ends in one family, with what makes them differ. */
  readonly explain: (
    pair: EndPair,
    traffic: Traffic,
    family: Family,
  ) => readonly ExplainedTraffic[];
  /** Each profile that was tried; more come while causes are looked for. */
  readonly tried: () => readonly CompiledPolicies[];
}

/** Prepares the search for what makes two profiles differ over one cluster. */
export function createPartFinder(
  a: CompiledPolicies,
  b: CompiledPolicies,
  parts: readonly ProfilePart[],
): PartFinder {
  const known = new Map<string, CompiledPolicies>();
  // It is as the cluster has it already.
  const { configure: _, ...start } = a.profile;
  const tryParts = (list: readonly ProfilePart[]): CompiledPolicies => {
    const key = list.map((part) => parts.indexOf(part)).join();
    let compiled = known.get(key);
    if (compiled === undefined) {
      const profile = list.reduce<Profile>((made, part) => part.apply(made), start);
      compiled = compilePolicies(a.cluster, profile);
      known.set(key, compiled);
    }
    return compiled;
  };
  const single = parts.map((part) => tryParts([part]));
  return {
    tried: () => [...known.values()],
    explain(pair, traffic, family) {
      const wanted = outcomeBetween(b, pair, family);
      const fits = (compiled: CompiledPolicies, among: Traffic): Traffic =>
        sameTraffic(outcomeBetween(compiled, pair, family), wanted, among);
      const alone = split(traffic, parts, (part, among) =>
        fits(single[parts.indexOf(part)]!, among),
      );
      const causes = alone.flatMap(([list, some]): readonly (readonly [PartCause, Traffic])[] => {
        if (list.length > 0) return [[{ kind: "each", parts: list }, some]];
        return findTogether(some, parts, { fits, tryParts });
      });
      const had = outcomeBetween(a, pair, family);
      return causes.flatMap(([cause, some]) => splitSaid(some, had, wanted, cause));
    },
  };
}

/** How combinations are tried. */
interface Trial {
  readonly fits: (compiled: CompiledPolicies, among: Traffic) => Traffic;
  readonly tryParts: (list: readonly ProfilePart[]) => CompiledPolicies;
}

/** The parts that are needed: without one of them the others do not make the second's answer. */
function findTogether(
  traffic: Traffic,
  parts: readonly ProfilePart[],
  { fits, tryParts }: Trial,
): readonly (readonly [PartCause, Traffic])[] {
  const needed = split(traffic, parts, (part, among) => {
    const others = parts.filter((other) => other !== part);
    return subtract(among, fits(tryParts(others), among));
  });
  return needed.flatMap(([list, some]) => {
    const done = list.length < 2 ? EMPTY : fits(tryParts(list), some);
    const enough: PartCause = { kind: "together", parts: list, enough: true };
    const short: PartCause = { ...enough, enough: false };
    return [[enough, done] as const, [short, subtract(some, done)] as const].filter(
      ([, each]) => each.length > 0,
    );
  });
}

/** Cuts traffic by the parts that hold for it. */
function split(
  traffic: Traffic,
  parts: readonly ProfilePart[],
  holds: (part: ProfilePart, among: Traffic) => Traffic,
): readonly (readonly [readonly ProfilePart[], Traffic])[] {
  let pieces: (readonly [readonly ProfilePart[], Traffic])[] = [[[], traffic]];
  for (const part of parts) {
    const mine = holds(part, traffic);
    if (mine.length === 0) continue;
    pieces = pieces.flatMap(([list, some]) => {
      const [yes, no] = [intersect(some, mine), subtract(some, mine)];
      return [[[...list, part], yes] as const, [list, no] as const].filter(
        ([, each]) => each.length > 0,
      );
    });
  }
  return pieces;
}

const SAID: readonly Said[] = ["allow", "conditional", "depends"];

/** The traffic of which two outcomes say the same. */
function sameTraffic(x: Outcome, y: Outcome, among: Traffic): Traffic {
  return [...SAID, "deny" as const].reduce<Traffic>(
    (all, said) => union(all, intersect(saidOf(x, said, among), saidOf(y, said, among))),
    EMPTY,
  );
}

function saidOf(outcome: Outcome, said: Said, among: Traffic): Traffic {
  if (said !== "deny") return intersect(outcome[said], among);
  return SAID.reduce<Traffic>(
    (left, each) => subtract(left, outcome[each as keyof Outcome]),
    among,
  );
}

/** Cuts traffic by what both profiles say of it. */
function splitSaid(
  traffic: Traffic,
  had: Outcome,
  wanted: Outcome,
  cause: PartCause,
): readonly ExplainedTraffic[] {
  const all = [...SAID, "deny" as const];
  return all.flatMap((a) =>
    all.flatMap((b): readonly ExplainedTraffic[] => {
      const some = intersect(saidOf(had, a, traffic), saidOf(wanted, b, traffic));
      return some.length === 0 ? [] : [{ traffic: some, a, b, cause }];
    }),
  );
}
