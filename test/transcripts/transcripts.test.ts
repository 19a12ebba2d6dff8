import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { runRingfence } from "../run-ringfence.ts";

/** A command line as a shell would take it, without quotes but for `'…'`; with what comes from standard input. */
interface Command {
  readonly line: string;
  readonly stdin?: string | undefined;
}

const POD = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {}}\n";

/** One golden file for each topic. Read a changed one line by line before it is committed. */
const TOPICS: Readonly<Record<string, readonly (string | Command)[]>> = {
  scan: [
    "scan shop",
    "scan shop -o json",
    "scan shop --namespace data",
    "scan shop -n dta",
    "scan shop -n nowhere",
    "scan shop --profile kube-network-policies",
    "scan shop --color always -n data",
    { line: "scan -", stdin: POD },
    { line: "scan - -o json", stdin: POD },
    "scan shop/policies.yaml shop/workloads.yaml shop/workloads.yaml",
  ],
  "reach-formats": [
    "reach shop",
    "reach shop -o json",
    "reach shop -o csv",
    "reach shop -o md",
    "reach shop -o dot",
    "reach shop --profile kube-network-policies --pod-cidr 10.1.0.0/16,fd01::/64 --node-cidr 10.9.0.0/24",
  ],
  "reach-future": [
    "reach shop --future",
    "reach shop --future -o json --namespace data",
    "reach shop --future --from shop/ReplicaSet/web",
    "reach shop --future --from shop/ReplicaSet/webb",
    "reach shop --future --to shop/ReplicaSet/web",
    "reach shop --future -o csv",
    "reach shop --future --port tcp/80",
  ],
  "reach-filters": [
    "reach shop --from shop/Deployment/api",
    "reach shop --to shop/ --port tcp/8081",
    "reach shop --from shop/ --to data/",
    "reach shop --namespace data",
    "reach shop --outside -o csv",
    "reach shop --outside --namespace shop --port tcp/444",
    "reach shop --from 203.0.113.9",
    "reach shop --from 10.1.0.1 --to 203.0.113.1",
    "reach shop --from shop/Pod/web-1 --pairs -o json",
    "reach shop --from node/n1 -o md",
    "reach shop --port icmp/8/0 -o csv",
    "reach shop --port proto/112 --from shop/ReplicaSet/web -o csv",
    "reach shop --from shop/ReplicaSet/wbe",
    "reach shop --from api",
    "reach shop --to own-node",
    "reach shop --port 80",
    "reach shop -n nowhere",
  ],
  explain: [
    "explain shop --from shop/ReplicaSet/web --to shop/Deployment/api --port tcp/8081",
    "explain shop --from shop/ReplicaSet/web --to data/StatefulSet/db --port tcp/5432",
    "explain shop --from shop/ReplicaSet/web --to shop/Deployment/api --port icmp/8",
    "explain shop --from 203.0.113.9 --to 10.1.0.1 --port tcp/8080",
    "explain shop --from shop/Pod/web-1 --to FD01::1 --port tcp/1",
    "explain shop --from node/n1 --to shop/Deployment/api --port tcp/8081",
    "explain shop --from shop/ReplicaSet/web --to shop/Deployment/api --port tcp/444 --family 6",
    "explain shop --from shop/Deployment/api --to data/StatefulSet/db --port tcp/5432 -o json",
    "explain shop --from shop/Deployment/api --to data/StatefulSet/db --port tcp/5432 -o ndjson",
    "explain shop --from shop/Deployment/api --to data/StatefulSet/db --port tcp/5432 --given 'fqdn db.example.com' --given 'http GET /x'",
    "explain shop --batch questions.ndjson",
    "explain shop --batch questions.ndjson --why",
  ],
  usage: [
    "",
    "scna",
    "frobnicate",
    "--versoin",
    "--frobnicate",
    "help frobnicate",
    "help scan",
    "scan",
    "scan --outptu json shop",
    "scan --frobnicate shop",
    "scan -x shop",
    "scan shop -o jsn",
    "scan shop -o yaml",
    "scan shop -o",
    "scan shop --profile calico",
    "scan shop --pod-cidr 10.0.0.0",
    "scan shop --allow-incomplete=yes",
    "scan shop -n data -n shop",
    "scan nowhere",
    "scan -- --not-a-flag",
    "reach nowhere -o json",
    "explain shop",
    "explain shop --from a --to b",
    "explain shop --from shop/Deployment/apii --to 8.8.8.8 --port tcp/80",
    "explain shop --from 8.8.8.8 --to own-node --port tcp/80",
    "explain shop --from shop/Deployment/api --to 8.8.8.8 --port tcp/70000",
    "explain shop --from shop/Deployment/api --to 8.8.8.8 --port proto/6",
    "explain shop --from shop/Deployment/api --to 8.8.8.8 --port tcp/80 --family 5",
    "explain shop --from shop/Deployment/api --to 8.8.8.8 --port tcp/80 --given sun",
    "explain shop --from shop/Deployment/api --to 8.8.8.8 --port tcp/80 --why",
    "explain shop --batch nowhere",
    "explain shop --batch questions.ndjson --from shop/Deployment/api",
    "explain shop --batch questions.ndjson -o json",
    "explain - --batch -",
    { line: "scan -", stdin: "" },
    { line: "reach -", stdin: "# nothing but a comment\n" },
    { line: "scan -", stdin: "replicas: 3\n" },
    "snapshot shop",
    "snapshot --out x",
    "snapshot nowhere --out x",
    "snapshot shop --out nowhere/x",
    "snapshot shop --out shop",
    "completion",
    "completion tcsh",
  ],
  profiles: [
    "profiles",
    "profiles -o md",
    "profiles engine",
    "profiles engine -o json",
    "profiles engine -o yaml",
    "profiles engine -o md",
    "profiles shop",
    "profiles --compare kubernetes,kube-network-policies shop",
    "profiles --compare kubernetes,kube-network-policies shop -o json --fail-on any",
    "profiles --compare kubernetes,kube-network-policies shop -o yaml",
    "profiles --compare kubernetes,kube-network-policies shop -o md",
    "profiles --compare kubernetes,kube-network-policies engine --fail-on any",
    "profiles --compare kubernetes shop",
    "profiles --compare kubernetes,kubernetes shop",
    "profiles --compare kubernetes,nothing shop",
    "profiles --compare kubernetes,kube-network-policies",
    "profiles --fail-on any shop",
    "profiles --profile kubernetes",
    "profiles nowhere",
  ],
  completion: ["completion bash", "completion zsh", "completion fish"],
};

/** How many processes run at once. */
const AT_ONCE = 4;

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "ringfence-transcripts-"));
  cpSync("test/transcripts/fixtures", folder, { recursive: true });
});
after(() => rmSync(folder, { recursive: true }));

for (const [topic, commands] of Object.entries(TOPICS)) {
  test(`transcript: ${topic}`, async (t) => {
    const transcripts: string[] = [];
    for (let i = 0; i < commands.length; i += AT_ONCE) {
      const some = commands.slice(i, i + AT_ONCE);
      transcripts.push(...(await Promise.all(some.map(transcriptOf))));
    }
    const golden = new URL(`${topic}.golden.txt`, import.meta.url).pathname;
    t.assert.fileSnapshot(transcripts.join("\n"), golden, { serializers: [String] });
  });
}

/** What a shell would show, each line of standard error behind `! `. */
async function transcriptOf(command: string | Command): Promise<string> {
  const { line, stdin } = typeof command === "string" ? { line: command } : command;
  const argv = [...line.matchAll(/'([^']*)'|(\S+)/gu)].map(([, quoted, plain]) => quoted ?? plain!);
  const { stdout, stderr, exit } = await runRingfence(argv, { cwd: folder, stdin });
  const pipe = stdin === undefined ? "" : `printf %s ${JSON.stringify(stdin)} | `;
  const errors = stderr.replaceAll(/^(?=.)/gmu, "! ");
  return `$ ${pipe}ringfence ${line}`.trimEnd() + `\n${stdout}${errors}exit: ${exit}\n`;
}
