import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

import { assertDecision } from "./contract/assert-explain.ts";
import type { ExplainDocument } from "./contract/documents.ts";
import { runRingfence } from "./run-ringfence.ts";

/** A dual-stack dump: two pods of one Deployment that policies tell apart, nodes, a rule with a name and a port of its own. */
const DUMP = `
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {addresses: [{type: InternalIP, address: 10.9.0.1}, {type: InternalIP, address: "fd09::1"}]}
---
apiVersion: v1
kind: Pod
metadata:
  {name: web-1, namespace: shop, labels: {app: web, v: old}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-x, controller: true}]}
spec: {nodeName: n1}
status: {phase: Running, hostIP: 10.9.0.1, podIP: 10.1.0.1, podIPs: [{ip: 10.1.0.1}, {ip: "fd01::1"}]}
---
apiVersion: v1
kind: Pod
metadata:
  {name: web-2, namespace: shop, labels: {app: web, v: new}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-x, controller: true}]}
spec: {nodeName: n1}
status: {phase: Running, hostIP: 10.9.0.1, podIP: 10.1.0.2, podIPs: [{ip: 10.1.0.2}, {ip: "fd01::2"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {}
status: {phase: Running, podIP: 10.1.0.3, podIPs: [{ip: 10.1.0.3}, {ip: "fd01::3"}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress:
    - {from: [{podSelector: {matchLabels: {v: new}}}], ports: [{port: 5432}]}
    - {from: [{ipBlock: {cidr: 203.0.113.0/24}}]}
  egress:
    - {to: [{ipBlock: {cidr: 203.0.113.0/24}}]}
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: names}
spec:
  tier: Admin
  priority: 1
  subject: {pods: {podSelector: {matchLabels: {app: web}}}}
  egress:
    - {action: Accept, to: [{domainNames: [api.example.com]}]}
    - {action: Deny, to: [{networks: [198.51.100.0/24]}]}
`;

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "ringfence-batch-"));
  writeFileSync(join(folder, "dump.yaml"), DUMP);
  writeFileSync(
    join(folder, "pod.yaml"),
    "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {}}\n",
  );
  writeFileSync(
    join(folder, "broken.yaml"),
    "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {}}\n---\nkind: Pod\na: [\n",
  );
});
after(() => rmSync(folder, { recursive: true }));

type Answer = Readonly<Record<string, unknown>>;

async function batch(
  lines: readonly unknown[],
  argv: readonly string[] = ["dump.yaml"],
): Promise<{
  readonly answers: readonly Answer[];
  readonly exit: number;
  readonly stderr: string;
}> {
  const stdin = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  const command = ["explain", ...argv, "--batch", "-", "-o", "ndjson"];
  const run = await runRingfence(command, { stdin: `${stdin.join("\n")}\n`, cwd: folder });
  const answers = run.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Answer);
  return { answers, exit: run.exit, stderr: run.stderr };
}

function ask(from: string, to: string, port: string, more: object = {}): object {
  return { id: 1, from, to, port, ...more };
}

const [WEB, DB] = ["shop/ReplicaSet/web-x", "shop/Pod/db"];

/** Questions by their verdict, with what the contract says about them. */
const QUESTIONS: readonly (readonly [what: string, question: object, verdict: string])[] = [
  ["a pod by its name", ask("shop/Pod/web-2", DB, "tcp/5432"), "allow"],
  ["its address is the pod", ask("10.1.0.2", DB, "tcp/5432"), "allow"],
  ["an IPv6 address too", ask("fd01::2", DB, "tcp/5432"), "allow"],
  ["however it is written", ask("FD01:0:0::0:2", DB, "tcp/5432"), "allow"],
  ["also as IPv4 in IPv6", ask("::ffff:10.1.0.2", "::ffff:10.1.0.3", "tcp/5432"), "allow"],
  ["addresses of two families", ask("fd01::2", "10.1.0.3", "tcp/5432"), "deny"],
  ["the other pod", ask("shop/Pod/web-1", DB, "tcp/5432"), "deny"],
  ["a workload whose pods differ", ask(WEB, DB, "tcp/5432"), "depends"],
  ["a workload whose pods do not", ask(WEB, DB, "tcp/5433"), "deny"],
  ["the node by its name", ask("node/n1", "shop/Pod/web-1", "tcp/1"), "allow"],
  ["the node by its address", ask("10.9.0.1", "shop/Pod/web-1", "tcp/1"), "allow"],
  ["a relation, though nodes are known", ask("own-node", "shop/Pod/db", "tcp/1"), "allow"],
  ["the other relation, in a range perhaps", ask("other-nodes", "shop/Pod/db", "tcp/1"), "depends"],
  ["any other address is outside", ask("203.0.113.9", DB, "udp/9"), "allow"],
  ["and fixes the family", ask("203.0.113.9", DB, "udp/9", { family: 6 }), "allow"],
  ["a family chooses", ask(DB, WEB, "tcp/1", { family: 6 }), "deny"],
  ["a name that is not given", ask(WEB, "198.51.100.1", "tcp/443"), "depends"],
  [
    "a name that is given",
    ask(WEB, "198.51.100.1", "tcp/443", { given: ["fqdn api.example.com"] }),
    "allow",
  ],
  ["another name", ask(WEB, "198.51.100.1", "tcp/443", { given: ["fqdn x.example.com"] }), "deny"],
  ["a pod to itself", ask(DB, DB, "tcp/1"), "allow"],
];

test("a batch answers in order, whatever the ids are", async () => {
  const ids = [7, "x", null, { a: [1] }, true];
  const questions = ids.map((id) => ({ ...ask("shop/Pod/web-2", DB, "tcp/5432"), id }));
  const { answers, exit } = await batch(questions);
  assert.deepEqual(
    answers,
    ids.map((id) => ({ id, verdict: "allow" })),
  );
  assert.equal(exit, 0);
});

test("every end that the contract names can be asked for", async () => {
  const { answers, exit } = await batch(QUESTIONS.map(([, question], id) => ({ ...question, id })));
  const verdicts = answers.map(
    ({ verdict }, index) => `${QUESTIONS[index]![0]}: ${String(verdict)}`,
  );
  assert.deepEqual(
    verdicts,
    QUESTIONS.map(([what, , verdict]) => `${what}: ${verdict}`),
  );
  assert.equal(exit, 0);
});

test("--why adds reasons, conditions and what decided, as explain says them", async () => {
  const { answers } = await batch(
    QUESTIONS.map(([, question]) => question),
    ["dump.yaml", "--why"],
  );
  for (const [index, answer] of answers.entries()) {
    assert.deepEqual(Object.keys(answer), [
      "id",
      "verdict",
      "reasons",
      "conditions",
      "determinedBy",
    ]);
    const [what, , verdict] = QUESTIONS[index]!;
    assert.equal(answer["verdict"], verdict, what);
    assertDecision(answer as unknown as ExplainDocument, "kubernetes");
  }
  const reasonsOf = (asked: string): readonly string[] => {
    const index = QUESTIONS.findIndex(([what]) => what === asked);
    return (answers[index] as unknown as ExplainDocument).reasons.map(({ code }) => code);
  };
  assert.deepEqual(reasonsOf("a workload whose pods differ"), ["pods-differ"]);
  assert.deepEqual(reasonsOf("a name that is not given"), ["domain-name"]);
});

/** Lines that cannot be answered, and what is said of them. */
const ERRORS: readonly (readonly [line: unknown, id: unknown, error: RegExp])[] = [
  ["{", null, /^this line is no JSON/u],
  [[1], null, /^a question is an object/u],
  [{ id: 3, from: "a" }, 3, /^a question needs `from`, `to` and `port`/u],
  [
    ask("shop/Pod/dv", DB, "tcp/1"),
    1,
    /^nothing is called `shop\/Pod\/dv`: did you mean `shop\/Pod\/db`\?$/u,
  ],
  [ask(DB, "shop/Pod/web", "tcp/1"), 1, /^nothing is called `shop\/Pod\/web`/u],
  [ask("shop/Pod/web-2", DB, "http"), 1, /^cannot read the port `http`/u],
  [ask("shop/Pod/web-2", DB, "tcp/1", { family: 5 }), 1, /^`family` is 4 or 6$/u],
  [ask("shop/Pod/web-2", DB, "tcp/1", { given: ["sun"] }), 1, /^cannot read the fact `sun`/u],
  [ask("shop/Pod/web-2", DB, "tcp/1", { given: "sun" }), 1, /^`given` is a list/u],
  [ask("own-node", "other-nodes", "tcp/1"), 1, /never two ends/u],
];

test("a line that cannot be answered is an error, the others go on, and the exit is 2", async () => {
  const good = ask("shop/Pod/web-2", DB, "tcp/5432");
  const { answers, exit, stderr } = await batch(ERRORS.flatMap(([line]) => [line, good]));
  assert.equal(exit, 2);
  assert.match(stderr, /some questions could not be answered/u);
  for (const [index, [, id, error]] of ERRORS.entries()) {
    const [bad, next] = answers.slice(index * 2);
    assert.deepEqual(Object.keys(bad!), ["id", "error"]);
    assert.deepEqual(bad!["id"], id);
    assert.match(String(bad!["error"]), error);
    assert.deepEqual(next, { id: 1, verdict: "allow" });
  }
});

test("`load` replaces the cluster, and one that fails leaves none", async () => {
  const question = ask("shop/Pod/web-2", DB, "tcp/5432");
  const lines = [
    question,
    { load: ["dump.yaml"] },
    question,
    { load: ["pod.yaml", "dump.yaml"] },
    { load: ["pod.yaml"] },
    question,
    ask("default/Pod/a", "8.8.8.8", "tcp/1"),
    { load: ["nowhere"] },
    ask("default/Pod/a", "8.8.8.8", "tcp/1"),
    { load: [] },
  ];
  const { answers, exit, stderr } = await batch(lines, []);
  const said = answers.map((answer) => JSON.stringify(answer));
  assert.match(said[0]!, errorOf("nothing is loaded"));
  assert.deepEqual(answers[1], { loaded: 6, incomplete: false });
  assert.deepEqual(answers[2], { id: 1, verdict: "allow" });
  assert.deepEqual(answers[3], { loaded: 7, incomplete: false });
  assert.deepEqual(answers[4], { loaded: 1, incomplete: false });
  assert.match(said[5]!, errorOf("nothing is called `shop/Pod/web-2`"));
  assert.deepEqual(answers[6], { id: 1, verdict: "allow" });
  assert.match(said[7]!, errorOf("nothing could be read"));
  assert.match(said[8]!, errorOf("nothing is loaded"));
  assert.match(said[9]!, errorOf("`load` needs a list"));
  assert.match(stderr, /nowhere:1: `nowhere` cannot be read: it does not exist/u);
  assert.equal(exit, 2);
});

test("an incomplete cluster, loaded at any time, is exit 3 unless it is allowed", async () => {
  const lines = [
    { load: ["broken.yaml"] },
    ask("default/Pod/a", "8.8.8.8", "tcp/1"),
    { load: ["pod.yaml"] },
  ];
  const strict = await batch(lines, []);
  assert.deepEqual(strict.answers, [
    { loaded: 1, incomplete: true },
    { id: 1, verdict: "allow" },
    { loaded: 1, incomplete: false },
  ]);
  assert.equal(strict.exit, 3);
  const lenient = await batch(lines, ["--allow-incomplete"]);
  assert.deepEqual([lenient.answers, lenient.exit], [strict.answers, 0]);
});

test("each answer is written as soon as it is known", async () => {
  const argv = [resolve("src/cli/main.ts"), "explain", "dump.yaml", "--batch", "-"];
  const child = spawn(process.execPath, argv, { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
  try {
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    for (const id of [1, 2, 3]) {
      child.stdin.write(`${JSON.stringify({ ...ask("shop/Pod/web-2", DB, "tcp/5432"), id })}\n`);
      const { value } = await answers.next();
      assert.deepEqual(JSON.parse(String(value)), { id, verdict: "allow" });
    }
    child.stdin.end();
    const [exit] = (await once(child, "close")) as [number];
    assert.equal(exit, 0);
  } finally {
    child.kill();
  }
});

function errorOf(text: string): RegExp {
  return new RegExp(`^\\{"id":[^,]+,"error":"${text}`, "u");
}
