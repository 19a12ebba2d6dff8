// What a comment on a pull request says of the edits that people make to examples/payments.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { type Session, diffSessions, openSession } from "../../src/app/index.ts";
import { readCluster } from "../../src/files/index.ts";
import { writeDiffMarkdown, writeDiffText } from "../../src/report/index.ts";

interface Edit {
  readonly name: string;
  readonly file: string;
  /** What is replaced, which stands in the file once. */
  readonly old: string;
  readonly now: string;
  /** What the comment must name: the edited thing with file and line, and the connections. */
  readonly names: readonly string[];
  readonly summary: string;
}

const SHOP = "shop/network-policies.yaml";
const PAYMENTS = "payments/network-policies.yaml";
const NP = "networking.k8s.io/NetworkPolicy";
const CNP = "policy.networking.k8s.io/ClusterNetworkPolicy";

const EDITS: readonly Edit[] = [
  {
    name: "rule-added",
    file: SHOP,
    old: `              app: api
      ports:
        - port: https
`,
    now: `              app: api
      ports:
        - port: https
    - to:
        - ipBlock:
            cidr: 203.0.113.0/24
      ports:
        - port: 443
`,
    names: [
      "`egress[3]` was added to policy `networking.k8s.io/NetworkPolicy/shop/orders`",
      "`head/shop/network-policies.yaml:186`",
      "| `shop/Deployment/orders` | `203.0.113.0/24` | `tcp/443",
      "**Opened to outside",
    ],
    summary: "9 connections opened (8 perhaps), 0 connections closed",
  },
  {
    name: "rule-removed",
    file: PAYMENTS,
    old: `    - to:
        - podSelector:
            matchLabels:
              app: fraud-scoring
      ports:
        - port: http
`,
    now: "",
    names: [
      `\`egress[1]\` was removed from policy \`${NP}/payments/api\``,
      "| `payments/Deployment/api` | `payments/Deployment/fraud-scoring` | `tcp/8080",
    ],
    summary: "0 connections opened, 1 connection closed",
  },
  {
    name: "port-changed",
    file: SHOP,
    old: "        - port: 587",
    now: "        - port: 25",
    names: [
      `\`egress[0]\` of policy \`${NP}/shop/mailer\` changed: ports`,
      "| `shop/Deployment/mailer` | `192.0.2.32/28` | `tcp/25`",
      "| `shop/Deployment/mailer` | `192.0.2.32/28` | `tcp/587`",
    ],
    summary: "7 connections opened (6 perhaps), 7 connections closed (6 perhaps)",
  },
  {
    name: "range-widened",
    file: PAYMENTS,
    old: "            cidr: 198.51.100.192/28",
    now: "            cidr: 0.0.0.0/0",
    names: [
      `\`egress[1]\` of policy \`${NP}/payments/settlement\` changed: peers`,
      "| `payments/CronJob/settlement` | `0.0.0.0-198.51.100.191`, `198.51.100.208-255.255.255.255` | `tcp/22",
    ],
    summary: "1 connection opened, 0 connections closed",
  },
  {
    name: "nothing-opened",
    file: PAYMENTS,
    old: `  name: allow-dns
  namespace: payments
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/part-of: payments
`,
    now: `  name: allow-dns
  namespace: payments
spec:
  podSelector: {}
`,
    names: [],
    summary: "no connection changed",
  },
  {
    name: "selector-widened",
    file: SHOP,
    old: `  name: catalog
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: catalog
`,
    now: `  name: catalog
  namespace: shop
spec:
  podSelector: {}
`,
    names: [
      `the selector of policy \`${NP}/shop/catalog\` changed`,
      "`shop/Deployment/recommendations`",
    ],
    summary: "7 connections opened, 0 connections closed",
  },
  {
    name: "policy-deleted",
    file: PAYMENTS,
    old: `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: card-vault-replicas
  namespace: payments
spec:
  podSelector:
    matchLabels:
      app: card-vault
  policyTypes:
    - Egress
  egress:
    - to:
        - podSelector:
            matchLabels:
              app: card-vault
      ports:
        - port: 8200
          endPort: 8201
`,
    now: "",
    names: [
      `policy \`${NP}/payments/card-vault-replicas\` was removed`,
      "| `payments/StatefulSet/card-vault` | `payments/StatefulSet/card-vault` | `tcp/8200-8201",
    ],
    summary: "0 connections opened, 1 connection closed",
  },
  {
    name: "default-deny-deleted",
    file: "observability/network-policies.yaml",
    old: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny-ingress
  namespace: observability
spec:
  podSelector: {}
  policyTypes:
    - Ingress
---
`,
    now: "",
    names: [
      `policy \`${NP}/observability/default-deny-ingress\` was removed`,
      "**Opened from outside",
      "| `any address outside` | `observability/DaemonSet/log-collector` | `all` |",
    ],
    summary: "17 connections opened (1 from outside, 5 perhaps), 0 connections closed",
  },
  {
    name: "pod-label-changed",
    file: "payments/workloads.yaml",
    old: `      labels:
        app: tokenizer
`,
    now: `      labels:
        app: tokeniser
`,
    names: [
      "the labels of `payments/Deployment/tokenizer` changed: `app=tokenizer` → `app=tokeniser`",
      "head/payments/workloads.yaml:73`",
      "| `payments/Deployment/api` | `payments/Deployment/tokenizer` | `tcp/9443",
      "| `payments/Deployment/tokenizer` | `payments/StatefulSet/card-vault` | `tcp/8200",
    ],
    summary: "0 connections opened, 2 connections closed",
  },
  {
    name: "namespace-label-changed",
    file: "namespaces.yaml",
    old: `  name: observability
  labels:
    team: platform`,
    now: `  name: observability
  labels:
    team: data`,
    names: [
      "the labels of namespace `observability` changed: `team=platform` → `team=data`",
      "**Opened across namespaces",
      "`data/StatefulSet/sessions`",
    ],
    summary: "12 connections opened, 0 connections closed",
  },
  {
    name: "workload-added",
    file: "shop/workloads.yaml",
    old: `apiVersion: v1
kind: ServiceAccount
metadata:
  name: catalog
  namespace: shop`,
    now: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: debug
  namespace: data
spec:
  selector:
    matchLabels:
      app: debug
  template:
    metadata:
      labels:
        app: debug
    spec:
      containers:
        - name: debug
          image: registry.example/tools/debug:1
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: catalog
  namespace: shop`,
    names: [
      "workload `data/Deployment/debug` was added",
      "**Opened from outside",
      "| `any address outside` | `data/Deployment/debug` | `all` |",
    ],
    summary: "20 connections opened (1 from outside, 5 perhaps), 0 connections closed",
  },
  {
    name: "admin-action-changed",
    file: "cluster/cluster-network-policies.yaml",
    old: `    - name: nobody-else
      action: Deny`,
    now: `    - name: nobody-else
      action: Accept`,
    names: [
      `\`ingress[1]\` of policy \`${CNP}/card-vault-from-payments-only\` changed: action Deny → Allow`,
      "`payments/StatefulSet/card-vault`",
    ],
    summary: "11 connections opened (3 perhaps), 0 connections closed",
  },
  {
    name: "admin-rule-moved",
    file: "cluster/cluster-network-policies.yaml",
    old: `    - name: payments-policies-decide
      action: Pass
      from:
        - namespaces:
            matchLabels:
              pci: cde
    - name: nobody-else
      action: Deny
      from:
        - namespaces: {}
`,
    now: `    - name: nobody-else
      action: Deny
      from:
        - namespaces: {}
    - name: payments-policies-decide
      action: Pass
      from:
        - namespaces:
            matchLabels:
              pci: cde
`,
    names: [
      `of policy \`${CNP}/card-vault-from-payments-only\` moved to`,
      "| `payments/CronJob/settlement`, `payments/Deployment/tokenizer` | `payments/StatefulSet/card-vault` | `tcp/8200",
    ],
    summary: "0 connections opened, 3 connections closed",
  },
  {
    name: "port-renamed",
    file: "data/workloads.yaml",
    old: `        - name: orders-db
          image: registry.example/data/postgres:17.2
          ports:
            - name: postgres`,
    now: `        - name: orders-db
          image: registry.example/data/postgres:17.2
          ports:
            - name: pg`,
    names: [
      "the named ports of `data/StatefulSet/orders-db` changed: -`postgres tcp/5432`, +`pg tcp/5432`",
      "| `shop/Deployment/orders` | `data/StatefulSet/orders-db` | `tcp/5432",
    ],
    summary: "0 connections opened, 2 connections closed",
  },
];

const root = mkdtempSync(join(tmpdir(), "ringfence-edits-"));
after(() => rmSync(root, { recursive: true }));
const example = join(import.meta.dirname, "../../examples/payments");
cpSync(example, join(root, "base"), { recursive: true });

async function open(folder: string): Promise<Session> {
  const ranges = { profile: undefined, podRanges: undefined, nodeRanges: undefined };
  const session = await openSession(readCluster, [join(root, folder)], ranges);
  assert.ok(typeof session !== "string");
  return session;
}

for (const { name, file, old, now, names, summary } of EDITS) {
  test(`an edit of examples/payments: ${name}`, async (t) => {
    const head = join(root, "head");
    rmSync(head, { recursive: true, force: true });
    cpSync(example, head, { recursive: true });
    const path = join(head, file);
    const text = readFileSync(path, "utf8");
    assert.equal(text.split(old).length, 2, `${file} has it ${text.split(old).length - 1} times`);
    writeFileSync(
      path,
      text.replace(old, () => now),
    );
    const result = diffSessions(await open("base"), await open("head"));
    const written = (write: (take: (piece: string) => void) => void): string => {
      const pieces: string[] = [];
      write((piece) => pieces.push(piece));
      return pieces.join("").replaceAll(`${root}/`, "");
    };
    const comment = written((take) => writeDiffMarkdown(result, take));
    const style = { bold: String, dim: String, red: String, yellow: String, green: String };
    const terminal = written((take) => writeDiffText(result, style, take));
    const golden = join(import.meta.dirname, "golden", name);
    const serializers = [String];
    t.assert.fileSnapshot(comment, `${golden}.comment.golden.txt`, { serializers });
    t.assert.fileSnapshot(terminal, `${golden}.terminal.golden.txt`, { serializers });
    for (const part of names) assert.ok(comment.includes(part), `${part} is not in\n${comment}`);
    assert.equal(comment.split("\n")[1], `### ringfence: ${summary}`);
  });
}
