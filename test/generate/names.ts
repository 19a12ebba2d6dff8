import { formatAddress } from "../../src/base/index.ts";
import type { Cluster } from "../../src/model/index.ts";
import {
  type Connection,
  type End,
  PROFILES,
  compilePolicies,
  directoryOf,
} from "../../src/policy/index.ts";

/** The name by which people can ask for an end: of a template its workload, of an end that is asked for by one address that address. */
export function nameOf(end: End): string {
  if (end.kind !== "relation" && end.address !== undefined) return formatAddress(end.address);
  switch (end.kind) {
    case "pod":
      return end.pod.name === undefined
        ? end.workload.id
        : `${end.workload.namespace}/Pod/${end.pod.name}`;
    case "node":
      return `node/${end.name}`;
    case "relation":
      return end.relation;
    case "outside":
      return formatAddress(end.address);
  }
}

/** Takes connections over to another cluster, by the names of their ends; `undefined` where it has no such end. */
export function carryOver(
  connections: readonly Connection[],
  to: Cluster,
): readonly (Connection | undefined)[] {
  const directory = directoryOf(compilePolicies(to, PROFILES["kubernetes"]!));
  return connections.map((connection) => {
    const [source, destination] = [connection.source, connection.destination].map((end) => {
      const found = directory.find(nameOf(end))?.ends[0];
      return found?.kind === end.kind ? found : undefined;
    });
    if (source === undefined || destination === undefined) return undefined;
    return { ...connection, source, destination };
  });
}
