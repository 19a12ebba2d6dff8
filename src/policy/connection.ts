import type { Address, Family } from "../base/index.ts";
import type { Labels, Pod, Workload } from "../model/index.ts";
import type { Fact } from "./fact.ts";

/** One end of a connection. `address`: the question names this address of it, so that only this one counts. */
export type End =
  | {
      readonly kind: "pod";
      readonly workload: Workload;
      readonly pod: Pod;
      readonly address?: Address;
    }
  /** A node among the objects, or one that only a pod's status tells of (then without labels). */
  | {
      readonly kind: "node";
      readonly name: string;
      readonly labels: Labels;
      readonly addresses: readonly Address[];
      readonly address?: Address;
    }
  /** The node of the pod at the other end, or any other node; only where that end is a pod. Its addresses are not known. */
  | { readonly kind: "relation"; readonly relation: "own-node" | "other-nodes" }
  | { readonly kind: "outside"; readonly address: Address };

/** One question: may the first packet of this connection pass? Two ends that are the same pod object are that pod itself where it has a name, else two different pods of the template. */
export interface Connection {
  readonly source: End;
  readonly destination: End;
  /** A point on the traffic line. */
  readonly traffic: number;
  readonly family: Family;
  readonly facts: readonly Fact[];
}
