/** Where an object was read: enough to find any line of it again without keeping its text. */
export interface Origin {
  /** The path as the user may read it, relative to where the program was started; `-` for standard input. */
  readonly file: string;
  /** The first line of the object, from 1. For an item of a List, the line of that item as far as it is known without a second look (else the List's). */
  readonly line: number;
  /** Offset of the document's first character in the file's text, and the offset behind its last. */
  readonly start: number;
  readonly end: number;
  /** How to find positions inside: a YAML document, a JSON document, or one line of newline-delimited JSON. */
  readonly format: "yaml" | "json" | "line";
  /** Where the object stands in its document: `["items", 3]` in a List, `[]` if it is the document. */
  readonly inside: Path;
}

/** Steps from an object's root to a field: `["spec", "ingress", 0]`. */
export type Path = readonly (string | number)[];

/** A place for people: file and line, from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
}

/** Finds the line of a field of an object; the nearest parent that exists if the field is absent. Reads lazily: call it for what is shown, not for all. */
export type Locate = (origin: Origin, path: Path) => Position;
