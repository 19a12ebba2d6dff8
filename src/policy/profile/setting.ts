import type { Answer } from "../policy.ts";
import type { Evidence } from "./detect/detection.ts";
import { type Written, tagOf } from "./detect/agents.ts";

/** A value of an engine's configuration. Without evidence nobody wrote it: it is the engine's own default. */
export interface Setting<Value> {
  readonly value: Value;
  readonly evidence: Evidence | undefined;
}

/** The version that an image's tag tells. */
export interface EngineVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** A yes or no as Go's command line reads it; what it refuses is `unclear`. */
export function readAnswer(written: Written | undefined, otherwise: Answer): Setting<Answer> {
  if (written === undefined) return { value: otherwise, evidence: undefined };
  const { value, evidence } = written;
  if (/^(?:1|t|T|TRUE|true|True)$/u.test(value)) return { value: "yes", evidence };
  if (/^(?:0|f|F|FALSE|false|False)$/u.test(value)) return { value: "no", evidence };
  return { value: "unclear", evidence };
}

/** One of some words, whatever its case; another is `unclear`. */
export function readWord<Word extends string>(
  written: Written | undefined,
  words: readonly Word[],
  otherwise: Word | "unclear",
): Setting<Word | "unclear"> {
  if (written === undefined) return { value: otherwise, evidence: undefined };
  const { value, evidence } = written;
  const word = words.find((one) => one.toLowerCase() === value.toLowerCase());
  return { value: word ?? "unclear", evidence };
}

/** The version in the tag of an image, `v1.19.4` or `1.19.4-cilium.1`; nothing if the tag tells none. */
export function versionOf(image: string): EngineVersion | undefined {
  const match = /(?:^|[^\d.])(\d+)\.(\d+)(?:\.(\d+))?/u.exec(tagOf(image));
  if (match === null) return undefined;
  const [major, minor, patch] = [match[1], match[2], match[3] ?? "0"].map(Number);
  return { major: major!, minor: minor!, patch: patch! };
}

/** Whether a version is this one or later. */
export function isAtLeast(version: EngineVersion, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}
