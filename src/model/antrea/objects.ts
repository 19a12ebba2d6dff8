import type { Origin } from "../origin.ts";

/** An object of Antrea. */
export interface AntreaObject {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly origin: Origin;
}
