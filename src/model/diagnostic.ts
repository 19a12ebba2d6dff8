/** Something to say about the input. `decides` marks an object that may decide traffic and could not be read: the whole result is incomplete. */
export interface Diagnostic {
  readonly severity: "error" | "warning" | "info";
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** One line: lower case, the user's text in backticks, what is wrong and what to do. */
  readonly text: string;
  readonly decides: boolean;
}
