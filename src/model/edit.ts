import type { Origin, Path } from "./origin.ts";

/** A change of one object that keeps everything else in its file as it is. */
export type Edit =
  /** Takes a field or an item of a list out. */
  | { readonly kind: "remove"; readonly origin: Origin; readonly path: Path }
  /** Gives a field a value, and makes it if it is not there. */
  | {
      readonly kind: "set";
      readonly origin: Origin;
      readonly path: Path;
      readonly value: unknown;
    }
  /** Adds an item at the end of a list, and makes the list if it is not there. */
  | {
      readonly kind: "append";
      readonly origin: Origin;
      readonly path: Path;
      readonly value: unknown;
    }
  /** Takes the whole object out of its file. */
  | { readonly kind: "remove-object"; readonly origin: Origin };
