/** The named limits. */
export interface Limits {
  readonly yamlBytes: number;
  readonly jsonBytes: number;
  readonly lineBytes: number;
  readonly depth: number;
  readonly aliases: number;
  readonly expandedNodes: number;
  readonly documents: number;
}

/** Limits on untrusted input. Beyond one of them a file is refused with a clear error, and the rest goes on. */
export const LIMITS: Limits = {
  /** Parsing YAML takes some 20 times its size in memory; no hand-written file is near this. */
  yamlBytes: 33_554_432,
  /** One JSON.parse of a whole dump; larger clusters are read from a snapshot, line by line. V8's strings end at 512 MB. */
  jsonBytes: 268_435_456,
  /** etcd refuses objects above 1.5 MB; a line holds one object. */
  lineBytes: 16_777_216,
  /** The API server itself stops at far less; deeper input can only be meant to exhaust a stack. */
  depth: 100,
  /** Alias nodes in one YAML document. */
  aliases: 100,
  /** Nodes of a YAML document with its aliases followed: a few aliases can stand for billions. */
  expandedNodes: 100_000,
  /** Documents of one YAML file. */
  documents: 100_000,
};

/** A size for people. */
export function formatBytes(bytes: number): string {
  return bytes < 1024 * 1024 ? `${bytes} bytes` : `${Math.floor(bytes / (1024 * 1024))} MB`;
}
