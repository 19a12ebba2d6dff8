import type { Cluster } from "../../../model/index.ts";
import type { Switches } from "../../board.ts";
import type { Connection, End } from "../../connection.ts";
import { seenAs } from "../ends.ts";
import type { Guarded, Other } from "../match.ts";
import type { FelixFacts } from "./felix.ts";
import type { CalicoScene } from "./match.ts";

/** A connection in its cluster. */
export interface World {
  readonly cluster: Cluster;
  readonly switches: Switches;
  readonly connection: Connection;
  readonly felix: FelixFacts;
}

/** CAL-15: host-network pods are no endpoints. */
export function guardedPod(end: End): Guarded | undefined {
  if (end.kind !== "pod" || end.pod.hostNetwork) return undefined;
  return { namespace: end.workload.namespace, pod: end.pod };
}

/** The scene at one end of it. */
export function sceneOf(world: World, direction: "ingress" | "egress"): CalicoScene {
  const { cluster, switches, connection } = world;
  const { source, destination, traffic, family, facts } = connection;
  const seen = (end: End): Other => seenAs(cluster, false, end);
  const [own, other] = direction === "ingress" ? [destination, source] : [source, destination];
  const ports = guardedPod(destination)?.pod.ports ?? [];
  return {
    cluster,
    switches,
    direction,
    own: seen(own),
    other: seen(other),
    traffic,
    family,
    facts,
    ports,
  };
}
