import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as v from "valibot";

import { createClusterBuilder } from "../model/index.ts";
import { PROFILES, compilePolicies } from "../policy/index.ts";
import type { Assessment } from "./assess.ts";
import { assess } from "./assess.ts";
import { formatBaseline, parseBaseline } from "./baseline.ts";
import type { Control } from "./control.ts";
import { createEvidence } from "./evidence.ts";
import { WAIVE_ANNOTATION, type Waiver, waiverSchema } from "./waiver.ts";

const ORIGIN = { file: "a.yaml", line: 1, start: 0, end: 1, format: "line", inside: [] } as const;

/** Finds every namespace, and one of them twice. */
const EVERY: Control = {
  id: "every-namespace",
  family: "policy",
  title: "",
  severity: "medium",
  rationale: "",
  remediation: "",
  references: [],
  check: ({ cluster }) =>
    [...cluster.namespaces.keys()].flatMap((name) =>
      (name === "a" ? ["x", "y"] : [undefined]).map((key) => ({
        subject: `Namespace/${name}`,
        namespace: name,
        ...(key === undefined ? {} : { key }),
        text: "",
        places: [],
        fix: "",
        ...(name === "c" ? { severity: "low" as const } : {}),
      })),
    ),
};
const OTHER: Control = { ...EVERY, id: "other-check", severity: "high", check: () => [] };

function run(
  options: Partial<Parameters<typeof assess>[1]>,
  annotations: Readonly<Record<string, string>> = {},
): Assessment {
  const builder = createClusterBuilder();
  for (const name of ["a", "b", "c"]) {
    const own = annotations[name];
    const metadata =
      own === undefined ? { name } : { name, annotations: { [WAIVE_ANNOTATION]: own } };
    builder.add({ apiVersion: "v1", kind: "Namespace", metadata }, ORIGIN);
  }
  const compiled = compilePolicies(builder.build(), PROFILES["kubernetes"]!);
  return assess(createEvidence(compiled), { controls: [EVERY, OTHER], ...options });
}

const prints = (list: readonly { readonly fingerprint: string }[]): readonly string[] =>
  list.map(({ fingerprint }) => fingerprint.replace("every-namespace:Namespace/", ""));

const WAIVER: Waiver = {
  check: "every-namespace",
  object: "Namespace/b",
  reason: "known",
  approver: "Ann",
  expires: "2027-01-31",
};

describe("assess", () => {
  test("the worst first, then by fingerprint; a finding may have its own severity", () => {
    const { findings } = run({});
    assert.deepEqual(prints(findings), ["a#x", "a#y", "b", "c"]);
    assert.deepEqual(
      findings.map(({ severity }) => severity),
      ["medium", "medium", "medium", "low"],
    );
  });

  test("severities of the configuration count for all findings of a check; off is not run", () => {
    const { findings } = run({ severities: { "every-namespace": "critical" } });
    assert.ok(findings.every(({ severity }) => severity === "critical"));
    const off = run({ severities: { "every-namespace": "off" }, waivers: [WAIVER] });
    assert.deepEqual([off.findings, off.unused], [[], []]);
  });

  const table: readonly (readonly [string, Partial<Waiver>, readonly string[]])[] = [
    ["an object", {}, ["b"]],
    ["an object of which there are two findings", { object: "Namespace/a" }, ["a#x", "a#y"]],
    ["one of two findings", { object: "Namespace/a#y" }, ["a#y"]],
    ["all that begin so", { object: "Namespace/*" }, ["a#x", "a#y", "b", "c"]],
    ["on its last day", { expires: "2026-11-30" }, ["b"]],
    ["the day after", { expires: "2026-11-29" }, []],
    ["of another check", { check: "other-check" }, []],
    ["without an approver", { approver: " " }, []],
    ["without a reason", { reason: "" }, []],
    ["without an expiry", { expires: undefined }, []],
    ["of no check", { check: "every-namespac" }, []],
  ];
  for (const [name, change, expected] of table) {
    test(`a waiver ${name}`, () => {
      const waiver = { ...WAIVER, ...change };
      const found = run({ waivers: [waiver], today: "2026-11-30" });
      assert.deepEqual(prints(found.waived), expected);
      assert.equal(found.findings.length + found.waived.length, 4);
      const { expired, unused, refused } = found;
      const told = expired.length + unused.length + refused.length;
      assert.equal(
        told,
        expected.length === 0 ? 1 : 0,
        "a waiver that waives nothing is told once",
      );
    });
  }

  test("inline waivers, those that say no reason are refused", () => {
    const found = run(
      {},
      { b: "every-namespace: it is old; other-check: x", c: "every-namespace" },
    );
    assert.deepEqual(prints(found.waived), ["b"]);
    assert.equal(found.waived[0]?.waiver.reason, "it is old");
    assert.deepEqual(
      found.unused.map(({ check }) => check),
      ["other-check"],
    );
    assert.match(found.refused[0]?.text ?? "", /`every-namespace`: write `CHECK: reason`/u);
  });

  test("a baseline: only new findings count, entries that are gone are told", () => {
    const old = formatBaseline(run({}).findings);
    const text = old.replace("Namespace/b", "Namespace/gone");
    const baseline = parseBaseline(text);
    assert.ok(typeof baseline !== "string");
    const found = run({ baseline });
    assert.deepEqual(prints(found.findings), ["b"]);
    assert.deepEqual(prints(found.baselined), ["a#x", "a#y", "c"]);
    assert.deepEqual(found.gone, ["every-namespace:Namespace/gone"]);
    assert.deepEqual(run({ baseline, controls: [OTHER], known: [EVERY, OTHER] }).gone, []);
  });
});

function faultOf(text: string): string {
  return JSON.stringify(parseBaseline(text));
}

test("a file that is no baseline is told", () => {
  assert.match(faultOf("{"), /no JSON/u);
  assert.match(faultOf('{"version": 2, "fingerprints": []}'), /version 1/u);
});

function isWaiver(value: unknown): boolean {
  return v.safeParse(waiverSchema(v), value).success;
}

test("the section of the configuration takes what a waiver needs, and nothing else", () => {
  assert.ok(isWaiver(WAIVER));
  for (const key of Object.keys(WAIVER)) assert.ok(!isWaiver({ ...WAIVER, [key]: undefined }), key);
  assert.ok(!isWaiver({ ...WAIVER, expires: "31.1.2027" }));
  assert.ok(!isWaiver({ ...WAIVER, extra: 1 }));
});
