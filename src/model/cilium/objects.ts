import type { Origin } from "../origin.ts";

/** An object of Cilium. */
export interface CiliumObject {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly origin: Origin;
}
