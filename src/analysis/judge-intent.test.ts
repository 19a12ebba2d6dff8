import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { CLUSTER, type Raw, ZONES, compile, pod, policy } from "../../test/small-cluster.ts";
import { namedAddresses } from "./ends.ts";
import type { Intent } from "./intent.ts";
import { type IntentVerdict, judgeIntent } from "./judge-intent.ts";
import { surveyLandscape } from "./landscape.ts";

const api = "b/Pod/api";
const db = "b/Pod/db";
const web = "a/Pod/web";
const [tcp80, tcp8x, tcp82, pg] = [["tcp/80"], ["tcp/80-81"], ["tcp/80-82"], ["tcp/5432"]];

/** An intent, and `met`, the counts of an unmet one with its first counterexample, or why it is not evaluable. */
const CASES: readonly (readonly [name: string, intent: Intent, expected: string])[] = [
  ["allow", { allow: { from: web, to: api, ports: tcp80 } }, "met 1"],
  ["allow on several ports", { allow: { from: web, to: api, ports: tcp8x } }, "met 1"],
  [
    "allow on more than is open",
    { allow: { from: web, to: api, ports: tcp82 } },
    "1 of 1: a/Pod/web b/Pod/api tcp/82 deny",
  ],
  [
    "allow without ports is all traffic",
    { allow: { from: web, to: api } },
    "1 of 1: a/Pod/web b/Pod/api tcp/1 deny",
  ],
  [
    "allow where one of several is closed",
    { allow: { from: [web, "a/Pod/job"], to: api, ports: tcp80 } },
    "1 of 2: a/Pod/job b/Pod/api tcp/80 deny",
  ],
  [
    "allow by depends",
    { allow: { from: web, to: db, ports: pg } },
    "1 of 1: a/Pod/web b/Pod/db tcp/5432 depends cidr-and-pods",
  ],
  ["allow from a range", { allow: { from: "192.0.2.0/24", to: db, ports: pg } }, "met 2"],
  ["allow from an address", { allow: { from: "192.0.2.7", to: db, ports: pg } }, "met 1"],
  [
    "allow from more than is open",
    { allow: { from: "192.0.2.0/23", to: db, ports: pg } },
    "1 of 3: 192.0.3.0 b/Pod/db tcp/5432 deny",
  ],
  ["deny", { deny: { from: "a/Pod/job", to: api } }, "met 1"],
  [
    "deny of what is open",
    { deny: { from: web, to: api } },
    "1 of 1: a/Pod/web b/Pod/api tcp/80 allow",
  ],
  ["deny on another port", { deny: { from: web, to: api, ports: ["tcp/82-90", "udp"] } }, "met 1"],
  [
    "deny by depends",
    { deny: { from: web, to: db } },
    "1 of 1: a/Pod/web b/Pod/db tcp/5432 depends cidr-and-pods",
  ],
  ["deny from outside", { deny: { from: "outside", to: api } }, "met 5"],
  [
    "deny from outside that is open",
    { deny: { from: "outside", to: { zone: "cde" } } },
    "2 of 10: 192.0.2.0 b/Pod/db tcp/5432 allow",
  ],
  [
    "a zone by namespaces and workloads",
    { deny: { from: "outside", to: { zone: "apis" } } },
    "met 5",
  ],
  [
    "a zone of addresses",
    { allow: { from: { zone: "partners" }, to: db, ports: pg } },
    "1 of 2: 2001:db8::1 b/Pod/db tcp/5432 deny",
  ],
  ["any has no hosts", { deny: { from: "any", to: api, ports: ["tcp/82"] } }, "met 9"],
  [
    "a host that is named",
    { deny: { from: "a/Pod/agent", to: api } },
    "1 of 1: a/Pod/agent b/Pod/api tcp/1 depends host-network",
  ],
  [
    "a namespace has its hosts",
    { deny: { from: { namespace: "a" }, to: api, ports: ["tcp/82"] } },
    "1 of 4: a/Pod/agent b/Pod/api tcp/82 depends host-network",
  ],
  ["own node", { allow: { from: "own-node", to: api, ports: tcp80 } }, "met 1"],
  ["only", { only: { from: web, to: api } }, "met 8"],
  [
    "only where others come in",
    { only: { from: { zone: "cde" }, to: api } },
    "1 of 8: a/Pod/web b/Pod/api tcp/80 allow",
  ],
  ["only on other ports", { only: { from: { zone: "cde" }, to: api, ports: pg } }, "met 8"],
  [
    "pods by labels",
    { allow: { from: { pods: { matchLabels: { app: "web" } } }, to: api, ports: tcp80 } },
    "met 1",
  ],
  [
    "pods of a namespace by labels",
    {
      deny: {
        from: {
          namespace: "a",
          pods: { matchExpressions: [{ key: "app", operator: "NotIn", values: ["web", "agent"] }] },
        },
        to: api,
      },
    },
    "met 2",
  ],
  [
    "some pods of a workload",
    { deny: { from: { pods: { matchLabels: { tier: "gold" } } }, to: api } },
    "met 1",
  ],
  [
    "only where some pods of a workload are meant",
    {
      only: {
        from: [
          { pods: { matchLabels: { tier: "gold" } } },
          { namespace: "b" },
          "outside",
          "a/Pod/job",
          web,
        ],
        to: "a/Pod/job",
      },
    },
    "1 of 1: a/Deployment/x a/Pod/job tcp/1 allow",
  ],
  [
    "only where both its pods are meant",
    {
      only: {
        from: [
          { pods: { matchLabels: { tier: "gold" } } },
          "a/Pod/x-2",
          { namespace: "b" },
          "outside",
          "a/Pod/job",
          web,
        ],
        to: "a/Pod/job",
      },
    },
    "it covers nothing: `from` is everybody who could reach `to`",
  ],
  [
    "an unknown name",
    { deny: { from: "a/Pod/wep", to: api } },
    "nothing is called `a/Pod/wep`: did you mean `a/Pod/web`?",
  ],
  [
    "an unknown name in a list",
    { deny: { from: [web, "a/Pod/jop"], to: api } },
    "nothing is called `a/Pod/jop`: did you mean `a/Pod/job`?",
  ],
  [
    "an unknown namespace",
    { deny: { from: { namespace: "emty" }, to: api } },
    "there is no namespace `emty`: did you mean `empty`?",
  ],
  [
    "an empty namespace",
    { deny: { from: { namespace: "empty" }, to: api } },
    "`namespace empty` matches nothing",
  ],
  [
    "an empty zone",
    { deny: { from: { zone: "nobody" }, to: api } },
    "`zone nobody` matches nothing",
  ],
  [
    "traffic that the ends do not have",
    { deny: { from: "2001:db8::1", to: api, ports: ["icmp"] } },
    "it covers nothing: `from` and `to` are never two ends of a connection",
  ],
  [
    "a pod to itself",
    { deny: { from: web, to: web } },
    "it covers nothing: `from` and `to` are never two ends of a connection",
  ],
  [
    "outside to outside",
    { deny: { from: "outside", to: "outside" } },
    "it covers nothing: `from` and `to` are never two ends of a connection",
  ],
];

function textOf({ state, why, pairs, counterexamples }: IntentVerdict): string {
  if (state === "met") return `met ${pairs.covered}`;
  if (state === "not-evaluable") return why!;
  const [{ from, to, port, decision }] = counterexamples as [
    IntentVerdict["counterexamples"][number],
  ];
  const reasons = decision.reasons.map(({ code }) => code);
  const said = [`${from} ${to} ${port} ${decision.verdict}`, ...reasons].join(" ");
  return `${pairs.unmet} of ${pairs.covered}: ${said}`;
}

describe("intents are judged over all pairs that they cover", () => {
  const compiled = compile(CLUSTER);
  for (const [name, intent, expected] of CASES) {
    test(name, () => {
      const landscape = surveyLandscape(compiled, namedAddresses(ZONES, [intent]));
      assert.equal(textOf(judgeIntent(landscape, ZONES, intent)), expected);
    });
  }
});

function addresses(number: number): Raw {
  return { status: { podIPs: [{ ip: `10.1.0.${number}` }, { ip: `fd00::${number}` }] } };
}

test("the families of a dual-stack pair are two connections", () => {
  const objects = [
    { ...pod("b/one"), ...addresses(1) },
    { ...pod("b/two"), ...addresses(2) },
    policy("b/two", {
      podSelector: {},
      ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ port: 80 }] }],
    }),
  ];
  const landscape = surveyLandscape(compile(objects, "kube-network-policies"), []);
  const sides = { from: "b/Pod/one", to: "b/Pod/two", ports: tcp80 };
  for (const [intent, family, verdict] of [
    [{ allow: sides }, 6, "deny"],
    [{ deny: sides }, 4, "allow"],
  ] as const) {
    const { state, counterexamples } = judgeIntent(landscape, [], intent);
    assert.equal(state, "unmet");
    assert.deepEqual(
      counterexamples.map((each) => [each.family, each.decision.verdict, each.port]),
      [[family, verdict, "tcp/80"]],
    );
  }
});
