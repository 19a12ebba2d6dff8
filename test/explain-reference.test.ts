import assert from "node:assert/strict";
import { test } from "node:test";

import { explainConnection, openSession } from "../src/app/index.ts";
import { formatAddress } from "../src/base/index.ts";
import { readCluster } from "../src/files/index.ts";
import {
  type CompiledPolicies,
  directoryOf,
  parseTrafficPoint,
  reachability,
} from "../src/policy/index.ts";
import { evaluateReference } from "../src/policy/reference/index.ts";

/** Besides the ports of its containers: those of its policies, the neighbours of a range, and what has no port. */
const MORE_PORTS =
  "tcp/22 tcp/443 tcp/587 tcp/53 udp/53 tcp/8199 tcp/8201 tcp/8202 icmp/8 proto/112";

for (const profile of ["kubernetes", "kube-network-policies"]) {
  test(`explain says what the specification says of every pair of examples/payments: ${profile}`, async () => {
    const none = { podRanges: undefined, nodeRanges: undefined };
    const session = await openSession(readCluster, ["examples/payments"], { profile, ...none });
    assert.ok(typeof session !== "string");
    const { compiled } = session;
    const names = namesOf(compiled);
    const ports = portsOf(compiled);
    assert.ok(
      names.length >= 30 && ports.length >= 20,
      `${names.length} ends, ${ports.length} ports`,
    );
    const seen = { allow: 0, deny: 0, depends: 0 };
    for (const from of names) {
      for (const to of names) {
        if (neverMeet(from, to)) continue;
        for (const port of ports) {
          const asked = { from, to, port, family: 4, facts: [] } as const;
          const explained = explainConnection(session, asked);
          assert.ok(typeof explained !== "string", JSON.stringify(explained));
          const expected = askReference(compiled, asked);
          const actual = { verdict: explained.verdict, by: explained.determinedBy.map(refText) };
          assert.deepEqual(actual, expected, `${from} to ${to} ${port}`);
          seen[explained.verdict]++;
        }
      }
    }
    assert.ok(seen.allow > 1000 && seen.deny > 1000, JSON.stringify(seen));
  });
}

/** Every workload and node, the relations, and an address of each part of the outside. */
function namesOf(compiled: CompiledPolicies): readonly string[] {
  const outside = reachability(compiled).peers.flatMap((peer) =>
    peer.kind === "outside" ? peer.addresses.filter(({ family }) => family === 4).slice(0, 1) : [],
  );
  const addresses = outside.map(({ family, first }) => formatAddress({ family, value: first }));
  return [...directoryOf(compiled).names(), ...addresses];
}

function portsOf({ cluster }: CompiledPolicies): readonly string[] {
  const ports = cluster.workloads
    .flatMap(({ pods }) => pods)
    .flatMap((pod) => pod.ports)
    .map(({ protocol, port }) => `${protocol.toLowerCase()}/${port}`);
  return [...new Set([...ports, ...MORE_PORTS.split(" ")])].toSorted();
}

/** Two addresses outside have nothing to do with the cluster; a relation is one of a pod. */
function neverMeet(from: string, to: string): boolean {
  const isPod = [from, to].some((name) => name.includes("/"));
  return !isPod;
}

interface Asked {
  readonly from: string;
  readonly to: string;
  readonly port: string;
}

function askReference(
  compiled: CompiledPolicies,
  { from, to, port }: Asked,
): { readonly verdict: string; readonly by: readonly string[] } {
  const directory = directoryOf(compiled);
  const [source, destination] = [from, to].map((name) => directory.find(name)!.ends);
  assert.ok(
    source?.length === 1 && destination?.length === 1,
    "the example has no two pods of a workload",
  );
  const point = parseTrafficPoint(port);
  assert.ok(typeof point !== "string");
  const { cluster, profile } = compiled;
  const { verdict, determinedBy } = evaluateReference(cluster, profile, {
    source: source[0]!,
    destination: destination[0]!,
    traffic: point.point,
    family: 4,
    facts: [],
  });
  const by = determinedBy.map(refText).toSorted();
  return { verdict, by: by.length === 0 ? [`profile ${profile.name}`] : by };
}

function refText(
  ref:
    | { readonly profile: string }
    | { readonly policy?: string; readonly rule?: string | undefined },
): string {
  return "profile" in ref ? `profile ${ref.profile}` : `${ref.policy} ${ref.rule ?? ""}`.trim();
}
