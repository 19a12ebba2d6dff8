import { nearest, union } from "../base/index.ts";
import { type Path, isRaw } from "../model/index.ts";
import { type Traffic, parseTraffic } from "../policy/index.ts";
import type { Expectation } from "./expectation.ts";

/** A document with the lines of its fields. */
export interface ExpectationDocument {
  readonly value: unknown;
  readonly lineOf: (path: Path) => number;
}

const FIELDS = ["from", "to", "ports", "change", "reason"];
const CHANGES = ["added", "removed", "any"] as const;

/** Reads a list of expected changes; gives every problem with its place if there is one. */
export function readExpectations(
  file: string,
  { value, lineOf }: ExpectationDocument,
): { readonly expectations: readonly Expectation[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const expectations: Expectation[] = [];
  if (value !== undefined && value !== null && !Array.isArray(value)) {
    return { expectations, problems: [`${file}:1: write a list of expected changes`] };
  }
  for (const [index, item] of ((value ?? []) as readonly unknown[]).entries()) {
    const found = readExpectation(item, (text, field) => {
      const path = field === undefined ? [index] : [index, field];
      problems.push(`${file}:${lineOf(path)}: ${text}`);
    });
    if (found !== undefined) expectations.push({ ...found, place: `${file}:${lineOf([index])}` });
  }
  return { expectations, problems };
}

type Say = (text: string, field?: string) => void;

function readExpectation(item: unknown, say: Say): Omit<Expectation, "place"> | undefined {
  if (!isRaw(item)) {
    say("an expected change has `from`, `to`, `change` and `reason`");
    return undefined;
  }
  for (const key of Object.keys(item).filter((each) => !FIELDS.includes(each))) {
    const [near] = nearest(key, FIELDS);
    const hint =
      near === undefined ? `write one of ${FIELDS.join(", ")}` : `did you mean \`${near}\`?`;
    say(`\`${key}\` is no field of an expected change: ${hint}`, key);
  }
  const from = readEnds(item["from"], "from", say);
  const to = readEnds(item["to"], "to", say);
  const ports = readPorts(item["ports"], say);
  const change = CHANGES.find((each) => each === item["change"]);
  if (change === undefined) say(`\`change\` is one of ${CHANGES.join(", ")}`, "change");
  const reason = item["reason"];
  const isReason = typeof reason === "string" && reason.trim() !== "";
  if (!isReason) say("`reason` says in words why the change is expected", "reason");
  if (from === undefined || to === undefined || ports === "bad" || change === undefined)
    return undefined;
  return isReason ? { from, to, ports, change, reason } : undefined;
}

/** One end or a list of ends. */
function readEnds(value: unknown, field: string, say: Say): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isNames = list.every((each) => typeof each === "string" && each !== "");
  if (isNames && list.length > 0) return list as readonly string[];
  const text =
    "write an id, `NAMESPACE/`, an address, a range, `outside` or `any`, or a list of them";
  say(`\`${field}\` names an end: ${text}`, field);
  return undefined;
}

function readPorts(value: unknown, say: Say): Traffic | undefined | "bad" {
  if (value === undefined) return undefined;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  let traffic: Traffic = [];
  for (const item of list) {
    const part = parseTraffic(String(item));
    if (typeof part === "string") {
      say(part, "ports");
      return "bad";
    }
    traffic = union(traffic, part);
  }
  return traffic;
}
