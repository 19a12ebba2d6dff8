import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";

import type { Edit } from "../model/index.ts";
import { createFileEditor } from "./edit-files.ts";

const folder = mkdtempSync(join(tmpdir(), "ringfence-edit-"));
after(() => rmSync(folder, { recursive: true }));

const TEXT = "kind: A\na: 1\n";
const inside = join(folder, "inside");
mkdirSync(inside);
writeFileSync(join(inside, "plain.yaml"), TEXT);
writeFileSync(join(inside, "mark.yaml"), `\uFEFF${TEXT}`);
writeFileSync(join(inside, "wide.yaml"), Buffer.from(`\uFEFF${TEXT}`, "utf16le"));
writeFileSync(join(inside, "packed.yaml"), gzipSync(TEXT));
writeFileSync(join(folder, "outside.yaml"), TEXT);
symlinkSync(join(folder, "outside.yaml"), join(inside, "link.yaml"));

function editOf(file: string): Edit {
  const origin = { file, line: 1, start: 0, end: TEXT.length, format: "yaml", inside: [] } as const;
  return { kind: "remove", origin, path: ["a"] };
}

const REFUSED: readonly (readonly [string, RegExp])[] = [
  ["mark.yaml", /no plain UTF-8/u],
  ["wide.yaml", /no plain UTF-8/u],
  ["packed.yaml", /packed/u],
  ["link.yaml", /outside of the given paths/u],
  ["../outside.yaml", /outside of the given paths/u],
  ["gone.yaml", /it does not exist/u],
];
for (const [name, reason] of REFUSED) {
  test(`${name} is not edited`, async () => {
    const editor = await createFileEditor([inside, "-"]);
    const made = editor.patch([editOf(join(inside, name))]);
    assert.match("reason" in made ? made.reason : "", reason);
  });
}

test("standard input is not edited", async () => {
  const editor = await createFileEditor(["-"]);
  const made = editor.patch([editOf("-")]);
  assert.match("reason" in made ? made.reason : "", /standard input cannot be changed/u);
});

test("a plain file is written, unless it has changed meanwhile", async () => {
  const file = join(inside, "plain.yaml");
  const editor = await createFileEditor([inside]);
  const result = editor.preview([editOf(file)]);
  assert.match(editor.diff(result), /^-a: 1$/mu);
  writeFileSync(file, `${TEXT}b: 2\n`);
  assert.match(editor.write(result).join(""), /has changed since it was read/u);
  writeFileSync(file, TEXT);
  assert.deepEqual(editor.write(result), []);
  assert.equal(readFileSync(file, "utf8"), "kind: A\n");
});
