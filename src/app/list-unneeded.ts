import { type Intent, type Zone, findUnneeded, nameOfIntent } from "../analysis/index.ts";
import { addressSet, formatRange } from "../base/index.ts";
import { type PlacedRef, type Session, placeRefs } from "./session.ts";

/** What is allowed and no intent needs. */
export interface UnneededResult {
  /** How many statements of need there are. */
  readonly stated: number;
  readonly groups: readonly PlacedUnneeded[];
  /** Intents that could not be taken into account, and why. */
  readonly unclear: readonly { readonly intent: string; readonly why: string }[];
}

/** Connections that the same rules allow. */
export interface PlacedUnneeded {
  /** The rules, or the profile alone where nothing restricts the ends. */
  readonly rules: readonly (PlacedRef | { readonly profile: string })[];
  readonly pairs: number;
  readonly connections: readonly {
    /** Ids, and ranges of addresses outside. */
    readonly from: readonly string[];
    readonly to: readonly string[];
    readonly ports: readonly string[];
    readonly pairs: number;
  }[];
}

/** Lists what is allowed and no intent needs, by the rules that allow it. */
export function listUnneeded(
  session: Session,
  {
    zones = [],
    intents = [],
  }: { readonly zones?: readonly Zone[]; readonly intents?: readonly Intent[] },
): UnneededResult {
  const { landscape, groups, unclear } = findUnneeded(session.compiled, zones, intents);
  const namesOf = (indexes: readonly number[]): readonly string[] => {
    const peers = indexes.map((index) => landscape.peers[index]!.peer);
    const outside = peers.flatMap((peer) => (peer.kind === "outside" ? peer.addresses : []));
    const ids = peers.flatMap((peer) => (peer.kind === "outside" ? [] : [peer.id]));
    return [...ids, ...addressSet(outside).map(formatRange)];
  };
  return {
    stated: intents.filter(({ deny }) => deny === undefined).length,
    groups: groups.map(({ rules, pairs, connections }) => ({
      rules:
        rules.length === 0
          ? [{ profile: session.compiled.profile.name }]
          : placeRefs(session, rules),
      pairs,
      connections: connections.map(({ from, to, ports, pairs: number }) => {
        return { from: namesOf(from), to: namesOf(to), ports, pairs: number };
      }),
    })),
    unclear: unclear.map(({ intent, why }) => ({ intent: nameOfIntent(intent), why })),
  };
}
