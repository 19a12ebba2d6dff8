import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";

import { canRun, consoleBlocks, documents, formatCommands, runCommand } from "./console-blocks.ts";

for (const file of documents()) {
  test(`the commands of ${file} print what it says`, async () => {
    for (const { line, commands, notRun } of consoleBlocks(readFileSync(file, "utf8"))) {
      if (notRun !== undefined) continue;
      assert.ok(commands.length > 0, `${file}:${line}: a console block without a command`);
      for (const { command } of commands)
        assert.ok(canRun(command), `${file}:${line}: say \`<!-- not run: reason -->\` before it`);
      const run = await Promise.all(commands.map(({ command }) => runCommand(command)));
      const hint = `${file}:${line} differs: read the difference, then \`npm run docs:update\``;
      assert.equal(formatCommands(run), formatCommands(commands), hint);
    }
  });
}

test("the README runs at least one command", () => {
  const run = consoleBlocks(readFileSync("README.md", "utf8")).filter(
    (b) => b.notRun === undefined,
  );
  assert.notEqual(run.length, 0);
});

test("blocks, outputs and exits are found", () => {
  const text = [
    "a\n\n```console\n$ ringfence scan x\nno such file\n\nend\nexit: 2\n\n$ ringfence y\nz\n```\n",
    "<!-- not run: needs a cluster -->\n\n```console\n$ kubectl get pods\n```\n",
    "```sh\n$ not console\n```\n",
  ].join("\n");
  const blocks = consoleBlocks(text);
  assert.deepEqual(
    blocks.map(({ commands, notRun, line }) => ({ commands, notRun, line })),
    [
      {
        line: 4,
        notRun: undefined,
        commands: [
          { command: "ringfence scan x", output: "no such file\n\nend", exit: 2 },
          { command: "ringfence y", output: "z", exit: 0 },
        ],
      },
      {
        line: 17,
        notRun: "needs a cluster",
        commands: [{ command: "kubectl get pods", output: "", exit: 0 }],
      },
    ],
  );
  const [first] = blocks;
  assert.ok(first !== undefined);
  assert.equal(formatCommands(first.commands), text.slice(first.start, first.end));
});

/** Every file of the work tree that git would take. */
function projectFiles(): readonly string[] {
  const list = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const files = execFileSync("git", list, { encoding: "utf8" }).split("\n");
  return files.filter((file) => file !== "" && existsSync(file));
}

test("no file names a place of one machine or a registry's host", () => {
  // In pieces, so that this file does not name them either.
  const folders = ["work", "root", "tmp", "home"].map((name) => `(?<![\\w.~-])/${name}/`);
  const hosts = ["npmjs[.]org", "npmjs[.]com", "pypi[.]org", "golang[.]org", "maven[.]org"];
  const hosted = hosts.map((host) => `[/.]${host}`);
  const pattern = new RegExp([...folders, ...hosted, '"resolved"\\s*:'].join("|"), "u");
  const found = projectFiles().flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line, index) =>
        pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [],
      ),
  );
  assert.deepEqual(found, []);
  assert.match(["see ", "work", "shared"].join("/"), pattern);
  assert.match(["https://registry", "npmjs", "org"].join("."), pattern);
  assert.doesNotMatch("src/work/x, a.example/tmp.html", pattern);
});

test("every decision has its three parts on one page and stands in the list", () => {
  const list = readFileSync("docs/adr/README.md", "utf8");
  const files = globSync("docs/adr/[0-9]*.md").toSorted();
  assert.notEqual(files.length, 0);
  for (const [index, file] of files.entries()) {
    const text = readFileSync(file, "utf8");
    const number = String(index + 1).padStart(4, "0");
    const title = /^# (\d{4}) (.+)$/mu.exec(text);
    assert.equal(basename(file).slice(0, 4), number, `${file}: numbers have no gap`);
    assert.equal(title?.[1], number, `${file}: the title has its number`);
    const headings = [...text.matchAll(/^## (.+)$/gmu)].map(([, heading]) => heading);
    assert.deepEqual(headings, ["Context", "Decision", "Consequences"], file);
    assert.ok(text.split("\n").length <= 60, `${file}: longer than a page`);
    assert.ok(
      list.includes(`[${title?.[2] ?? ""}](${basename(file)})`),
      `${file}: not in the list`,
    );
  }
});

test("every link between documents leads somewhere", () => {
  const broken = projectFiles()
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)/gu)]
        .map(([, target = ""]) => target)
        .filter((target) => !existsSync(join(dirname(file), target)))
        .map((target) => `${file}: ${target}`),
    );
  assert.deepEqual(broken, []);
});
