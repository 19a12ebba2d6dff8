import type { AddressSet } from "../base/index.ts";
import type { Cluster, Locate, Position } from "../model/index.ts";
import {
  type CompiledPolicies,
  PROFILES,
  type Profile,
  type RuleRef,
  compilePolicies,
  detectProfile,
  placeOf,
} from "../policy/index.ts";

/** How the command line says what to read and as what to judge it. */
export interface Settings {
  /** A profile by name; detected if not given. */
  readonly profile: string | undefined;
  readonly podRanges: AddressSet | undefined;
  readonly nodeRanges: AddressSet | undefined;
  /** Paths that are not read. */
  readonly exclude?: Exclusion | undefined;
}

/** Globs relative to a folder. */
export interface Exclusion {
  readonly folder: string;
  readonly globs: readonly string[];
}

/** Reads paths into a cluster; given by who starts the program. */
export type Reader = (
  paths: readonly string[],
  settings: Pick<Settings, "podRanges" | "nodeRanges" | "exclude">,
) => Promise<{ readonly cluster: Cluster; readonly locate: Locate; readonly readable: number }>;

/** A cluster that was read and compiled, ready to be asked. */
export interface Session {
  readonly compiled: CompiledPolicies;
  readonly locate: Locate;
  /** Why this profile was taken. */
  readonly profileWhy: string;
  /** How many inputs could be read at all. */
  readonly readable: number;
}

/** Reads and compiles. Gives a sentence if the profile is not known. */
export async function openSession(
  read: Reader,
  paths: readonly string[],
  settings: Settings,
): Promise<Session | string> {
  const named = settings.profile === undefined ? undefined : findProfile(settings.profile);
  if (typeof named === "string") return named;
  const { cluster, locate, readable } = await read(paths, settings);
  const { profile, why } =
    named === undefined ? detectProfile(cluster) : { profile: named, why: "it was asked for" };
  const compiled = compilePolicies(cluster, profile);
  return { compiled, locate, profileWhy: why, readable };
}

/** The profile of a name. Gives a sentence if there is none. */
export function findProfile(name: string): Profile | string {
  const names = Object.keys(PROFILES);
  const profile = names.includes(name) ? PROFILES[name] : undefined;
  return profile ?? `unknown profile \`${name}\`: write one of ${names.join(", ")}`;
}

/** A reference with the place that people can open. */
export interface PlacedRef extends Partial<Position> {
  readonly policy?: string;
  readonly rule?: string;
}

/** Gives references their file and line. */
export function placeRefs(session: Session, refs: readonly RuleRef[]): readonly PlacedRef[] {
  return refs.map(placeRef(session));
}

/** Gives one reference its file and line; a reference that comes again is not looked up again. */
export function placeRef(session: Session): (ref: RuleRef) => PlacedRef {
  const { compiled, locate } = session;
  const known = placed.get(session) ?? new Map<string, PlacedRef>();
  placed.set(session, known);
  return ({ policy, rule }) => {
    const key = `${policy} ${rule}`;
    let found = known.get(key);
    if (found === undefined) {
      const place = placeOf(compiled, { policy, rule });
      const position = place === undefined ? {} : locate(place.origin, place.path);
      found = { policy, ...(rule === undefined ? {} : { rule }), ...position };
      known.set(key, found);
    }
    return found;
  };
}

const placed = new WeakMap<Session, Map<string, PlacedRef>>();
