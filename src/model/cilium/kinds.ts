import type { DialectKinds } from "../dialect-kinds.ts";

/** The kinds of Cilium that are read, by apiVersion. */
export const CILIUM_KINDS: DialectKinds = {};
