// `ringfence init` as people run it.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, describe, test } from "node:test";

import { realisticCluster } from "./generate/realistic.ts";
import { folderWith, runProgram } from "./run-program.ts";

const EXAMPLE = "examples/payments";

function lines(workloads: number, policies: number, podsPerWorkload: number): string {
  return [...realisticCluster(workloads, { workloads, policies, podsPerWorkload })]
    .map((object) => `${JSON.stringify(object)}\n`)
    .join("");
}

function initAndTest(t: TestContext, manifests: string): void {
  const folder = folderWith(t, { "m.ndjson": manifests });
  assert.equal(runProgram(["init", "m.ndjson"], folder).code, 0);
  const { code, out, err } = runProgram(["test", "m.ndjson"], folder);
  assert.equal(code, 0, out + err);
}

describe("a configuration that `ringfence init` writes is valid and met", () => {
  test("of manifests", (t) => initAndTest(t, lines(60, 30, 0)));
  test("of a live cluster", (t) => initAndTest(t, lines(45, 20, 2)));
  test("without a policy", (t) => initAndTest(t, lines(25, 0, 0)));
  test("with ranges that its objects tell of", (t) => {
    const pool = {
      apiVersion: "crd.projectcalico.org/v1",
      kind: "IPPool",
      metadata: { name: "p" },
      spec: { cidr: "10.244.0.0/16" },
    };
    const data = {
      ClusterConfiguration:
        "networking:\n  podSubnet: 10.244.0.0/16,fd00::/56\n  serviceSubnet: 10.96.0.0/12\n",
    };
    const kubeadm = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "kubeadm-config", namespace: "kube-system" },
      data,
    };
    const objects = [pool, kubeadm].map((object) => `${JSON.stringify(object)}\n`).join("");
    const manifests = lines(20, 10, 0) + objects;
    initAndTest(t, manifests);
    const folder = folderWith(t, { "m.ndjson": manifests });
    const { out } = runProgram(["init", "m.ndjson", "--out", "-"], folder);
    assert.match(
      out,
      /^ranges:\n {2}pods:\n {4}- 10\.244\.0\.0\/16 # ConfigMap\/kube-system\/kubeadm-config\n {4}- "fd00::\/56" # .+\n {2}services:\n {4}- 10\.96\.0\.0\/12 # /mu,
    );
    assert.equal(existsSync(join(folder, "ringfence.yaml")), false, "`--out -` writes no file");
  });
  test("of the example", (t) => {
    const folder = folderWith(t, {});
    const file = join(folder, "first.yaml");
    assert.equal(runProgram(["init", EXAMPLE, "--out", file]).code, 0);
    assert.match(
      readFileSync(file, "utf8"),
      / {2}- name: cde\n {4}namespaces:\n {6}matchLabels:\n {8}pci: "cde"\n/u,
    );
    const { code, out } = runProgram(["test", EXAMPLE, "--config", file]);
    assert.equal(code, 0, out);
  });
});

test("init does not overwrite a file unless it is forced to", (t) => {
  const folder = folderWith(t, { "a/m.ndjson": lines(20, 10, 0), "a/ringfence.yaml": "# mine\n" });
  const file = join(folder, "a/ringfence.yaml");
  const refused = runProgram(["init", "a"], folder);
  assert.equal(refused.code, 2);
  assert.equal(
    refused.err,
    "ringfence: `a/ringfence.yaml` exists: give --force to overwrite it, or --out FILE\n",
  );
  assert.equal(readFileSync(file, "utf8"), "# mine\n");
  assert.equal(runProgram(["init", "a", "--force"], folder).code, 0);
  assert.match(readFileSync(file, "utf8"), /^intents:$/mu);
  assert.equal(runProgram(["test", "a"], folder).code, 0);
});
