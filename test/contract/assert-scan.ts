import assert from "node:assert/strict";

import { type IntervalSet, intersect, union } from "../../src/base/index.ts";
import type { Cluster } from "../../src/model/index.ts";
import type { ReachTable } from "./assert-reach.ts";
import { assertKeys, assertLine, assertPlace, assertSorted } from "./assert-refs.ts";
import type { ReachDocument, ScanDocument } from "./documents.ts";
import { outsideFamilies } from "./ends.ts";
import { universeOf } from "./ports.ts";

/** Asserts all that the contract says of `scan -o json` for a cluster. */
export function assertScan(document: ScanDocument, cluster: Cluster): void {
  assertKeys(
    document,
    "version profile incomplete profileWhy counts isolation coverage exposure openness findings waived waivers diagnostics",
  );
  assert.deepEqual([document.version, document.incomplete], [1, cluster.incomplete]);
  assertCounts(document, cluster);
  assertKeys(document.isolation, "ingress egress");
  const own = cluster.workloads.filter(({ pods }) => pods.some((pod) => !pod.hostNetwork));
  for (const { isolated, of } of Object.values(document.isolation)) {
    assert.equal(of, own.length, "the workloads that are not on the host network");
    assert.ok(Number.isInteger(isolated) && isolated >= 0 && isolated <= of);
  }
  for (const each of document.coverage) {
    assertKeys(each, "namespace workloads ingress egress");
    const here = cluster.workloads.filter(({ namespace }) => namespace === each.namespace);
    assert.equal(each.workloads, here.length);
    assert.deepEqual([typeof each.ingress, typeof each.egress], ["boolean", "boolean"]);
  }
  const covered = document.coverage.map(({ namespace }) => namespace);
  assert.deepEqual(covered, [...cluster.namespaces.keys()].toSorted());
  assertSorted(covered.map((namespace) => [namespace]));
  assertExposure(document);
  assertFindings(document);
  for (const diagnostic of document.diagnostics) {
    assertKeys(diagnostic, "severity file line text");
    assert.ok(["error", "warning", "info"].includes(diagnostic.severity));
    assertPlace(diagnostic);
    assertLine(diagnostic.text);
  }
  assert.equal(document.diagnostics.length, cluster.diagnostics.length);
}

function assertCounts({ counts }: ScanDocument, cluster: Cluster): void {
  assertKeys(counts, "namespaces workloads pods services policies");
  const { namespaces, workloads, services, networkPolicies, adminPolicies } = cluster;
  assert.equal(counts.namespaces, namespaces.size);
  assert.equal(counts.workloads, workloads.length);
  assert.equal(counts.pods, workloads.flatMap(({ pods }) => pods).length);
  assert.equal(counts.services, services.length);
  const kinds = Object.keys(counts.policies);
  assertSorted(kinds.map((kind) => [kind]));
  for (const kind of kinds) assert.match(kind, /^[a-z.8]+\/[A-Z]\w+$/u);
  const all = Object.values(counts.policies).reduce((sum, number) => sum + number, 0);
  assert.equal(all, networkPolicies.length + adminPolicies.length);
}

/** Counts of workloads by scope, in all and by namespace: the parts add up to the whole. */
function assertExposure({ exposure, counts, coverage }: ScanDocument): void {
  const { namespaces, ...all } = exposure;
  assertSorted(namespaces.map(({ namespace }) => [namespace]));
  for (const direction of ["ingress", "egress"] as const) {
    assertKeys(all[direction], "outside cluster namespace selected");
    for (const [scope, number] of Object.entries(all[direction])) {
      assert.ok(Number.isInteger(number) && number >= 0 && number <= counts.workloads);
      const parts = namespaces.map((each) => each[direction][scope as "outside"]);
      assert.equal(
        parts.reduce((sum, part) => sum + part, 0),
        number,
        scope,
      );
    }
  }
  const known = new Set(coverage.map(({ namespace }) => namespace));
  for (const { namespace } of namespaces) assert.ok(known.has(namespace), namespace);
}

const SEVERITIES = ["critical", "high", "medium", "low", "info"];

function assertFindings({ findings }: ScanDocument): void {
  for (const finding of findings) {
    assertKeys(finding, "id severity subject text refs fingerprint");
    assert.match(finding.id, /^[a-z0-9]+(?:-[a-z0-9]+)+$/u);
    assertLine(finding.text);
    const said = `${finding.id}:${finding.subject}`;
    const [own = "", ...keys] = finding.fingerprint.split("#");
    assert.equal(own, said, "check and object");
    for (const key of keys) assert.match(key, /^[^:]+$/u, "no line");
    assert.notEqual(finding.refs.length, 0, "a finding can be opened");
    for (const { file, line } of finding.refs) assertPlace({ file, line });
  }
  const ranks = findings.map(({ severity }) => SEVERITIES.indexOf(severity));
  assert.ok(!ranks.includes(-1));
  assert.deepEqual(
    ranks,
    ranks.toSorted((a, b) => a - b),
    "the worst first",
  );
  const prints = findings.map(({ fingerprint }) => fingerprint);
  assert.equal(new Set(prints).size, prints.length, "one finding for each fingerprint");
}

/** Asserts that openness names the workloads to which `reach` allows, on some port, all of one family outside. */
export function assertOpenness(scan: ScanDocument, reach: ReachDocument, table: ReachTable): void {
  const inside = reach.peers.filter(({ kind }) => kind === "workload" || kind === "pod");
  const outside = reach.peers.filter(({ kind }) => kind === "outside");
  const openPeers = (pairOf: (id: string, range: string) => string): readonly string[] => {
    const open = inside.filter(({ id }) =>
      ([4, 6] as const).some((family) => {
        const mask = family === 4 ? 1 : 2;
        const ranges = outside.filter((peer) => (outsideFamilies(peer) & mask) !== 0);
        const common = ranges.reduce<IntervalSet>((rest, range) => {
          const answers = table.get(`${pairOf(id, range.id)} ${family}`) ?? [];
          // what holds for some requests only is not open
          const allowed = answers.filter(
            ({ entry }) => entry.verdict === "allow" && (entry.conditions ?? []).length === 0,
          );
          const sum = allowed.reduce<IntervalSet>((all, { traffic }) => union(all, traffic), []);
          return intersect(rest, sum);
        }, universeOf(mask));
        return common.length > 0;
      }),
    );
    return [...new Set(open.map(({ id, workload }) => workload ?? id))].toSorted();
  };
  assertKeys(scan.openness, "toAnyAddress fromAnyAddress");
  assert.deepEqual(
    scan.openness.toAnyAddress,
    openPeers((id, range) => `${id} ${range}`),
    "to any",
  );
  assert.deepEqual(
    scan.openness.fromAnyAddress,
    openPeers((id, range) => `${range} ${id}`),
    "from any",
  );
}
