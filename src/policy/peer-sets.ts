import type { Family } from "../base/index.ts";
import { NO_ADDRESS, UNKNOWN_ADDRESS } from "./address-index.ts";
import type { ClassSet } from "./class-set.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { CompiledRule } from "./compiled-rule.ts";
import { directionOf } from "./groups.ts";
import type { Group } from "./groups.ts";
import { isPod } from "./party.ts";

/** Finds the sets of pod classes that a group's rules tell apart: classes in the same of these sets get the same results. */
export type SetsOfGroup = (group: Group) => readonly ClassSet[];

/** Sets by peer, address range and port name, each made once. */
export function createPeerSets(compiled: CompiledPolicies): SetsOfGroup {
  const byAddress = new Map<string, readonly ClassSet[]>();
  const byName = new Map<string, readonly ClassSet[]>();
  const places = { 4: podsByPlace(compiled, 4), 6: podsByPlace(compiled, 6) };
  const addressSets = (set: number, family: Family): readonly ClassSet[] => {
    const key = `${set}/${family}`;
    let found = byAddress.get(key);
    if (found === undefined) {
      found = inAddressSet(compiled, places[family], { set, family });
      byAddress.set(key, found);
    }
    return found;
  };
  const nameSets = (name: string): readonly ClassSet[] => {
    let found = byName.get(name);
    if (found === undefined) {
      found = withPortName(compiled, name);
      byName.set(name, found);
    }
    return found;
  };
  const ofRule = ({ leaves, rule }: CompiledRule): readonly ClassSet[] => [
    ...leaves.flatMap((peer) => {
      if (peer.kind === "pods") return [peer.classes];
      if (peer.kind !== "addresses" || peer.pods === "no") return [];
      return [...addressSets(peer.set, 4), ...addressSets(peer.set, 6)];
    }),
    ...(rule.direction === "egress"
      ? [...rule.traffic.named, ...(rule.traffic.unless ?? [])].flatMap(({ name }) =>
          nameSets(name),
        )
      : []),
  ];
  return (group) => {
    const sets = new Map<number, ClassSet>();
    const direction = directionOf(group.point);
    for (const number of group.rules) {
      const compiledRule = compiled.rules[number]!;
      if (compiledRule.rule.direction !== direction) continue;
      for (const set of ofRule(compiledRule)) sets.set(set.id, set);
    }
    return [...sets.values()];
  };
}

/** Pods in one cell of the address index. */
interface PodPlace {
  readonly cell: number;
  readonly isHost: boolean;
  readonly classes: ClassSet;
}

function podsByPlace(
  { classes, internClasses }: CompiledPolicies,
  family: Family,
): readonly PodPlace[] {
  const pods = classes.classes.filter(
    ({ type, cells }) => isPod(type) && cells[family] !== NO_ADDRESS,
  );
  const groups = Map.groupBy(pods, ({ type, cells }) => `${type}${cells[family]}`);
  return [...groups.values()].map((list) => ({
    cell: list[0]!.cells[family],
    isHost: list[0]!.type === "host-pod",
    classes: internClasses(Int32Array.from(list, ({ number }) => number)),
  }));
}

/** The classes surely in an address set, and those that perhaps are. */
function inAddressSet(
  { addresses, cluster, internClasses }: CompiledPolicies,
  places: readonly PodPlace[],
  { set, family }: { readonly set: number; readonly family: Family },
): readonly ClassSet[] {
  const found: Record<1 | 2, ClassSet[]> = { 1: [], 2: [] };
  for (const { cell, isHost, classes } of places) {
    const ranges = isHost ? cluster.nodeRanges : cluster.podRanges;
    const within =
      cell === UNKNOWN_ADDRESS ? addresses.unknown(set, ranges, family) : addresses.has(cell, set);
    if (within !== 0) found[within].push(classes);
  }
  return [found[1], found[2]].flatMap((list) => {
    if (list.length < 2) return list;
    const all = list.flatMap(({ members }) => [...members]);
    return [internClasses(Int32Array.from(all).toSorted())];
  });
}

/** The classes that have a port of the name, by what is behind it. */
function withPortName(
  { classes, internClasses }: CompiledPolicies,
  name: string,
): readonly ClassSet[] {
  const byPorts = new Map<string, number[]>();
  for (const { number, ports, type } of classes.classes) {
    if (!isPod(type)) continue;
    const mine = ports.filter((port) => port.name === name);
    if (mine.length === 0) continue;
    const key = mine
      .map(({ protocol, port, container }) => `${protocol}${port}${container}`)
      .join();
    const list = byPorts.get(key);
    if (list === undefined) byPorts.set(key, [number]);
    else list.push(number);
  }
  return [...byPorts.values()].map((list) => internClasses(Int32Array.from(list)));
}
