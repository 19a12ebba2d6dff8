// The catalogue of checks holds together: every check has its folder, its texts, and examples that it decides as they say.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { CONTROLS } from "../src/control/index.ts";
import { CATALOGUE, findIn } from "./catalogue/examples.ts";

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
        for (const { text, fix, places } of found) {
          assert.ok(places.length > 0, "a finding has a place");
          for (const line of [text, fix]) assert.match(line, /^[^\n]+[^\n.]$/u);
        }
      });
    }
  });
}
