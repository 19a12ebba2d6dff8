// `ringfence test` and `ringfence scan --unneeded` as people run them.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { folderWith, runProgram } from "./run-program.ts";

const EXAMPLE = "examples/payments";

interface Outcome {
  readonly name: string;
  readonly state: string;
  readonly why?: string;
  readonly line: number;
  readonly counterexamples: readonly {
    readonly from: string;
    readonly to: string;
    readonly port: string;
    readonly verdict: string;
    readonly determinedBy: readonly { readonly file?: string; readonly line?: number }[];
  }[];
}

function outcomesOf(out: string): readonly Outcome[] {
  return (JSON.parse(out) as { readonly intents: readonly Outcome[] }).intents;
}

test("the counterexample names its rule with file and line", () => {
  const { code, out } = runProgram([
    "test",
    EXAMPLE,
    "--intents",
    `${EXAMPLE}/wishes.yaml`,
    "-o",
    "json",
  ]);
  assert.equal(code, 1);
  const wishes = outcomesOf(out);
  assert.deepEqual(
    wishes.map(({ state }) => state),
    Array.from({ length: 6 }, () => "unmet"),
  );
  const fourth = wishes[3]!.counterexamples[0]!;
  assert.deepEqual(fourth.determinedBy, [
    {
      policy: "networking.k8s.io/NetworkPolicy/payments/fraud-scoring",
      rule: "egress[0]",
      file: `${EXAMPLE}/payments/network-policies.yaml`,
      line: 181,
    },
  ]);
});

const MANIFESTS = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: web, image: x }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: pay, labels: { app: api } }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { containers: [{ name: api, image: x }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
    - from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } } }]
      ports: [{ port: 80 }]
`;
const BROKEN =
  "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: x }\nspec: { podSelector: 5 }\n";
const intents = (...lines: readonly string[]): string =>
  `intents:\n${lines.map((line) => `  - ${line}\n`).join("")}`;
const MET = "allow: { from: shop/Pod/web, to: pay/Deployment/api, ports: [tcp/80] }";
const UNMET = "deny: { from: shop/Pod/web, to: pay/Deployment/api, ports: [tcp/80] }";
const EMPTY = "deny: { from: shop/Pod/wep, to: pay/Deployment/api }";

/** A configuration, what is beside the manifests, and how `test` ends. */
const EXITS: readonly (readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  code: number,
  args?: readonly string[],
])[] = [
  ["all are met", { "ringfence.yaml": intents(MET) }, 0],
  ["one is unmet", { "ringfence.yaml": intents(MET, UNMET) }, 1],
  ["an error in the configuration", { "ringfence.yaml": intents("alow: {}") }, 2],
  ["no configuration, so no intent", {}, 3],
  ["no intent", { "ringfence.yaml": "version: 1\n" }, 3],
  ["an intent covers nothing", { "ringfence.yaml": intents(MET, EMPTY) }, 3],
  ["an unmet one and one that covers nothing", { "ringfence.yaml": intents(UNMET, EMPTY) }, 3],
  ["incomplete", { "ringfence.yaml": intents(MET), "b.yaml": BROKEN }, 3],
  ["incomplete, and unmet", { "ringfence.yaml": intents(UNMET), "b.yaml": BROKEN }, 3],
  [
    "incomplete is allowed",
    { "ringfence.yaml": intents(MET), "b.yaml": BROKEN },
    0,
    ["--allow-incomplete"],
  ],
  [
    "incomplete is allowed, unmet is not",
    { "ringfence.yaml": intents(UNMET), "b.yaml": BROKEN },
    1,
    ["--allow-incomplete"],
  ],
  ["nothing is there", {}, 2, ["gone"]],
  [
    "a file of intents",
    { "ringfence.yaml": intents(UNMET), "i.yaml": intents(MET) },
    0,
    ["--intents", "i.yaml"],
  ],
  ["a file of intents with an error", { "i.yaml": intents("{}") }, 2, ["--intents", "i.yaml"]],
  [
    "a file of intents that uses a zone",
    {
      "ringfence.yaml": "zones: [{ name: a, addresses: [1.2.3.4] }]\n",
      "i.yaml": intents("deny: { from: { zone: a }, to: pay/Deployment/api }"),
    },
    0,
    ["--intents", "i.yaml"],
  ],
  ["an import without its file", {}, 2, ["--import", "netassert"]],
  ["an import of another format", {}, 2, ["--import", "netasert", "x.yaml"]],
  ["an import that is no list", { "x.yaml": "a: 1\n" }, 2, ["--import", "netassert", "x.yaml"]],
  ["an import of nothing", { "x.yaml": "[]\n" }, 3, ["--import", "netassert", "x.yaml"]],
];

describe("the exit of `ringfence test`", () => {
  for (const [name, files, code, args = []] of EXITS) {
    test(`${code}: ${name}`, (t) => {
      const folder = folderWith(t, { "m.yaml": MANIFESTS, ...files });
      const run = runProgram(["test", ...args], folder);
      assert.equal(run.code, code, run.out + run.err);
      if (code === 2) assert.match(run.err, /^(?:ringfence|error): .+\n$/mu);
    });
  }
});

test("what is said of unmet and of empty intents", (t) => {
  const zones = "zones: [{ name: lost, workloads: { matchLabels: { app: none } } }]\n";
  const text = `${zones}${intents(MET, `{ name: never, reason: because, ${UNMET} }`, EMPTY)}`;
  const folder = folderWith(t, { "m.yaml": MANIFESTS, "ringfence.yaml": text });
  const { out, err } = runProgram(["test"], folder);
  assert.equal(
    out,
    `met    allow shop/Pod/web → pay/Deployment/api on tcp/80  1 pair
UNMET  never  1 of 1 pair
       ringfence.yaml:4
       reason because
       shop/Pod/web → pay/Deployment/api  tcp/80: allow
         determined by networking.k8s.io/NetworkPolicy/pay/api ingress[0] (m.yaml:22)
?      deny shop/Pod/wep → pay/Deployment/api  not evaluable
       ringfence.yaml:5
       nothing is called \`shop/Pod/wep\`: did you mean \`shop/Pod/web\`?

3 intents: 1 met, 1 unmet, 1 not evaluable
`,
  );
  assert.equal(
    err,
    "warning: ringfence.yaml:1: the zone `lost` matches nothing: no pod has its labels, and it has no addresses\n",
  );
});

const BASELINE = `- name: web to api
  action: allow
  from: app=web
  to: app in (api)
  to_ns: pay
  protocol: TCP
  port_min: 80
  port_max: 80
- { name: nobody else, description: closed, action: deny, from: 0.0.0.0/0, to_ns: kubernetes.io/metadata.name=pay }
- { name: closed to the shop, action: deny, from_ns: shop, to: "app,!x,app!=web" }
- { name: half a range, action: deny, port_min: 80 }
- { name: an address in a namespace, action: deny, to: 10.0.0.0/8, to_ns: pay }
- { name: no expression, action: deny, to: "app in (api" }
- { name: ports of ICMP, action: deny, protocol: ICMP, port_min: 1, port_max: 2 }
- { name: a protocol, action: deny, protocol: GRE }
- { name: an action, action: alow, portmin: 4 }
`;
const NETASSERT = `- name: web to api
  type: k8s
  protocol: tcp
  targetPort: 80
  timeoutSeconds: 5
  attempts: 3
  exitCode: 0
  src: { k8sResource: { kind: pod, name: web, namespace: shop } }
  dst: { k8sResource: { kind: deployment, name: api, namespace: pay } }
- name: api to an address
  type: k8s
  protocol: udp
  targetPort: 53
  exitCode: 1
  src: { k8sResource: { kind: deployment, name: api, namespace: pay } }
  dst: { host: { name: 192.0.2.1 } }
- name: a host by name
  type: k8s
  protocol: tcp
  targetPort: 443
  exitCode: 0
  src: { k8sResource: { kind: pod, name: web, namespace: shop } }
  dst: { host: { name: www.example.com } }
- name: a kind
  type: k8s
  protocol: tcp
  targetPort: 443
  exitCode: 0
  src: { k8sResource: { kind: service, name: web, namespace: shop } }
  dst: { host: { name: 192.0.2.1 } }
- { name: half, type: k8s, protocol: icmp, exitCode: 0 }
`;

/** What came of each entry, as `line name: state` or why not. */
const IMPORTS: readonly (readonly [format: string, text: string, said: readonly string[]])[] = [
  [
    "baseline-rules",
    BASELINE,
    [
      "1 web to api: met",
      "9 nobody else: met",
      "10 closed to the shop: unmet",
      "11 half a range: `port_min` and `port_max` need each other, and the first is not above the second",
      "12 an address in a namespace: `10.0.0.0/8` is an address, and an address is in no namespace: leave one of them out",
      "13 no expression: cannot read the label expression `app in (api`: write it like `app=web,tier in (a,b)`",
      "14 ports of ICMP: `ICMP` has no ports: leave `port_min` and `port_max` out",
      "15 a protocol: the protocol `GRE` is not known: write TCP, UDP, SCTP or ICMP",
      "16 an action: `action`: `alow` is not known: did you mean `allow`?; unknown key `portmin`: did you mean `port_min`?",
    ],
  ],
  [
    "netassert",
    NETASSERT,
    [
      "1 web to api: met",
      "10 api to an address: unmet",
      "17 a host by name: the host `www.example.com` is a name, and its addresses are not known: write an address",
      "24 a kind: the kind `service` is not known: write one of deployment, statefulset, daemonset, replicaset, cronjob, job, pod",
      "31 half: `protocol`: `icmp` is not known: did you mean `tcp`?; `targetPort`: it is missing; `src`: it is missing; `dst`: it is missing",
    ],
  ],
];

for (const [format, text, said] of IMPORTS) {
  test(`intents of ${format}: what cannot be expressed is said, and the others are judged`, (t) => {
    const folder = folderWith(t, { "m/m.yaml": MANIFESTS, "i.yaml": text });
    const run = runProgram(["test", "m", "--import", format, "i.yaml", "-o", "json"], folder);
    assert.equal(run.code, 3);
    assert.deepEqual(
      outcomesOf(run.out).map(
        ({ line, name, state, why }) =>
          `${line} ${name}: ${state === "not-evaluable" ? why : state}`,
      ),
      said,
    );
  });
}

test("scan tells what is allowed and no intent needs", (t) => {
  const files = {
    "m.yaml": MANIFESTS,
    "ringfence.yaml": intents("allow: { from: any, to: shop/Pod/web }"),
  };
  const folder = folderWith(t, files);
  const { code, out } = runProgram(["scan", "m.yaml", "--unneeded", "-o", "json"], folder);
  assert.equal(code, 0);
  const { unneeded } = JSON.parse(out) as { readonly unneeded: unknown };
  assert.deepEqual(unneeded, {
    stated: 1,
    groups: [
      {
        rules: [{ profile: "kubernetes" }],
        pairs: 4,
        connections: [
          {
            from: ["pay/Deployment/api", "shop/Pod/web"],
            to: ["0.0.0.0/0", "::/0"],
            ports: ["all"],
            pairs: 4,
          },
        ],
      },
      {
        rules: [
          {
            policy: "networking.k8s.io/NetworkPolicy/pay/api",
            rule: "ingress[0]",
            file: "m.yaml",
            line: 22,
          },
        ],
        pairs: 1,
        connections: [
          { from: ["shop/Pod/web"], to: ["pay/Deployment/api"], ports: ["tcp/80"], pairs: 1 },
        ],
      },
    ],
    unclear: [],
  });
  const plain = runProgram(["scan", "m.yaml", "-o", "json"], folder);
  assert.doesNotMatch(plain.out, /unneeded/u);
});
