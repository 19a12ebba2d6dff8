// Mistakes that teams make in policies, each planted into a copy of examples/payments and found by its ringfence.yaml.
import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { type IntentOutcome, configSchema, openSession, testIntents } from "../src/app/index.ts";
import { readChecked, readCluster } from "../src/files/index.ts";
import { folderWith } from "./run-program.ts";

const EXAMPLE = "examples/payments";

/** A mistake: an edit of the example, the intent that finds it, and its counterexample. */
const MISTAKES: readonly {
  readonly mistake: string;
  readonly file: string;
  readonly edit: readonly [string, string];
  readonly found: string;
  readonly by: string;
}[] = [
  {
    mistake: "the payment API takes everybody",
    file: "payments/network-policies.yaml",
    edit: [
      "    - from:\n        - namespaceSelector:\n            matchLabels:\n              kubernetes.io/metadata.name: shop\n          podSelector:\n            matchLabels:\n              app: orders\n      ports:\n        - port: https\n",
      "    - ports:\n        - port: https\n",
    ],
    found: "nothing enters the cardholder data environment but orders and the metrics",
    by: "payments/Deployment/api tcp/8443 allow",
  },
  {
    mistake: "fraud scoring is let into the vault",
    file: "payments/network-policies.yaml",
    edit: [
      "                  - tokenizer\n",
      "                  - tokenizer\n                  - fraud-scoring\n",
    ],
    found: "the card vault is opened by tokenizer and settlement only",
    by: "payments/StatefulSet/card-vault tcp/8200 allow",
  },
  {
    mistake: "the default deny of payments selects nothing",
    file: "payments/network-policies.yaml",
    edit: ["  podSelector: {}\n", "  podSelector:\n    matchLabels:\n      app: default-deny\n"],
    found: "nothing enters the cardholder data environment but orders and the metrics",
    by: "payments/CronJob/settlement tcp/1 allow",
  },
  {
    mistake: "the web server is open to the world",
    file: "shop/network-policies.yaml",
    edit: [
      "    - from:\n        - namespaceSelector:\n            matchLabels:\n              kubernetes.io/metadata.name: ingress-nginx\n          podSelector:\n            matchLabels:\n              app: ingress-nginx-controller\n      ports:\n",
      "    - ports:\n",
    ],
    found: "nobody from outside comes into the shop but by the front door",
    by: "shop/Deployment/web tcp/8080 allow",
  },
  {
    mistake: "a port's name is mistyped",
    file: "shop/network-policies.yaml",
    edit: [
      "              app: ingress-nginx-controller\n      ports:\n        - port: http\n",
      "              app: ingress-nginx-controller\n      ports:\n        - port: htpp\n",
    ],
    found: "the front door reaches the web server",
    by: "shop/Deployment/web tcp/8080 deny",
  },
  {
    mistake: "a policy's own selector is mistyped",
    file: "data/network-policies.yaml",
    edit: ["    matchLabels:\n      app: orders-db\n", "    matchLabels:\n      app: order-db\n"],
    found: "the orders are for orders and backup only",
    by: "data/StatefulSet/orders-db tcp/1 allow",
  },
  {
    mistake: "an exception is lost",
    file: "payments/network-policies.yaml",
    edit: ["            except:\n              - 198.51.100.0/28\n", ""],
    found: "payments in production never reach the acquirer's test system",
    by: "198.51.100.0 tcp/443 allow",
  },
  {
    mistake: "prometheus takes every pod of its namespace",
    file: "observability/network-policies.yaml",
    edit: [
      "        - podSelector:\n            matchLabels:\n              app: grafana\n",
      "        - podSelector: {}\n",
    ],
    found: "prometheus is asked by grafana only",
    by: "observability/StatefulSet/prometheus tcp/9090 allow",
  },
  {
    mistake: "the tokenizer may send to any address",
    file: "payments/network-policies.yaml",
    edit: [
      "              app: card-vault\n      ports:\n        - port: vault\n",
      "              app: card-vault\n      ports:\n        - port: vault\n    - to:\n        - ipBlock:\n            cidr: 0.0.0.0/0\n",
    ],
    found: "what holds card numbers does not speak to the outside",
    by: "tcp/1 allow",
  },
  {
    mistake: "the bank's addresses are mistyped",
    file: "payments/network-policies.yaml",
    edit: ["198.51.100.192/28", "198.51.100.129/28"],
    found: "the night's files reach the bank",
    by: "tcp/22 deny",
  },
  {
    mistake: "a namespace's name is mistyped",
    file: "payments/network-policies.yaml",
    edit: [
      "              kubernetes.io/metadata.name: shop\n",
      "              kubernetes.io/metadata.name: shpo\n",
    ],
    found: "an order reaches the payment API",
    by: "payments/Deployment/api tcp/8443 deny",
  },
  {
    mistake: "the platform's baseline lets its own teams into the stores",
    file: "cluster/cluster-network-policies.yaml",
    edit: [
      "                  - shop\n                  - data\n",
      "                  - shop\n                  - data\n                  - platform\n",
    ],
    found: "other teams do not reach the stores",
    by: "data/StatefulSet/catalog-db tcp/1 allow",
  },
];

/** Holds a copy of the example to its own intents. */
async function testExample(folder: string): Promise<readonly IntentOutcome[]> {
  const file = join(folder, "ringfence.yaml");
  const { value } = await readChecked(file, configSchema);
  const settings = { profile: undefined, podRanges: undefined, nodeRanges: undefined };
  const session = await openSession(readCluster, [folder], settings);
  assert.ok(value !== undefined && typeof session !== "string");
  const at = { file, line: 1 };
  const zones = (value.zones ?? []).map((zone) => ({ ...zone, ...at }));
  const stated = (value.intents ?? []).map((intent) => ({ intent, ...at }));
  return testIntents(session, { zones, intents: stated, refused: [] }).intents;
}

describe("planted mistakes are found by intents that people wrote before", () => {
  test("without a mistake all are met", async () => {
    const outcomes = await testExample(EXAMPLE);
    assert.ok(outcomes.length > 15);
    assert.deepEqual([...new Set(outcomes.map(({ state }) => state))], ["met"]);
  });
  for (const { mistake, file, edit, found, by } of MISTAKES) {
    test(mistake, async (t) => {
      const folder = folderWith(t, {});
      cpSync(EXAMPLE, folder, { recursive: true });
      const path = join(folder, file);
      const before = readFileSync(path, "utf8");
      const after = before.replace(...edit);
      assert.notEqual(after, before, "the edit applies");
      writeFileSync(path, after);
      const outcome = (await testExample(folder)).find(({ name }) => name === found);
      assert.equal(outcome?.state, "unmet");
      const texts = outcome.counterexamples.map(
        ({ from, to, port, verdict }) => `${from} → ${to} ${port} ${verdict}`,
      );
      assert.ok(
        texts.some((text) => text.endsWith(by)),
        texts.join("\n"),
      );
    });
  }
});
