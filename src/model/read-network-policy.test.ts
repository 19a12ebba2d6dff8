import assert from "node:assert/strict";
import { test } from "node:test";

import { parseCidr } from "../base/index.ts";
import { createClusterBuilder } from "./cluster-builder.ts";
import type { Cluster } from "./cluster.ts";

/** The cluster of one NetworkPolicy with this spec. */
function clusterOf(spec: unknown): Cluster {
  const builder = createClusterBuilder();
  const metadata = { name: "p", namespace: "default" };
  const raw = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
  const place = { file: "p.yaml", line: 1, start: 0, end: 0 } as const;
  builder.add(raw, { ...place, format: "yaml", inside: [] });
  return builder.build();
}

const from = (peer: unknown): unknown => ({ ingress: [{ from: [peer] }] });
const port = (entry: unknown): unknown => ({ ingress: [{ ports: [entry] }] });
const selector = (podSelector: unknown): unknown => ({ podSelector });
const expression = (one: unknown): unknown => selector({ matchExpressions: [one] });

const INVALID: readonly [text: RegExp, spec: unknown][] = [
  [/`ingress\[0\].from\[0\]` is empty/u, from({})],
  [/`ingress\[0\].from\[0\]` is empty/u, from({ podSelektor: {} })],
  [/`ipBlock` beside a selector/u, from({ ipBlock: { cidr: "10.0.0.0/8" }, podSelector: {} })],
  [/no CIDR: `10\.0\.0\.1`/u, from({ ipBlock: { cidr: "10.0.0.1" } })],
  [/no CIDR: `10\.0\.0\.0\/33`/u, from({ ipBlock: { cidr: "10.0.0.0/33" } })],
  [/no CIDR: `010\.0\.0\.0\/8`/u, from({ ipBlock: { cidr: "010.0.0.0/8" } })],
  [/`.*cidr` is missing/u, from({ ipBlock: {} })],
  [
    /`11\.0\.0\.0\/9` must lie strictly inside `10\.0\.0\.0\/8`/u,
    from({ ipBlock: { cidr: "10.0.0.0/8", except: ["11.0.0.0/9"] } }),
  ],
  [/strictly inside/u, from({ ipBlock: { cidr: "10.0.0.0/8", except: ["10.0.0.0/8"] } })],
  [/strictly inside/u, from({ ipBlock: { cidr: "10.0.0.0/8", except: ["::/8"] } })],
  [/from` must be a list, not `all`/u, { ingress: [{ from: "all" }] }],
  [/`ingress` must be a list/u, { ingress: {} }],
  [/must be a whole number from 1 to 65535, not `0`/u, port({ port: 0 })],
  [/from 1 to 65535, not `65536`/u, port({ port: 65_536 })],
  [/from 1 to 65535, not `80.5`/u, port({ port: 80.5 })],
  [/from 1 to 65535, not `true`/u, port({ port: true })],
  [/no port name: `80`/u, port({ port: "80" })],
  [/no port name: `HTTP`/u, port({ port: "HTTP" })],
  [/no port name: `a--b`/u, port({ port: "a--b" })],
  [/no port name: `a-name-of-16-chr`/u, port({ port: "a-name-of-16-chr" })],
  [/endPort` needs a numeric `port`/u, port({ port: "http", endPort: 90 })],
  [/endPort` needs a numeric `port`/u, port({ endPort: 90 })],
  [/endPort` 79 is below `port` 80/u, port({ port: 80, endPort: 79 })],
  [/from 1 to 65535, not `65536`/u, port({ port: 80, endPort: 65_536 })],
  [/`.*protocol` is `tcp`, the API allows only `TCP`/u, port({ protocol: "tcp" })],
  [/is `ICMP`/u, port({ protocol: "ICMP" })],
  [/`policyTypes\[0\]` is `ingress`/u, { policyTypes: ["ingress"] }],
  [/`policyTypes\[0\]` is ``/u, { policyTypes: [null] }],
  [/`policyTypes\[0\]` is `1`/u, { policyTypes: [1] }],
  [/at most 2/u, { policyTypes: ["Ingress", "Egress", "Ingress"] }],
  [/`podSelector` must be an object/u, selector("all")],
  [/label value `1` must be text/u, selector({ matchLabels: { app: 1 } })],
  [/label value `true` must be text/u, selector({ matchLabels: { app: true } })],
  [/label value `a b` is invalid/u, selector({ matchLabels: { app: "a b" } })],
  [/label key `a b` is invalid/u, selector({ matchLabels: { "a b": "x" } })],
  [/prefix that is no DNS name/u, selector({ matchLabels: { "A_b/c": "x" } })],
  [/operator` is `in`/u, expression({ key: "a", operator: "in", values: ["b"] })],
  [/`In` needs at least one value/u, expression({ key: "a", operator: "In" })],
  [/`NotIn` needs at least one value/u, expression({ key: "a", operator: "NotIn", values: [] })],
  [/`Exists` takes no values/u, expression({ key: "a", operator: "Exists", values: ["b"] })],
  [/`DoesNotExist` takes no/u, expression({ key: "a", operator: "DoesNotExist", values: ["b"] })],
  [/needs `key` and `operator`/u, expression({ key: "a" })],
  [/`spec` must be an object/u, "all"],
];

test("an invalid NetworkPolicy is an error that decides, and left out", () => {
  for (const [text, spec] of INVALID) {
    const { networkPolicies, diagnostics, incomplete } = clusterOf(spec);
    const errors = diagnostics.filter((one) => one.severity === "error");
    assert.equal(errors.length, 1, `${text}: ${JSON.stringify(diagnostics)}`);
    assert.match(errors[0]?.text ?? "", text);
    assert.equal(errors[0]?.decides, true);
    assert.equal(incomplete, true);
    assert.deepEqual(networkPolicies, []);
  }
});

test("all faults of one policy are told, not the first only", () => {
  const { diagnostics } = clusterOf({ ingress: [{ from: [{}], ports: [{ port: 0 }] }] });
  assert.equal(diagnostics.length, 2);
});

test("an unknown field is a warning, and the policy is read (kubectl's strict validation)", () => {
  const { networkPolicies, diagnostics, incomplete } = clusterOf({
    podselector: {},
    ingress: [{ form: [], from: [{ podSelector: {}, name: "x" }] }],
  });
  assert.equal(networkPolicies.length, 1);
  assert.equal(incomplete, false);
  assert.deepEqual(
    diagnostics.map((one) => [one.severity, one.text.split(":")[0]]),
    [
      ["warning", "unknown field `form` in `ingress[0]`"],
      ["warning", "unknown field `name` in `ingress[0].from[0]`"],
      ["warning", "unknown field `podselector` in `spec`"],
    ],
  );
  assert.deepEqual(
    diagnostics.map((one) => one.text.split("drops it")[1]),
    [", did you mean `from`?", "", ", did you mean `podSelector`?"],
  );
});

test("NP-2: the default of policyTypes", () => {
  const rule = [{}];
  const table: readonly [spec: object, types: readonly string[]][] = [
    [{}, ["Ingress"]],
    [{ ingress: rule }, ["Ingress"]],
    [{ egress: [] }, ["Ingress"]],
    [{ egress: rule }, ["Ingress", "Egress"]],
    [{ policyTypes: [], egress: rule }, ["Ingress", "Egress"]],
    [{ policyTypes: null }, ["Ingress"]],
    [{ policyTypes: ["Egress"], ingress: rule }, ["Egress"]],
  ];
  for (const [spec, types] of table) {
    assert.deepEqual(clusterOf(spec).networkPolicies[0]?.policyTypes, types);
  }
  assert.deepEqual(clusterOf(undefined).networkPolicies[0]?.policyTypes, ["Ingress"]);
  // What stood there before the default is kept: it tells what was believed.
  const written = (spec: object) => clusterOf(spec).networkPolicies[0]?.written;
  assert.deepEqual(written({ egress: [] }), { policyTypes: false, emptyEgress: true });
  assert.deepEqual(written({ policyTypes: ["Egress"] }), { policyTypes: true, emptyEgress: false });
});

test("NP-1, NP-3: null, absent and empty lists and selectors", () => {
  const [policy] = clusterOf({
    podSelector: { matchLabels: null, matchExpressions: null },
    ingress: [null, { from: null, ports: [] }],
  }).networkPolicies;
  assert.deepEqual(policy?.podSelector, { requirements: [] });
  assert.deepEqual(policy?.ingress, [
    { peers: [], ports: [] },
    { peers: [], ports: [] },
  ]);
  assert.deepEqual(policy?.egress, []);
});

test("peers and ports in their types", () => {
  const [policy] = clusterOf({
    podSelector: {
      matchLabels: { app: "db" },
      matchExpressions: [{ key: "a.b/c", operator: "NotIn", values: ["x", ""] }],
    },
    egress: [
      {
        to: [
          { podSelector: {} },
          { namespaceSelector: {} },
          { namespaceSelector: { matchLabels: { team: "a" } }, podSelector: {} },
          { ipBlock: { cidr: "10.1.2.3/8", except: ["10.1.0.0/16"] } },
        ],
        ports: [{}, { port: "http" }, { protocol: "UDP", port: 53 }, { port: 1, endPort: 9 }],
      },
    ],
  }).networkPolicies;
  const all = { requirements: [] };
  const team = {
    requirements: [{ key: "team", operator: "In", values: ["a"] }],
    matchLabels: 1,
  };
  assert.deepEqual(policy?.podSelector.requirements, [
    { key: "app", operator: "In", values: ["db"] },
    { key: "a.b/c", operator: "NotIn", values: ["x", ""] },
  ]);
  assert.deepEqual(policy?.egress[0]?.peers, [
    { kind: "pods", namespaceSelector: undefined, podSelector: all },
    { kind: "pods", namespaceSelector: all, podSelector: undefined },
    { kind: "pods", namespaceSelector: team, podSelector: all },
    { kind: "ipBlock", cidr: parseCidr("10.0.0.0/8"), except: [parseCidr("10.1.0.0/16")] },
  ]);
  assert.deepEqual(policy?.egress[0]?.ports, [
    { protocol: "TCP", port: undefined, endPort: undefined },
    { protocol: "TCP", port: "http", endPort: undefined },
    { protocol: "UDP", port: 53, endPort: undefined },
    { protocol: "TCP", port: 1, endPort: 9 },
  ]);
});
