// The comment on a pull request as data: it fits whatever changed, and no name in it means anything.
import assert from "node:assert/strict";
import { test } from "node:test";

import { type DiffResult, type Session, diffSessions } from "../../src/app/index.ts";
import { PROFILES, compilePolicies } from "../../src/policy/index.ts";
import { writeDiffMarkdown, writeDiffText } from "../../src/report/index.ts";
import { buildCluster } from "../generate/scenario.ts";
import { realisticCluster } from "../generate/realistic.ts";
import type { RawObject } from "../generate/words.ts";

const SIZE = { workloads: 600, policies: 150, podsPerWorkload: 0 };

function sessionOf(objects: Iterable<RawObject>): Session {
  const cluster = buildCluster({ objects: [...objects], podRanges: [], nodeRanges: [] });
  const compiled = compilePolicies(cluster, PROFILES["kubernetes"]!);
  return { compiled, locate: ({ file, line }) => ({ file, line }), profileWhy: "", readable: 1 };
}

function commentOf(result: DiffResult): string {
  const pieces: string[] = [];
  writeDiffMarkdown(result, (piece) => pieces.push(piece));
  return pieces.join("");
}

const base = sessionOf(realisticCluster(1, SIZE));
const other = diffSessions(base, sessionOf(realisticCluster(2, SIZE)));

test("the comment of two different clusters fits, and says what it left out", () => {
  const comment = commentOf(other);
  assert.ok(comment.length < 65_536, `${comment.length}`);
  assert.ok(comment.length > 30_000, `${comment.length}`);
  assert.match(comment, /^<!-- ringfence diff -->\n### ringfence: \d+ connections opened/u);
  assert.match(
    comment,
    /\n\d+ rows did not fit into this comment: run `ringfence diff` to see all\.\n$/u,
  );
  const [opened, ended] = ["<details>", "</details>"].map((tag) => comment.split(tag).length);
  assert.equal(opened, ended, "what is collapsed ends");
  assert.equal(commentOf(other), comment);
});

test("no text of a state is markup in the comment", () => {
  const hostile =
    "`]|<img src=x onerror=alert(1)>\u202E@team #1 https://x.example **b**\n| a | b |";
  const [change] = other.changes;
  assert.ok(change !== undefined);
  const file = `${hostile}.yaml`;
  const cause = {
    code: "rule-changed",
    text: `the labels of \`${hostile}\` changed ${hostile}`,
    refs: [{ state: "head", file, line: 1 }],
  } as const;
  const peers = other.peers.map((peer, index) =>
    index === change.from[0] ? ({ kind: "workload", id: `ns/${hostile}` } as const) : peer,
  );
  const changes = [{ ...change, causes: [cause], expected: hostile }];
  const comment = commentOf({ ...other, peers, changes });
  const rows = comment
    .split("\n")
    .filter(
      (line) => line.startsWith("| ") && !line.startsWith("| from") && !line.startsWith("| ---"),
    );
  assert.ok(rows.length > 0);
  for (const row of rows) {
    assert.equal(row.replaceAll(/`[^`]*`/gu, "").split("|").length, 6, `four cells: ${row}`);
    const outside = row.replaceAll(/`[^`]*`/gu, "").replaceAll("<br>", "");
    assert.doesNotMatch(outside, /[<>@*[\]_~]|:\/\//u);
    assert.doesNotMatch(row, /\p{Cf}/u);
  }
});

test("a terminal is shown forty rows of each way and the number of the others", () => {
  const pieces: string[] = [];
  const style = { bold: String, dim: String, red: String, yellow: String, green: String };
  writeDiffText(other, style, (piece) => pieces.push(piece));
  const lines = pieces.join("").split("\n");
  for (const sign of ["+", "-"]) {
    assert.equal(lines.filter((line) => line.startsWith(`  ${sign} `)).length, 40);
  }
  assert.ok(lines.some((line) => /^ {4}and \d+ more: see -o json$/u.test(line)));
});
