import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { listFiles } from "./list-files.ts";

const root = mkdtempSync(join(tmpdir(), "list-"));
after(() => rmSync(root, { recursive: true }));

test("a name with control characters could forge lines of output: the file is not read", () => {
  writeFileSync(join(root, "a\u001B[31m\nerror: x.yaml"), "");
  writeFileSync(join(root, "b.yaml"), "");
  const { files, diagnostics } = listFiles(root);
  assert.deepEqual(
    files.map(({ file }) => file),
    [`${root}/b.yaml`],
  );
  assert.deepEqual(
    diagnostics.map(({ text, decides }) => [text, decides]),
    [
      [
        `\`${root}/a?[31m?error: x.yaml\` has control characters in its name: it was not read, rename it`,
        true,
      ],
    ],
  );
});

test("of two links to one file the first by name is taken, whatever order the system gives", () => {
  const folder = join(root, "links");
  mkdirSync(join(folder, ".data"), { recursive: true });
  writeFileSync(join(folder, ".data/a.yaml"), "");
  for (const name of ["z.yaml", "m.yaml", "b.yaml"]) {
    symlinkSync(join(folder, ".data/a.yaml"), join(folder, name));
  }
  assert.deepEqual(
    listFiles(folder).files.map(({ file }) => file),
    [`${folder}/b.yaml`],
  );
});
