import type { DialectKinds } from "../dialect.ts";

/** The kinds of Cilium that are read, by apiVersion. */
export const CILIUM_KINDS: DialectKinds = {};
