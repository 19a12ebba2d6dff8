// What runs in CI with ringfence itself: a change that opens something, judged by the intents of the base.
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { after, test } from "node:test";

import { NODE_COMPILE_CACHE } from "../run-ringfence.ts";
import { makeRepository, runScript } from "./repository.ts";

const POLICY = (range: string): string => `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: main }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  egress:
    - to: [{ ipBlock: { cidr: ${range} } }]
      ports: [{ port: 443 }]
`;
const INTENTS = `version: 1
intents:
  - name: only the bank is asked
    deny: { from: shop/Pod/web, to: 203.0.113.9 }
`;

const repository = makeRepository(
  { "ringfence.yaml": INTENTS, "m/web.yaml": POLICY("198.51.100.0/24") },
  { "ringfence.yaml": "version: 1\n", "m/web.yaml": POLICY("0.0.0.0/0") },
);
after(() => rmSync(dirname(repository.folder), { recursive: true }));

test("a change that opens something fails, with the edit that does it", async () => {
  const run = await runScript(
    repository,
    {},
    {
      NODE_COMPILE_CACHE,
      RINGFENCE: resolve("src/cli/main.ts"),
      INPUT_PATHS: "m",
      INPUT_BASE: repository.base,
      INPUT_FAIL_ON: "added",
    },
  );
  assert.equal(run.code, 1, run.stdout);
  const { verdict, added, removed, sarif, junit } = run.outputs;
  assert.deepEqual([verdict, added, removed], ["fail", "true", "false"]);
  assert.match(run.summary, /1 connection opened, 0 connections closed/u);
  assert.match(
    run.summary,
    /`egress\[0\]` of policy `networking\.k8s\.io\/NetworkPolicy\/shop\/web`/u,
  );
  assert.match(run.summary, /\*\*Intents:\*\* not met/u);
  assert.match(
    run.stdout,
    /^::error file=m\/web\.yaml,line=13,title=ringfence%3A allows-any-addr/mu,
  );
  assert.match(readFileSync(sarif!, "utf8"), /"version": "2\.1\.0"/u);
  assert.match(
    readFileSync(junit!, "utf8"),
    /<testcase name="only the bank is asked" classname="ringfence\.intents"[^/]*>\s*<failure/u,
  );
});

test("a change that opens nothing passes", async () => {
  const same = makeRepository({ "m/web.yaml": POLICY("198.51.100.0/24") }, { "note.txt": "x" });
  try {
    const run = await runScript(
      same,
      {},
      {
        NODE_COMPILE_CACHE,
        RINGFENCE: resolve("src/cli/main.ts"),
        INPUT_PATHS: "m",
        INPUT_BASE: same.base,
        INPUT_FAIL_ON: "any",
      },
    );
    assert.deepEqual([run.code, run.outputs["verdict"]], [0, "pass"], run.stdout);
  } finally {
    rmSync(dirname(same.folder), { recursive: true });
  }
});
