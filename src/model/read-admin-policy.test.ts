import assert from "node:assert/strict";
import { test } from "node:test";

import { parseCidr } from "../base/index.ts";
import { createClusterBuilder } from "./cluster-builder.ts";
import type { Cluster } from "./cluster.ts";

type Spec = Readonly<Record<string, unknown>>;

function clusterOf(version: string, kind: string, spec: Spec, name: string = "default"): Cluster {
  const builder = createClusterBuilder();
  const apiVersion = `policy.networking.k8s.io/${version}`;
  const place = { file: "p.yaml", line: 1, start: 0, end: 0 } as const;
  builder.add(
    { apiVersion, kind, metadata: { name }, spec },
    { ...place, format: "yaml", inside: [] },
  );
  return builder.build();
}

const subject = { namespaces: {} };
const cnp = (spec: Spec): Cluster =>
  clusterOf("v1alpha2", "ClusterNetworkPolicy", { tier: "Admin", priority: 1, subject, ...spec });
const anp = (spec: Spec): Cluster =>
  clusterOf("v1alpha1", "AdminNetworkPolicy", { priority: 1, subject, ...spec });
const banp = (spec: Spec): Cluster =>
  clusterOf("v1alpha1", "BaselineAdminNetworkPolicy", { subject, ...spec });

const to = (peer: unknown, more: object = {}): Spec => ({
  egress: [{ action: "Accept", to: [peer], ...more }],
});
const protocol = (one: unknown): Spec => to({ namespaces: {} }, { protocols: [one] });
const oldPort = (one: unknown): Spec => ({
  egress: [{ action: "Allow", to: [{ namespaces: {} }], ports: [one] }],
});
const peers = (count: number): unknown[] =>
  Array.from({ length: count }, () => ({ namespaces: {} }));

const INVALID: readonly [text: RegExp, cluster: () => Cluster][] = [
  [/`tier` is missing/u, () => cnp({ tier: undefined })],
  [/`tier` is `admin`/u, () => cnp({ tier: "admin" })],
  [/`priority` is missing/u, () => cnp({ priority: undefined })],
  [/`priority` must be a whole number from 0 to 1000, not `1001`/u, () => cnp({ priority: 1001 })],
  [/not `-1`/u, () => anp({ priority: -1 })],
  [/not `1\.5`/u, () => anp({ priority: 1.5 })],
  [/exactly one of `namespaces` and `pods`/u, () => cnp({ subject: undefined })],
  [/exactly one of/u, () => cnp({ subject: {} })],
  [/exactly one of/u, () => cnp({ subject: { namespaces: {}, pods: { podSelector: {} } } })],
  [
    /action` is `Allow`, the API allows only `Accept`/u,
    () => cnp({ ingress: [{ action: "Allow", from: peers(1) }] }),
  ],
  [/action` is `Accept`/u, () => anp({ ingress: [{ action: "Accept", from: peers(1) }] })],
  [/action` is `Pass`/u, () => banp({ ingress: [{ action: "Pass", from: peers(1) }] })],
  [/has no `action`/u, () => cnp({ ingress: [{ from: peers(1) }] })],
  [/at least one peer in `from`/u, () => cnp({ ingress: [{ action: "Deny" }] })],
  [/at least one peer in `from`/u, () => cnp({ ingress: [{ action: "Deny", from: [] }] })],
  [/at least one peer in `to`/u, () => anp({ egress: [{ action: "Deny" }] })],
  [/`egress\[0\].to` must be a list/u, () => cnp({ egress: [{ action: "Deny", to: {} }] })],
  [
    /26 items, the API allows at most 25/u,
    () => cnp({ egress: [{ action: "Deny", to: peers(26) }] }),
  ],
  [
    /101 items, the API allows at most 100/u,
    () => anp({ egress: [{ action: "Deny", to: peers(101) }] }),
  ],
  [/both `namespaces` and `pods`/u, () => cnp(to({ namespaces: {}, pods: { podSelector: {} } }))],
  [
    /`networks` is no peer of an ingress rule/u,
    () => cnp({ ingress: [{ action: "Deny", from: [{ networks: ["10.0.0.0/8"] }] }] }),
  ],
  [
    /`domainNames` is no peer of a BaselineAdminNetworkPolicy/u,
    () => banp({ egress: [{ action: "Allow", to: [{ domainNames: ["a.example"] }] }] }),
  ],
  [/no CIDR: `10\.0\.0\.1`/u, () => cnp(to({ networks: ["10.0.0.1"] }))],
  [/needs at least one item/u, () => cnp(to({ networks: [] }))],
  [/26 items/u, () => cnp(to({ networks: Array.from({ length: 26 }, () => "10.0.0.0/8") }))],
  [/no domain name/u, () => cnp(to({ domainNames: ["*"] }))],
  [/no domain name/u, () => cnp(to({ domainNames: ["a*.example"] }))],
  [
    /only in a rule that allows/u,
    () => cnp({ egress: [{ action: "Deny", to: [{ domainNames: ["a.example"] }] }] }),
  ],
  [/is null/u, () => cnp(to({ namespaces: null }))],
  [
    /named port cannot stand beside/u,
    () => cnp(to({ networks: ["::/0"] }, { protocols: [{ destinationNamedPort: "http" }] })),
  ],
  [/`.*networks\[1\]` is there twice: `::\/0`/u, () => cnp(to({ networks: ["::/0", "::/0"] }))],
  [/is there twice/u, () => cnp(to({ domainNames: ["a.example", "a.example"] }))],
  [/`.*networks\[0\]` is missing/u, () => cnp(to({ networks: [null] }))],
  [
    /matchExpressions\[0\]` is null/u,
    () => cnp({ subject: { namespaces: { matchExpressions: [null] } } }),
  ],
  [
    /label value `null` must be text/u,
    () => {
      const expression = { key: "a", operator: "In", values: [null] };
      return cnp({ subject: { namespaces: { matchExpressions: [expression] } } });
    },
  ],
  [/needs `destinationPort`/u, () => cnp(protocol({ tcp: {} }))],
  [/exactly one of `number` and `range`/u, () => cnp(protocol({ tcp: { destinationPort: {} } }))],
  [
    /both `tcp` and `udp`/u,
    () => cnp(protocol({ tcp: { destinationPort: { number: 1 } }, udp: {} })),
  ],
  [/from 1 to 65535, not `0`/u, () => cnp(protocol({ udp: { destinationPort: { number: 0 } } }))],
  [
    /`start` 9 of .* must be below `end` 9/u,
    () => cnp(protocol({ tcp: { destinationPort: { range: { start: 9, end: 9 } } } })),
  ],
  [
    /needs `start` and `end`/u,
    () => cnp(protocol({ tcp: { destinationPort: { range: { start: 9 } } } })),
  ],
  [/at least one item/u, () => cnp(to({ namespaces: {} }, { protocols: [] }))],
  [/must be below/u, () => anp(oldPort({ portRange: { start: 9, end: 8 } }))],
  [/`.*protocol` is `udp`/u, () => anp(oldPort({ portNumber: { protocol: "udp", port: 1 } }))],
  [
    /at most 100 characters/u,
    () => anp({ egress: [{ name: "x".repeat(101), action: "Deny", to: peers(1) }] }),
  ],
  [
    /must be named `default`/u,
    () => clusterOf("v1alpha1", "BaselineAdminNetworkPolicy", { subject }, "other"),
  ],
  [
    /label value `1` must be text/u,
    () => cnp({ subject: { namespaces: { matchLabels: { a: 1 } } } }),
  ],
  [
    /`spec` is missing/u,
    () => clusterOf("v1alpha2", "ClusterNetworkPolicy", undefined as unknown as Spec),
  ],
];

test("an invalid policy is an error that decides, and left out", () => {
  for (const [text, make] of INVALID) {
    const { adminPolicies, diagnostics, incomplete } = make();
    const found = diagnostics.find((one) => one.severity === "error" && text.test(one.text));
    assert.ok(found, `${text}: ${JSON.stringify(diagnostics)}`);
    assert.equal(found.decides, true);
    assert.equal(incomplete, true);
    assert.deepEqual(adminPolicies, []);
  }
});

test("CNP-8: a peer or protocol without a known field is unknown, and the policy is kept", () => {
  const unknown = { kind: "unknown" };
  const table: readonly [cluster: Cluster, peer: unknown, protocol: unknown][] = [
    [cnp(to({})), unknown, undefined],
    [cnp(to({ serviceAccounts: {} })), unknown, undefined],
    [cnp(protocol({})), undefined, unknown],
    [cnp(protocol({ icmp: {} })), undefined, unknown],
    [anp(oldPort({ portName: "x" })), undefined, unknown],
  ];
  for (const [{ adminPolicies, diagnostics, incomplete }, peer, entry] of table) {
    const rule = adminPolicies[0]?.egress[0];
    if (peer !== undefined) assert.deepEqual(rule?.peers, [peer]);
    if (entry !== undefined) assert.deepEqual(rule?.protocols, [entry]);
    assert.deepEqual(
      diagnostics.map((one) => one.severity),
      ["warning"],
    );
    assert.match(diagnostics[0]?.text ?? "", /fails closed/u);
    assert.equal(incomplete, false);
  }
});

test("CNP-12: sameLabels was removed; the peer opens nothing", () => {
  for (const peer of [
    { namespaces: { sameLabels: ["tenant"] } },
    { namespaces: { notSameLabels: ["tenant"] } },
    { pods: { namespaces: { sameLabels: ["tenant"] }, podSelector: {} } },
    { pods: { namespaceSelector: { sameLabels: ["tenant"] }, podSelector: {} } },
  ]) {
    const { adminPolicies, diagnostics } = anp({ egress: [{ action: "Allow", to: [peer] }] });
    assert.deepEqual(adminPolicies[0]?.egress[0]?.peers, [{ kind: "unknown" }]);
    assert.match(diagnostics[0]?.text ?? "", /was removed from the API/u);
  }
});

test("CNP-1, CNP-13: the three kinds in one type", () => {
  const all = { requirements: [] };
  const everyPod = {
    kind: "pods",
    written: "namespaces",
    namespaceSelector: all,
    podSelector: all,
  };
  const [policy] = cnp({
    tier: "Baseline",
    priority: 1000,
    egress: [
      {
        name: "r",
        action: "Accept",
        to: [
          { pods: { podSelector: { matchLabels: { a: "b" } } } },
          { nodes: {} },
          { networks: ["10.0.0.0/8", "2001:db8::/32"] },
          { domainNames: ["*.example.com"] },
        ],
        protocols: [
          { tcp: { destinationPort: { number: 80 } } },
          { sctp: { destinationPort: { range: { start: 1, end: 9 } } } },
        ],
      },
      { action: "Pass", to: [{ namespaces: {} }], protocols: [{ destinationNamedPort: "http" }] },
    ],
  }).adminPolicies;
  assert.equal(policy?.tier, "Baseline");
  assert.equal(policy?.priority, 1000);
  assert.deepEqual(policy?.subject, everyPod);
  const podSelector = {
    requirements: [{ key: "a", operator: "In", values: ["b"] }],
    matchLabels: 1,
  };
  assert.deepEqual(policy?.egress[0], {
    name: "r",
    action: "Allow",
    peers: [
      { kind: "pods", written: "pods", namespaceSelector: all, podSelector },
      { kind: "nodes", selector: all },
      { kind: "networks", cidrs: [parseCidr("10.0.0.0/8"), parseCidr("2001:db8::/32")] },
      { kind: "domainNames", names: ["*.example.com"] },
    ],
    protocols: [
      { kind: "ports", protocol: "TCP", first: 80, last: 80 },
      { kind: "ports", protocol: "SCTP", first: 1, last: 9 },
    ],
  });
  assert.deepEqual(policy?.egress[1]?.protocols, [{ kind: "named", name: "http" }]);

  const [old] = anp(oldPort({ portNumber: { port: 53 } })).adminPolicies;
  assert.equal(old?.tier, "Admin");
  assert.deepEqual(old?.egress[0]?.protocols, [
    { kind: "ports", protocol: "TCP", first: 53, last: 53 },
  ]);
  const [baseline] = banp({
    ingress: [{ action: "Deny", from: [{ namespaces: {} }] }],
  }).adminPolicies;
  assert.deepEqual(
    [baseline?.tier, baseline?.priority, baseline?.ingress[0]?.peers],
    ["Baseline", 0, [everyPod]],
  );
});

test("what the schema forbids but the documents only describe is a warning", () => {
  const range = anp(oldPort({ portRange: { start: 9, end: 9 } }));
  assert.deepEqual(
    range.diagnostics.map((one) => one.severity),
    ["warning"],
  );
  assert.equal(range.adminPolicies.length, 1);
  const pods = anp({ subject: { pods: { podSelector: {} } } });
  assert.match(pods.diagnostics[0]?.text ?? "", /no `namespaceSelector`, which the API wants/u);
  assert.equal(pods.adminPolicies.length, 1);
  const name = cnp(protocol({ destinationNamedPort: "80" }));
  assert.match(name.diagnostics[0]?.text ?? "", /is no port name: `80`, no port can match it/u);
  assert.deepEqual(name.adminPolicies[0]?.egress[0]?.protocols, [{ kind: "named", name: "80" }]);
  assert.deepEqual([name.incomplete, range.incomplete], [false, false]);
  assert.deepEqual(cnp({ subject: { pods: { podSelector: {} } } }).diagnostics, []); // CNP-9
});

test("the API server drops nulls from custom resources", () => {
  const policy = cnp({
    subject: { namespaces: { matchLabels: { a: null, b: "c" } }, pods: null },
    ingress: null,
    egress: [{ action: "Accept", to: [{ namespaces: {}, nodes: null }], protocols: null }],
  });
  const [read] = policy.adminPolicies;
  assert.deepEqual(read?.subject.namespaceSelector.requirements, [
    { key: "b", operator: "In", values: ["c"] },
  ]);
  assert.deepEqual(
    policy.diagnostics.map((one) => [one.severity, one.text]),
    [
      [
        "warning",
        "`subject.namespaces.matchLabels.a` is null: the API server drops it, the selector is wider",
      ],
    ],
  );
});
