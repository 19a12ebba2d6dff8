import type { Interner } from "./intern.ts";
import type { ObjectContext } from "./read-objects.ts";

/** What reading an object needs to know. */
export interface ReaderContext extends ObjectContext {
  readonly interner: Interner;
  readonly notes: ObjectContext["notes"] & { readonly failed: boolean };
}
