import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";

import { runRingfence } from "./run-ringfence.ts";
import { NO_SHARED_DATA, SHARED_DATA } from "./shared-data.ts";

interface Scan {
  readonly incomplete: boolean;
  readonly counts: {
    readonly workloads: number;
    readonly policies: Readonly<Record<string, number>>;
  };
  readonly isolation: Readonly<Record<string, { readonly isolated: number; readonly of: number }>>;
  readonly openness: {
    readonly toAnyAddress: readonly string[];
    readonly fromAnyAddress: readonly string[];
  };
  readonly findings: readonly Finding[];
}

interface Finding {
  readonly id: string;
  readonly subject: string;
  readonly refs: readonly {
    readonly policy?: string;
    readonly rule?: string;
    readonly file: string;
    readonly line: number;
  }[];
}

async function scan(name: string): Promise<Scan> {
  const { stdout, exit } = await runRingfence([
    "scan",
    join(SHARED_DATA, "clusters", name),
    "-o",
    "json",
  ]);
  assert.equal(exit, 0);
  return JSON.parse(stdout) as Scan;
}

/** Findings of a check as `SUBJECT RULE FILE: the text of that line`. */
function placesOf({ findings }: Scan, id: string): readonly string[] {
  return findings
    .filter((finding) => finding.id === id)
    .flatMap(({ subject, refs }) =>
      refs.map(({ rule, file, line }) => {
        const text = readFileSync(file, "utf8").split("\n")[line - 1]?.trim();
        return `${subject.split("/").at(-1)} ${rule ?? "-"} ${basename(file)}: ${text}`;
      }),
    );
}

const skip = NO_SHARED_DATA;

test(
  "microservices-demo: isolated 12 of 12, yet all may send to any address",
  { skip },
  async () => {
    const result = await scan("microservices-demo");
    assert.equal(result.counts.workloads, 12);
    assert.deepEqual(result.isolation, {
      ingress: { isolated: 12, of: 12 },
      egress: { isolated: 12, of: 12 },
    });
    assert.equal(result.openness.toAnyAddress.length, 12);
    assert.deepEqual(result.openness.fromAnyAddress, ["default/Deployment/frontend"]);
    const rules = placesOf(result, "allows-any-address");
    const egress = rules.filter((place) => place.includes(" egress[0] "));
    assert.equal(egress.length, 12);
    for (const place of egress) {
      assert.match(place, /^(\S+) egress\[0\] network-policy-\S+\.yaml: - \{\}$/u);
    }
    assert.deepEqual(
      rules.filter((place) => !egress.includes(place)),
      ["frontend ingress[0] network-policy-frontend.yaml: - {}"],
    );
  },
);

test("microservices-demo: people read the same", { skip }, async () => {
  const folder = join(SHARED_DATA, "clusters/microservices-demo");
  const { stdout, exit } = await runRingfence(["scan", folder]);
  assert.equal(exit, 0);
  assert.match(stdout, /^isolated by a policy +12 of 12 +12 of 12 {2}workloads$/mu);
  assert.match(stdout, /^admit every address outside +\d+ of 12 +12 of 12 {2}workloads$/mu);
  assert.match(stdout, /^may send to every address {2}\S/mu);
  for (const name of ["adservice", "frontend", "paymentservice"]) {
    const place = `${folder}/network-policies/network-policy-${name}.yaml`;
    assert.match(
      stdout,
      new RegExp(`^ +${RegExp.escape(place)}:\\d+( and 1 place more)?$`, "mu"),
      name,
    );
  }
});

test(
  "sock-shop: ingress 14 of 14 by chance, egress 0, a dead annotation, an idle policy",
  { skip },
  async () => {
    const result = await scan("sock-shop");
    assert.equal(result.counts.workloads, 14);
    assert.deepEqual(result.isolation, {
      ingress: { isolated: 14, of: 14 },
      egress: { isolated: 0, of: 14 },
    });
    assert.deepEqual(placesOf(result, "dead-annotation"), [
      "sock-shop - netpol-default-deny.yaml: net.beta.kubernetes.io/network-policy: |",
    ]);
    assert.deepEqual(placesOf(result, "policy-selects-nothing"), [
      "cart-access - netpol-cart-access.yaml: podSelector:",
    ]);
  },
);

test("bank-of-anthos: nothing is isolated", { skip }, async () => {
  const result = await scan("bank-of-anthos");
  assert.equal(result.counts.workloads, 9);
  assert.deepEqual(result.counts.policies, {});
  assert.deepEqual(result.isolation, {
    ingress: { isolated: 0, of: 9 },
    egress: { isolated: 0, of: 9 },
  });
  assert.equal(result.openness.toAnyAddress.length, 9);
  assert.equal(result.openness.fromAnyAddress.length, 9);
});
