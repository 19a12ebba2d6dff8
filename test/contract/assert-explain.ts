import assert from "node:assert/strict";

import { contains } from "../../src/base/index.ts";
import type { ReachTable } from "./assert-reach.ts";
import { assertConditions, assertKeys, assertReasons, assertRefs } from "./assert-refs.ts";
import type { ExplainDocument, Ref } from "./documents.ts";
import { readPorts } from "./ports.ts";

/** What was asked, and what is known of the answer from elsewhere. */
export interface Asked {
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly profile: string;
  readonly incomplete: boolean;
}

const POINTS = [
  "workload-egress",
  "workload-to-host",
  "host-forward-egress",
  "host-untracked-egress",
  "host-egress",
  "host-untracked-ingress",
  "host-pre-dnat",
  "host-forward-ingress",
  "host-ingress",
  "workload-ingress",
];
const VERDICTS = ["allow", "deny", "depends"];
const OUTCOMES = [...VERDICTS, "pass", "not-reached"];

/** Asserts all that the contract says of `explain -o json`. */
export function assertExplain(document: ExplainDocument, asked: Asked): void {
  const { from, to, port, profile, incomplete } = asked;
  assertKeys(
    document,
    "version profile incomplete from to port verdict reasons conditions determinedBy points",
  );
  const head = { version: 1, profile, incomplete, from, to, port };
  assert.deepEqual({ ...document, ...head }, document, "it begins with what was asked");
  assertDecision(document, profile);
  for (const point of document.points) {
    assertKeys(point, "at kind verdict reading? stages");
    assert.ok([from, to].includes(point.at), point.at);
    assert.ok(POINTS.includes(point.kind), point.kind);
    assert.ok(VERDICTS.includes(point.verdict), point.verdict);
    assert.notEqual(point.stages.length, 0);
    for (const { name, outcome, refs } of point.stages) {
      assert.ok(name !== "" && OUTCOMES.includes(outcome), `${name}: ${outcome}`);
      assertRefs(refs);
      if (outcome === "not-reached") assert.deepEqual(refs, []);
    }
  }
}

/** Asserts verdict, reasons, conditions and determinedBy, which a batch with --why gives too. */
export function assertDecision(
  decision: Pick<ExplainDocument, "verdict" | "reasons" | "conditions" | "determinedBy">,
  profile: string,
): void {
  const { verdict, reasons, conditions, determinedBy } = decision;
  assert.ok(VERDICTS.includes(verdict), verdict);
  assert.equal(reasons.length > 0, verdict === "depends", "reasons with depends only");
  assertReasons(reasons);
  assertConditions(conditions);
  if (verdict !== "allow") assert.deepEqual(conditions, []);
  assert.notEqual(determinedBy.length, 0, "something decided");
  const refs = determinedBy.filter((ref): ref is Ref => !("profile" in ref));
  if (refs.length < determinedBy.length) assert.deepEqual(determinedBy, [{ profile }]);
  assertRefs(refs);
}

/** The verdict that a table of connections has for one pair, port and family. */
export function verdictIn(table: ReachTable, { from, to, port }: Asked, family: 4 | 6): string {
  const [point] = readPorts([port], 3);
  const found = (table.get(`${from} ${to} ${family}`) ?? []).find(({ traffic }) =>
    contains(traffic, point!),
  );
  return found?.entry.verdict ?? "deny";
}
