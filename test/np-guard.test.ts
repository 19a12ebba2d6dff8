import assert from "node:assert/strict";
import { globSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { loadAll } from "js-yaml";

import { readCluster } from "../src/files/index.ts";
import { PROFILES, compilePolicies, formatTraffic } from "../src/policy/index.ts";
import { compareCase } from "./np-guard/compare.ts";
import { type ExpectedExposure, expectedExposure, ownExposure } from "./np-guard/exposure.ts";
import { parseExpected } from "./np-guard/expected.ts";
import { NO_SHARED_DATA, SHARED_DATA } from "./shared-data.ts";

const folder = join(SHARED_DATA, "policies/np-guard");
const skip = NO_SHARED_DATA;

/** A difference that may be: either our verdict is `depends`, or the clause tells what that tool leaves out. */
interface Allowed {
  readonly case: string;
  readonly what: string;
  readonly clause: string;
}

const HOST_NETWORK =
  "NP-8: there a host-network pod is a pod like others; the API leaves open whether it is one or its node";
const NETWORKS =
  "CNP-7: there `networks` matches no pod; the API checks traffic inside the cluster as well, and the pods' addresses are not known";

const ALLOWED: readonly Allowed[] = [
  ...["ipblockstest", "ipblockstest_2", "ipblockstest_3"].flatMap((name) => [
    { case: name, what: "depends host-network, there deny", clause: HOST_NETWORK },
    { case: name, what: "depends host-network ports-and-icmp, there deny", clause: HOST_NETWORK },
  ]),
  ...["multiple_topology_resources_1", "multiple_topology_resources_2"].flatMap((name) => [
    { case: name, what: "depends host-network, there deny", clause: HOST_NETWORK },
    { case: name, what: "depends host-network ports-and-icmp, there deny", clause: HOST_NETWORK },
  ]),
  {
    case: "anp_and_banp_using_networks_and_nodes_test",
    what: "depends pod-address-unknown, there deny",
    clause: NETWORKS,
  },
  {
    case: "anp_and_banp_using_networks_test",
    what: "depends pod-address-unknown, there allow",
    clause: NETWORKS,
  },
  {
    case: "anp_and_banp_using_networks_with_ipv6_test",
    what: "depends pod-address-unknown, there allow",
    clause: NETWORKS,
  },
];

/** Their lines are also about Ingress and Route, which is about paths to a pod and not about policies alone. */
const WITH_INGRESS = [
  "acs-security-demos",
  "acs-security-demos-with-netpol-list",
  "acs_security_frontend_demos",
  "demo_app_with_routes_and_ingress",
];

const cases =
  skip === false
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !WITH_INGRESS.includes(entry.name))
        .map(({ name }) => name)
    : [];

test("there are 31 cases, and every allowed difference is of one of them", { skip }, () => {
  assert.equal(cases.length, 31);
  const names = ALLOWED.map((row) => `${row.case} ${row.what}`);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(
    ALLOWED.filter((row) => !cases.includes(row.case)),
    [],
  );
});

test("the other cases are read without an error", { skip }, async () => {
  for (const name of WITH_INGRESS) {
    const { cluster } = await readCluster([join(folder, name, "input")]);
    assert.ok(cluster.workloads.length > 0, name);
    const errors = cluster.diagnostics.filter(({ severity }) => severity === "error");
    assert.deepEqual(errors, [], name);
  }
});

for (const name of cases) {
  test(`np-guard: ${name}`, async () => {
    const input = join(folder, name, "input");
    const lines = parseExpected(readFileSync(join(folder, name, "expected.txt"), "utf8"));
    const { cluster } = await readCluster([input]);
    const errors = cluster.diagnostics.filter(({ severity }) => severity === "error");
    assert.deepEqual([errors, cluster.incomplete], [[], false]);
    const compiled = compilePolicies(cluster, PROFILES["kubernetes"]!);
    const { pairs, differences } = compareCase(compiled, lines, ownersWithoutKind(input));
    assert.ok(pairs > 0);
    const rows = ALLOWED.filter((row) => row.case === name);
    const whatOf = ({ ours, theirs }: (typeof differences)[number]): string =>
      `${ours}, there ${theirs}`;
    const listed = (what: string): boolean => rows.some((row) => row.what === what);
    const unlisted = differences.filter((difference) => !listed(whatOf(difference)));
    assert.deepEqual(unlisted, [], `${unlisted.length} differences that no row lists`);
    const unused = rows.filter(({ what }) => !differences.some((each) => whatOf(each) === what));
    assert.deepEqual(unused, [], "rows that list no difference any more");
  });
}

const exposed = cases.filter((name) => name.startsWith("exposure_"));

test("there are four cases of exposure", { skip }, () => assert.equal(exposed.length, 4));

for (const name of exposed) {
  test(`np-guard: the exposure of ${name}`, async () => {
    const text = readFileSync(join(folder, name, "expected.json"), "utf8");
    const { exposure_results } = JSON.parse(text) as {
      readonly exposure_results: ExpectedExposure;
    };
    const { cluster } = await readCluster([join(folder, name, "input")]);
    const compiled = compilePolicies(cluster, PROFILES["kubernetes"]!);
    const expected = expectedExposure(exposure_results);
    assert.ok(expected.length > 0);
    assert.deepEqual(ownExposure(compiled), expected);
  });
}

test("a line that is taken away, and one that is added, are seen", { skip }, async () => {
  const name = join(folder, "netpol-analysis-example-minimal");
  const { cluster } = await readCluster([join(name, "input")]);
  const compiled = compilePolicies(cluster, PROFILES["kubernetes"]!);
  const lines = parseExpected(readFileSync(join(name, "expected.txt"), "utf8"));
  const [first, ...rest] = lines;
  const less = compareCase(compiled, rest, new Map());
  assert.deepEqual(
    less.differences.map(({ ours, theirs }) => [ours, theirs]),
    [["allow", "deny"]],
  );
  const more = { ...first!, from: first!.to, to: first!.from };
  const added = compareCase(compiled, [...lines, more], new Map());
  assert.deepEqual(
    added.differences.map(({ ours, theirs }) => [ours, theirs]),
    [["deny", "allow"]],
  );
  const strange = { ...first!, from: "default/nobody[Pod]" };
  assert.throws(() => compareCase(compiled, [strange], new Map()), /nothing of ours is called/u);
});

test("a line of every form is read", () => {
  const [ports, all] = parseExpected(
    "a/b[Deployment] => 0.0.0.0-9.255.255.255[External] : SCTP 1-65535,TCP 80,443-444,UDP 53\n" +
      "1.2.3.4-1.2.3.4[External] => a/c[Job] : All Connections\n\nExposure Analysis Result:\nx\n",
  );
  const range = { family: 4, first: 0n, last: 0x09ffffffn };
  assert.deepEqual([ports?.from, ports?.to], ["a/b[Deployment]", range]);
  assert.deepEqual(formatTraffic(ports!.traffic), ["tcp/80", "tcp/443-444", "udp/53", "sctp"]);
  assert.deepEqual(
    [all?.from, all?.to],
    [{ family: 4, first: 0x01020304n, last: 0x01020304n }, "a/c[Job]"],
  );
  assert.deepEqual(formatTraffic(all!.traffic), ["tcp", "udp", "sctp"]);
  assert.throws(() => parseExpected("a => b : HTTP 80"), /no ports/u);
  assert.throws(() => parseExpected("a => b"), /no line/u);
});

/** The owners, by pod, that have no kind: there `NAME[Pod]` stands for all pods with this owner, here such a reference is none. */
function ownersWithoutKind(input: string): ReadonlyMap<string, string> {
  interface Owned {
    readonly kind?: string;
    readonly metadata?: {
      readonly name: string;
      readonly namespace?: string;
      readonly ownerReferences?: readonly { readonly kind?: string; readonly name: string }[];
    };
  }
  const owners = new Map<string, string>();
  for (const file of globSync("**/*.{yaml,yml}", { cwd: input })) {
    for (const object of loadAll(
      readFileSync(join(input, file), "utf8"),
    ) as readonly (Owned | null)[]) {
      const { name = "", namespace = "default", ownerReferences = [] } = object?.metadata ?? {};
      const owner = ownerReferences.find(({ kind }) => kind === undefined);
      if (object?.kind === "Pod" && owner !== undefined) {
        owners.set(`${namespace}/Pod/${name}`, owner.name);
      }
    }
  }
  return owners;
}
