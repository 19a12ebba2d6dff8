import type { Diagnostic, Origin } from "../model/index.ts";

/** Takes what is read, in order. */
export interface Sink {
  readonly object: (raw: unknown, origin: Origin) => void;
  readonly report: (diagnostic: Diagnostic) => void;
  /** A text that cannot be read a second time. */
  readonly keep: (file: string, text: string) => void;
}
