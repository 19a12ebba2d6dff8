import type { DialectKinds } from "../dialect.ts";

/** The kinds of Calico that are read, by apiVersion. */
export const CALICO_KINDS: DialectKinds = {};
