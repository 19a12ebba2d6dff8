import type { Family } from "../base/index.ts";
import { NO_ADDRESS, UNKNOWN_ADDRESS } from "./address-index.ts";
import type { ClassSet } from "./class-set.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { CompiledRule } from "./compiled-rule.ts";
import { directionOf } from "./groups.ts";
import type { Group } from "./groups.ts";

/** Finds the sets of pod classes that a group's rules tell apart: classes in the same of these sets get the same results. */
export type SetsOfGroup = (group: Group) => readonly ClassSet[];

/** Sets by peer, address range and port name, each made once. */
export function createPeerSets(compiled: CompiledPolicies): SetsOfGroup {
  const byAddress = new Map<string, readonly ClassSet[]>();
  const byName = new Map<string, readonly ClassSet[]>();
  const cells: Readonly<Record<Family, ReadonlyMap<number, readonly number[]>>> = {
    4: podsByCell(compiled, 4),
    6: podsByCell(compiled, 6),
  };
  const addressSets = (set: number, family: Family): readonly ClassSet[] => {
    const key = `${set}/${family}`;
    let found = byAddress.get(key);
    if (found === undefined) {
      found = inAddressSet(compiled, cells[family], { set, family });
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
  const ofRule = ({ peers, rule }: CompiledRule): readonly ClassSet[] => [
    ...peers.flatMap((peer) => {
      if (peer.kind === "pods") return [peer.classes];
      if (peer.kind !== "addresses" || peer.pods === "no") return [];
      return [...addressSets(peer.set, 4), ...addressSets(peer.set, 6)];
    }),
    ...(rule.direction === "egress"
      ? rule.traffic.named.flatMap(({ name }) => nameSets(name))
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

function podsByCell(
  { classes }: CompiledPolicies,
  family: Family,
): ReadonlyMap<number, readonly number[]> {
  const byCell = new Map<number, number[]>();
  for (const { type, number, cells } of classes.classes) {
    if (type !== "pod" && type !== "host-pod") continue;
    const cell = cells[family];
    if (cell === NO_ADDRESS) continue;
    const list = byCell.get(cell);
    if (list === undefined) byCell.set(cell, [number]);
    else list.push(number);
  }
  return byCell;
}

/** The classes surely in an address set, and those that perhaps are. */
function inAddressSet(
  { addresses, cluster, classes, internClasses }: CompiledPolicies,
  byCell: ReadonlyMap<number, readonly number[]>,
  { set, family }: { readonly set: number; readonly family: Family },
): readonly ClassSet[] {
  const surely: number[] = [];
  const perhaps: number[] = [];
  for (const [cell, list] of byCell) {
    if (cell !== UNKNOWN_ADDRESS) {
      if (addresses.has(cell, set)) surely.push(...list);
      continue;
    }
    for (const number of list) {
      const isPod = classes.classes[number]!.type === "pod";
      const ranges = isPod ? cluster.podRanges : cluster.nodeRanges;
      const within = addresses.unknown(set, ranges, family);
      if (within > 0) (within === 2 ? surely : perhaps).push(number);
    }
  }
  return [surely, perhaps]
    .filter((list) => list.length > 0)
    .map((list) => internClasses(Int32Array.from(list).toSorted()));
}

/** The classes that have a port of the name, by what is behind it. */
function withPortName(
  { classes, internClasses }: CompiledPolicies,
  name: string,
): readonly ClassSet[] {
  const byPorts = new Map<string, number[]>();
  for (const { number, ports, type } of classes.classes) {
    if (type !== "pod" && type !== "host-pod") continue;
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
