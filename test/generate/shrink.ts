import { type Engine, compareConnections } from "./compare.ts";
import type { Difference } from "./difference.ts";
import { carryOver } from "./names.ts";
import { type Scenario, buildCluster } from "./scenario.ts";
import { createTally } from "./tally.ts";
import type { RawObject } from "./words.ts";

/** How many smaller scenarios are tried: a difference is for reading, it need not be the smallest. */
const MOST_TRIES = 4000;

/** Leaves out objects and parts of objects as long as the difference stays; gives it on what is left. Only valid objects are tried, so that what is left can become a case. */
export function shrinkDifference(difference: Difference, engine: Engine): Difference {
  let best = difference;
  let tries = 0;
  const accept = (scenario: Scenario): boolean => {
    if (tries++ > MOST_TRIES) return false;
    const found = differsStill(difference, scenario, engine);
    if (found !== undefined) best = found;
    return found !== undefined;
  };
  accept({ ...best.scenario, podRanges: [] });
  accept({ ...best.scenario, nodeRanges: [] });
  for (let before = Infinity; sizeOf(best) < before;) {
    before = sizeOf(best);
    shrinkList(best.scenario.objects, (objects) => accept({ ...best.scenario, objects }));
    for (const index of best.scenario.objects.keys()) {
      shrinkValue(best.scenario.objects[index], (value) => {
        const objects = best.scenario.objects.with(index, value as RawObject);
        return accept({ ...best.scenario, objects });
      });
    }
  }
  return best;
}

function sizeOf({ scenario }: Difference): number {
  return JSON.stringify(scenario).length;
}

/** The same question asked of another scenario; the difference if there is still one of that kind. */
function differsStill(
  { profile, asked, connection }: Difference,
  scenario: Scenario,
  engine: Engine,
): Difference | undefined {
  const cluster = buildCluster(scenario);
  if (cluster.incomplete) return undefined;
  const asIs = connection === undefined ? [] : [connection];
  const connections = carryOver(asIs, cluster).filter((each) => each !== undefined);
  if (connections.length < asIs.length) return undefined;
  const comparison = { engine, tally: createTally(), profiles: [profile] };
  const found = compareConnections(cluster, connections, comparison);
  if (found === undefined || found.asked !== asked) return undefined;
  return { ...found, scenario };
}

/** Removes half of the items, a quarter and so on, down to single ones, wherever that is accepted; gives what is left. */
function shrinkList<T>(list: readonly T[], accept: (list: readonly T[]) => boolean): readonly T[] {
  let rest = list;
  for (let size = Math.max(1, list.length >> 1); ; size >>= 1) {
    for (let start = rest.length - size; start > -size; start -= size) {
      const without = rest.toSpliced(Math.max(0, start), Math.min(size, size + start));
      if (accept(without)) rest = without;
    }
    if (size <= 1) return rest;
  }
}

/** Makes a value of JSON smaller from the inside: keys and items are left out, then those that stay are made smaller. */
function shrinkValue(value: unknown, accept: (value: unknown) => boolean): void {
  if (Array.isArray(value)) {
    let list = shrinkList(value as readonly unknown[], accept);
    for (const index of list.keys()) {
      shrinkValue(list[index], (item) => {
        const changed = list.with(index, item);
        if (accept(changed)) list = changed;
        return list === changed;
      });
    }
  } else if (typeof value === "object" && value !== null) {
    let object = value as RawObject;
    for (const key of Object.keys(value)) {
      const { [key]: own, ...without } = object;
      if (accept(without)) object = without;
      else {
        shrinkValue(own, (item) => {
          const changed = { ...object, [key]: item };
          if (accept(changed)) object = changed;
          return object === changed;
        });
      }
    }
  }
}
