import {
  type DeclaredKind,
  type DetectedEngine,
  type Evidence,
  PROFILES,
  type Profile,
  type SwitchSource,
  configured,
  describeSwitches,
  detectEngines,
  detectProfile,
} from "../policy/index.ts";
import type { Position } from "../model/index.ts";
import type { Session } from "./session.ts";

/** Profiles with their switches, and what was recognised where a cluster is at hand: then only the profile that follows. */
export interface ProfilesResult {
  readonly profiles: readonly ListedProfile[];
  readonly detected: DetectedProfile | undefined;
}

/** A profile as it is without a cluster. */
export interface ListedProfile {
  readonly name: string;
  readonly about: string;
  readonly switches: readonly ListedSwitch[];
  /** By enforcement point, the names of the stages in order; a point that is not there judges nothing. */
  readonly stages: Readonly<Record<string, readonly string[]>>;
}

/** A switch with its value, the rule that leaves it open, and where the value comes from. */
export interface ListedSwitch {
  readonly name: string;
  readonly value: string;
  readonly rule: string;
  readonly question: string;
  readonly source: SwitchSource;
}

/** What was recognised in a cluster, and what follows. */
export interface DetectedProfile {
  readonly profile: string;
  readonly why: string;
  readonly engines: readonly PlacedEngine[];
  readonly kinds: readonly (Omit<DeclaredKind, "evidence"> & {
    readonly evidence: PlacedEvidence;
  })[];
}

/** An engine with evidence that people can open. */
export interface PlacedEngine extends Omit<DetectedEngine, "evidence"> {
  readonly evidence: readonly PlacedEvidence[];
}

/** A reason and its place. */
export interface PlacedEvidence extends Partial<Position> {
  readonly text: string;
  readonly subject: string;
}

/** Lists all profiles; with a session what was recognised in it, and the profile that follows. */
export function listProfiles(session?: Session): ProfilesResult {
  if (session === undefined) {
    return { profiles: Object.values(PROFILES).map(listProfile), detected: undefined };
  }
  const { cluster } = session.compiled;
  const { profile, why } = detectProfile(cluster);
  return {
    profiles: [listProfile(configured(profile, cluster))],
    detected: detect(session, profile.name, why),
  };
}

function listProfile(profile: Profile): ListedProfile {
  const { name, about, boards } = profile;
  const stages = Object.entries(boards).map(([point, board]) => {
    return [point, board.stages.map((stage) => stage.name)] as const;
  });
  return { name, about, switches: describeSwitches(profile), stages: Object.fromEntries(stages) };
}

function detect({ compiled, locate }: Session, profile: string, why: string): DetectedProfile {
  const { cluster } = compiled;
  const { engines, kinds } = detectEngines(cluster);
  const place = ({ text, subject, origin, path }: Evidence): PlacedEvidence => ({
    text,
    subject,
    ...(origin === undefined ? {} : locate(origin, path)),
  });
  return {
    profile,
    why,
    engines: engines.map((engine) => ({ ...engine, evidence: engine.evidence.map(place) })),
    kinds: kinds.map((kind) => ({ ...kind, evidence: place(kind.evidence) })),
  };
}
