// Published manifests of network engines: what is recognised of them, from files and from a snapshot of the same files.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { readCluster } from "../src/files/index.ts";
import { configured, detectEngines, detectProfile } from "../src/policy/index.ts";
import { runRingfence } from "./run-ringfence.ts";
import { NO_SHARED_DATA, SHARED_DATA } from "./shared-data.ts";

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "ringfence-engines-"));
});
after(() => rmSync(folder, { recursive: true }));

/** By path: the engine, whether it enforces, and the last line of evidence. */
const PUBLISHED: Readonly<Record<string, readonly [string, string, string]>> = {
  "cni/calico": ["calico", "on", "runs `quay.io/calico/node:v3.32.1`"],
  "cni/cilium/quick-install-v1.9.17.yaml": ["cilium", "on", "has `enable-policy: default`"],
  "cni/cilium/kops-rendered-v1.18.12.yaml": [
    "cilium",
    "on",
    "has `enable-k8s-networkpolicy: true`",
  ],
  "cni/flannel": [
    "flannel",
    "off",
    "has no `kube-network-policies` container: flannel alone enforces nothing",
  ],
  "cni/kindnet": ["kindnet", "on", "is a version that enforces NetworkPolicy"],
  "aws-vpc-cni": ["aws-vpc-cni", "off", "has `enable-network-policy-controller: false`"],
};

describe("published manifests", () => {
  for (const [path, [name, enforcement, last]] of Object.entries(PUBLISHED)) {
    test(path, { skip: NO_SHARED_DATA }, async () => {
      const source = join(SHARED_DATA, "clusters", path);
      const packed = join(folder, `${name}.ndjson.gz`);
      await runRingfence(["snapshot", source, "--out", packed]);
      const [direct, again] = await Promise.all([summary(source), summary(packed)]);
      assert.deepEqual(
        direct.map((one) => [one.name, one.enforcement, one.texts.at(-1)]),
        [[name, enforcement, last]],
      );
      assert.deepEqual(again, direct);
    });
  }
});

async function summary(path: string): Promise<
  readonly {
    readonly name: string;
    readonly enforcement: string;
    readonly texts: readonly string[];
  }[]
> {
  const { cluster } = await readCluster([path]);
  return detectEngines(cluster).engines.map((engine) => ({
    name: engine.name,
    enforcement: engine.enforcement,
    texts: engine.evidence.map(({ text }) => text),
  }));
}

/** By path: the profile, and whether NetworkPolicy is enforced under it. */
const TAKEN: Readonly<Record<string, readonly [string, boolean]>> = {
  "cni/flannel": ["flannel", false],
  "cni/kindnet": ["kube-network-policies", true],
  "aws-vpc-cni": ["aws-vpc-cni", false],
};

describe("the profile that is taken", () => {
  for (const [path, expected] of Object.entries(TAKEN)) {
    test(path, { skip: NO_SHARED_DATA }, async () => {
      const { cluster } = await readCluster([join(SHARED_DATA, "clusters", path)]);
      const profile = configured(detectProfile(cluster).profile, cluster);
      assert.deepEqual([profile.name, profile.switches.networkPolicies], expected);
    });
  }
});

test("evidence is found on its line", { skip: NO_SHARED_DATA }, async () => {
  const { cluster, locate } = await readCluster([join(SHARED_DATA, "clusters/aws-vpc-cni")]);
  const [engine] = detectEngines(cluster).engines;
  const lines = engine!.evidence.map(({ origin, path }) => locate(origin!, path).line);
  assert.deepEqual(lines, [213, 330, 84]);
});
