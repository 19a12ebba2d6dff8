import type { Origin, Path } from "./origin.ts";
import type { FaultCode } from "./raw.ts";

/** What is wrong with an object that was not read for it, by its code: for who wants more than the diagnostic says. */
export interface Fault extends CodedError {
  /** As findings name the object. */
  readonly subject: string;
  readonly origin: Origin;
}

/** An error with a code. */
export interface CodedError {
  readonly code: FaultCode;
  readonly path: Path;
  readonly text: string;
}
