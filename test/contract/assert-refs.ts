import assert from "node:assert/strict";

import type { Condition, Reason, Ref } from "./documents.ts";

const POLICY =
  /^(?:networking\.k8s\.io\/NetworkPolicy\/[^/]+\/[^/]+|policy\.networking\.k8s\.io\/(?:ClusterNetworkPolicy|AdminNetworkPolicy|BaselineAdminNetworkPolicy)\/[^/]+|(?:projectcalico\.org|crd\.antrea\.io)\/[A-Za-z]+\/[^/]+(?:\/[^/]+)?)$/u;

/** Asserts that references name policies and rules, have file and line, and stand in order, each once. */
export function assertRefs(refs: readonly Ref[]): void {
  for (const ref of refs) {
    const { policy = "", rule, file, line } = ref;
    assert.match(policy, POLICY);
    if (rule !== undefined) assert.match(rule, /^(?:ingress|egress)\[\d+\]$/u);
    assertPlace({ file, line });
    assertKeys(ref, "policy rule? file line");
  }
  assertSorted(refs.map(({ policy, rule }) => [policy ?? "", ...ruleOrder(rule)]));
}

function ruleOrder(rule: string | undefined): readonly (string | number)[] {
  const [direction = "", index = "0"] = (rule ?? "").split(/[[\]]/u);
  return [direction, Number(index)];
}

/** Asserts a file and a line from 1. */
export function assertPlace({
  file,
  line,
}: {
  readonly file: string;
  readonly line: number;
}): void {
  assert.ok(typeof file === "string" && file !== "", "a place without a file");
  assert.ok(Number.isInteger(line) && line >= 1, `line ${line} of ${file}`);
}

const CODE = /^[a-z]+(?:-[a-z]+)*$/u;

/** Asserts reasons: a code each once, in order, a sentence, references. */
export function assertReasons(reasons: readonly Reason[]): void {
  for (const reason of reasons) {
    assertKeys(reason, "code text refs");
    assert.match(reason.code, CODE);
    assertLine(reason.text);
    assertRefs(reason.refs);
  }
  assertSorted(reasons.map(({ code }) => [code]));
}

/** Asserts conditions: a text each once, in order, with the rules that make it. */
export function assertConditions(conditions: readonly Condition[]): void {
  for (const condition of conditions) {
    assertKeys(condition, "text refs");
    assertLine(condition.text);
    assert.notEqual(condition.refs.length, 0);
    assertRefs(condition.refs);
  }
  assertSorted(conditions.map(({ text }) => [text]));
}

/** Asserts one line of text. */
export function assertLine(text: string): void {
  assert.ok(typeof text === "string" && text !== "" && !text.includes("\n"), JSON.stringify(text));
}

/** Asserts that an object has these fields in this order and no others; `name?` may be absent. */
export function assertKeys(object: object, names: string): void {
  const expected = names
    .split(" ")
    .map((name) => ({ name: name.replace("?", ""), isOptional: name.endsWith("?") }))
    .filter(({ name, isOptional }) => !isOptional || name in object)
    .map(({ name }) => name);
  assert.deepEqual(Object.keys(object), expected);
}

/** Asserts that keys ascend, each once. */
export function assertSorted(keys: readonly (readonly (string | number)[])[]): void {
  for (let i = 1; i < keys.length; i++) {
    const [a, b] = [keys[i - 1]!, keys[i]!];
    assert.ok(compareKeys(a, b) < 0, `${a.join(" ")} stands before ${b.join(" ")}`);
  }
}

function compareKeys(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  if (at === -1) return a.length - b.length;
  const [x, y] = [a[at]!, b[at]];
  return y === undefined ? 1 : x < y ? -1 : 1;
}
