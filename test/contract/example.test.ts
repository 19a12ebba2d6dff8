import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { type Session, openSession } from "../../src/app/index.ts";
import { readCluster } from "../../src/files/index.ts";
import { assertExplain, verdictIn } from "./assert-explain.ts";
import { assertReach } from "./assert-reach.ts";
import { assertOpenness, assertScan } from "./assert-scan.ts";
import type { ExplainDocument, ReachDocument, Ref, ScanDocument } from "./documents.ts";
import { explainJson, reachJson, scanJson } from "./open.ts";

const FOLDER = "examples/payments";

async function open(profile: string): Promise<Session> {
  const none = { podRanges: undefined, nodeRanges: undefined };
  const session = await openSession(readCluster, [FOLDER], { profile, ...none });
  assert.ok(typeof session !== "string");
  return session;
}

for (const profile of ["kubernetes", "kube-network-policies"]) {
  test(`every answer about the example keeps the contract: ${profile}`, async () => {
    const session = await open(profile);
    const { cluster } = session.compiled;
    const reach = JSON.parse(reachJson(session)) as ReachDocument;
    const table = assertReach(reach, cluster, { isWhole: true, pairs: false });
    const scan = JSON.parse(scanJson(session)) as ScanDocument;
    assertScan(scan, cluster);
    assertOpenness(scan, reach, table);
    const refs = [
      ...reach.connections.flatMap(({ reasons = [] }) => reasons.flatMap((each) => each.refs)),
      ...scan.findings
        .filter(({ id }) => id === "allows-any-address")
        .flatMap((finding) => finding.refs),
    ];
    const ends = reach.peers.filter(({ kind }) => kind !== "outside").map(({ id }) => id);
    for (const from of ends) {
      for (const to of ends) {
        if (from.includes("-node") && to.includes("-node")) continue;
        const asked = { from, to, port: "tcp/8080", profile, incomplete: false };
        const document = JSON.parse(explainJson(session, from, to, asked.port)) as ExplainDocument;
        assertExplain(document, asked);
        assert.equal(document.verdict, verdictIn(table, asked, 4), `${from} to ${to}`);
        refs.push(...refsOf(document));
      }
    }
    const distinct = new Map(refs.map((ref) => [JSON.stringify(ref), ref]));
    assert.ok(distinct.size >= 40, `${distinct.size} places`);
    for (const ref of distinct.values()) assertPlaceIsRight(ref);
  });
}

function refsOf({ points, reasons, determinedBy }: ExplainDocument): readonly Ref[] {
  return [
    ...points.flatMap(({ stages }) => stages.flatMap((stage) => stage.refs)),
    ...reasons.flatMap((reason) => reason.refs),
    ...determinedBy.filter((ref): ref is Ref => "file" in ref),
  ];
}

/** Reads the line that a reference names: a policy's first, or the item of its list that the rule is. */
function assertPlaceIsRight({ policy = "", rule, file, line }: Ref): void {
  const lines = readFileSync(file, "utf8").split("\n");
  const what = `${policy} ${rule ?? ""} at ${file}:${line}: ${lines[line - 1]}`;
  const begin = lines.findLastIndex(
    (text, index) => index < line && text.startsWith("apiVersion:"),
  );
  const name = policy.split("/").at(-1);
  assert.ok(lines.slice(begin, begin + 4).includes(`  name: ${name}`), what);
  const match = /^(ingress|egress)\[(\d+)\]$/u.exec(rule ?? "");
  if (match === null) {
    assert.equal(begin, line - 1, `${what} is not its first line`);
    return;
  }
  const list = lines.indexOf(`  ${match[1]}:`, begin);
  const items = [...lines.entries()].filter(
    ([index, text]) => index > list && index < line && text.startsWith("    - "),
  );
  assert.equal(items.length, Number(match[2]) + 1, what);
  assert.equal(items.at(-1)?.[0], line - 1, what);
}
