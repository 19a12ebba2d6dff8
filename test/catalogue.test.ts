// The catalogue of checks holds together: every check has its folder, its texts, and examples that it decides as they say.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { CONTROLS, type Control, type Finding } from "../src/control/index.ts";
import type { Pod } from "../src/model/index.ts";
import type { CompiledPolicies, Policy } from "../src/policy/index.ts";
import { applyEdits } from "../src/files/apply-edits.ts";
import { connectionsOf, samplesOf } from "./catalogue/connections.ts";
import { CATALOGUE, type Example, compileManifest, findIn } from "./catalogue/examples.ts";

const FOLDER = new URL("../src/control/catalog/", import.meta.url);

test("every folder of the catalogue is a control of its name, and the other way round", () => {
  const folders = readdirSync(FOLDER).toSorted();
  assert.deepEqual(
    CONTROLS.map(({ id }) => id),
    folders,
  );
  for (const id of folders) {
    const text = readFileSync(new URL(`${id}/index.ts`, FOLDER), "utf8");
    assert.match(text, new RegExp(`^  id: "${id}",$`, "mu"), id);
  }
});

test("texts are there, end as they should, and no two checks say the same", () => {
  for (const field of ["title", "rationale", "remediation"] as const) {
    const texts = CONTROLS.map((control) => control[field]);
    assert.equal(new Set(texts).size, texts.length, field);
    for (const text of texts) {
      assert.ok(text.length > 15, text);
      assert.equal(text.endsWith("."), field !== "title", text);
    }
  }
  for (const { references } of CONTROLS) {
    assert.notDeepEqual(references, []);
    for (const reference of references) {
      assert.match(reference, /^(?:(?:NP|CNP|CAL|CIL|ANT|PATH)-\d+|https:\/\/\S+)$/u);
    }
  }
});

for (const [control, examples] of CATALOGUE) {
  describe(control.id, () => {
    test("has examples of both kinds, with names of their own", () => {
      const kinds = new Set(examples.map(({ expect }) => expect));
      assert.deepEqual([...kinds].toSorted(), ["fail", "pass"]);
      assert.equal(new Set(examples.map(({ name }) => name)).size, examples.length);
    });
    for (const example of examples) {
      test(`${example.expect}: ${example.name}`, () => {
        const found = findIn(control, example);
        const subjects = found.map(({ subject, key }) =>
          key === undefined ? subject : `${subject}#${key}`,
        );
        assert.deepEqual(subjects.toSorted(), (example.findings ?? []).toSorted());
        assert.equal(found.length > 0, example.expect === "fail");
        const prints = found.map(({ fingerprint }) => fingerprint);
        assert.equal(new Set(prints).size, prints.length, "each finding has its own fingerprint");
        for (const { text, fix, places, edits, changes } of found) {
          assert.ok(places.length > 0, "a finding has a place");
          assert.equal(edits === undefined, changes === undefined, "edits say what they change");
          for (const line of [text, fix]) assert.match(line, /^[^\n]+[^\n.]$/u);
        }
      });
      if (example.expect === "fail") {
        test(`the fix of: ${example.name}`, () => holdFix(control, example));
      }
    }
  });
}

/** Makes the edits of an example's findings: the check must pass, and connections change only as the findings say. */
function holdFix(control: Control, example: Example): void {
  const found = findIn(control, example);
  const edits = found.flatMap((finding) => finding.edits ?? []);
  if (edits.length === 0) return;
  const { files, refused } = applyEdits(edits, () => ({ text: example.manifest }));
  assert.deepEqual(refused, []);
  const manifest = files[0]?.after ?? example.manifest;
  const mended = found.filter((finding) => finding.edits !== undefined);
  const left = new Set(
    findIn(control, { ...example, manifest }).map(({ fingerprint }) => fingerprint),
  );
  for (const { fingerprint } of mended) assert.ok(!left.has(fingerprint), `mended: ${fingerprint}`);
  if (mended.length === found.length) assert.equal(left.size, 0, "the check passes");
  const [before, after] = [example.manifest, manifest].map((text) =>
    compileManifest({ ...example, manifest: text }),
  );
  const samples = samplesOf([before!, after!]);
  const [old, fresh] = [connectionsOf(before!, samples), connectionsOf(after!, samples)];
  assert.deepEqual([...old.keys()], [...fresh.keys()]);
  const allowed = new Set(mended.map(({ changes }) => changes));
  const concerned = concernedBy(mended, before!, after!);
  let [opened, closed] = [0, 0];
  for (const [name, verdict] of old) {
    const now = fresh.get(name)!;
    if (now === verdict) continue;
    const ends = name.split(" ").slice(0, 2);
    assert.ok(
      ends.some((end) => concerned.has(end)),
      `of others: ${name}`,
    );
    const isEither = allowed.has("either");
    if (now > verdict) assert.ok(isEither || allowed.has("opens"), `opened: ${name}`);
    if (now < verdict) assert.ok(isEither || allowed.has("closes"), `closed: ${name}`);
    opened += Number(now > verdict);
    closed += Number(now < verdict);
  }
  if (allowed.has("either")) return;
  assert.equal(allowed.has("opens"), opened > 0, "it opens something if it says so");
  assert.equal(allowed.has("closes"), closed > 0, "it closes something if it says so");
}

/** The workloads that the policies select whose text is edited, as they were and as they have become. */
function concernedBy(
  findings: readonly Finding[],
  before: CompiledPolicies,
  after: CompiledPolicies,
): ReadonlySet<string> {
  const edited = new Set(
    findings.flatMap(({ edits }) => edits ?? []).map(({ origin }) => origin.start),
  );
  const known = new Set(before.policies.map(({ id }) => id));
  const old = before.policies.filter(({ origin }) => edited.has(origin.start));
  const ids = new Set(old.map(({ id }) => id));
  const fresh = after.policies.filter(({ id }) => ids.has(id) || !known.has(id));
  return new Set([
    ...old.flatMap((policy) => selectedBy(before, policy)),
    ...fresh.flatMap((policy) => selectedBy(after, policy)),
  ]);
}

/** The workloads that a policy selects. */
function selectedBy(compiled: CompiledPolicies, policy: Policy): readonly string[] {
  const { policies, subjects, classes, cluster } = compiled;
  const set = subjects[policies.indexOf(policy)];
  const isSelected = (pod: Pod): boolean => set?.classes.has(classes.ofPod.get(pod)!) === true;
  return cluster.workloads.filter(({ pods }) => pods.some(isSelected)).map((each) => each.id);
}
