import type { DialectKinds } from "../dialect.ts";

/** The kinds of Antrea that are read, by apiVersion. */
export const ANTREA_KINDS: DialectKinds = {};
