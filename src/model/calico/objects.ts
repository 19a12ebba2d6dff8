import type { Origin } from "../origin.ts";

/** An object of Calico. */
export interface CalicoObject {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly origin: Origin;
}
