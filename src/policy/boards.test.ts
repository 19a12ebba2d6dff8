// The intermediate form carries engines whose dialects come later: their boards and slots, filled in by hand.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { EMPTY } from "../base/index.ts";
import { type Cluster, type Direction, createClusterBuilder } from "../model/index.ts";
import type { Outcomes, PointKind, Profile, Stage, Switches } from "./board.ts";
import { compilePolicies } from "./compile.ts";
import { NETWORK_POLICY_SLOT } from "./dialect/network-policy.ts";
import { directoryOf } from "./question.ts";
import { evaluate } from "./evaluate.ts";
import { judgePath } from "./judge.ts";
import type { Policy, Rule } from "./policy.ts";
import type { Fact } from "./fact.ts";
import { KUBERNETES } from "./profile/kubernetes.ts";
import { networkPolicyStage } from "./profile/upstream.ts";
import { ALL_TRAFFIC, portTraffic } from "./traffic.ts";

const TCP_80 = portTraffic("TCP", 80, 80);

function cluster(): Cluster {
  const builder = createClusterBuilder();
  for (const [index, name] of ["client", "server", "other"].entries()) {
    const metadata = { name, namespace: "shop", labels: { app: name } };
    const pod = { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [{ name: "c" }] } };
    builder.add(pod, {
      file: "pods",
      line: index + 1,
      start: 0,
      end: 0,
      format: "line",
      inside: [],
    });
  }
  return builder.build();
}

interface Sketch {
  readonly id: string;
  readonly slot: string;
  readonly order?: number;
  readonly state?: Policy["state"];
  readonly isolates?: Policy["isolates"];
  /** Of the server, for ingress. */
  readonly rules: readonly Partial<Rule>[];
}

/** A policy that selects the server; its rules match everything unless they say otherwise. */
function policy({ id, slot, order = 0, state = "enforced", isolates, rules }: Sketch): Policy {
  return {
    id,
    origin: { file: id, line: 1, start: 0, end: 0, format: "line", inside: [] },
    slot,
    order,
    tieName: id,
    subject: pods("server"),
    isolates: isolates ?? { ingress: "yes", egress: "no" },
    state,
    rules: rules.map((rule, index) => ({
      direction: "ingress",
      index,
      action: "Allow",
      peers: [{ kind: "any" }],
      traffic: { must: ALL_TRAFFIC, may: ALL_TRAFFIC, named: [] },
      ...rule,
    })),
  };
}

function pods(app: string) {
  return {
    kind: "pods",
    namespaces: { kind: "name", name: "shop" },
    pods: { requirements: [{ key: "app", operator: "In", values: [app] }] },
    hostNetwork: false,
  } as const;
}

function stage(name: string, slots: readonly string[], more: Partial<Stage> = {}): Stage {
  return {
    name,
    mode: "ordered",
    takes: slots.map((slot) => ({ slot })),
    ties: "name",
    selected: ["Pass"],
    selectedOtherWay: ["Pass"],
    unselected: ["Pass"],
    ...more,
  };
}

function profile(stages: readonly Stage[], final: "Allow" | "Deny"): Profile {
  const switches: Switches = {
    ...KUBERNETES.switches,
    networkPolicies: true,
    adminKinds: "all",
    ownNode: "no",
    hostNetworkPods: "node",
  };
  return {
    name: "by hand",
    engine: "upstream",
    about: "a board of a test",
    switches,
    boards: { "workload-ingress": { stages, final } },
    builtins: [],
  };
}

function ask(by: Profile, policies: readonly Policy[], facts: readonly Fact[] = []) {
  const compiled = compilePolicies(cluster(), by, policies);
  const find = (name: string) => directoryOf(compiled).find(`shop/Pod/${name}`)!.ends[0]!;
  const [source, destination] = [find("client"), find("server")];
  const { verdict, determinedBy, conditions, reasons } = evaluate(compiled, {
    source,
    destination,
    traffic: TCP_80[0]!,
    family: 4,
    facts,
  });
  return {
    verdict,
    by: determinedBy.map((ref) => `${ref.policy} ${ref.rule ?? ""}`.trim()),
    conditions: conditions.map(({ text }) => text),
    reasons: reasons.map(({ code }) => code),
  };
}

/** A Calico tier: it acts only if a policy of it selects the endpoint in this direction (CAL-3). */
function tier(name: string, defaultAction: "Deny" | "Pass", takes?: Stage["takes"]): Stage {
  return stage(name, [name], {
    selected: [defaultAction],
    ...(takes === undefined ? {} : { takes }),
  });
}

const PROFILES_STAGE = stage("profiles", ["profile"]);
const OPEN_PROFILE = policy({ id: "kns.shop", slot: "profile", isolates: neither(), rules: [{}] });

function neither(): Readonly<Record<Direction, "no">> {
  return { ingress: "no", egress: "no" };
}

describe("Calico boards", () => {
  const calico = profile(
    [
      tier("security", "Deny"),
      tier("platform", "Pass"),
      tier("default", "Deny", [{ slot: "default" }, { slot: NETWORK_POLICY_SLOT, order: 1000 }]),
      PROFILES_STAGE,
    ],
    "Deny",
  );
  const run = (policies: readonly Policy[]) => ask(calico, [...policies, OPEN_PROFILE]);

  test("CAL-1: the earlier tier decides, whatever the orders inside", () => {
    const answer = run([
      policy({ id: "late", slot: "platform", order: 1, rules: [{ action: "Deny" }] }),
      policy({ id: "early", slot: "security", order: 900, rules: [{ action: "Allow" }] }),
    ]);
    assert.deepEqual([answer.verdict, answer.by], ["allow", ["early ingress[0]"]]);
  });
  test("CAL-2: a NetworkPolicy stands at order 1000, between two policies of tier default", () => {
    const before = policy({
      id: "before",
      slot: "default",
      order: 999,
      rules: [{ action: "Deny" }],
    });
    const after = policy({
      id: "after",
      slot: "default",
      order: 1001,
      rules: [{ action: "Deny" }],
    });
    const allow = policy({ id: "np", slot: NETWORK_POLICY_SLOT, rules: [{}] });
    assert.deepEqual(run([allow, after]).by, ["np ingress[0]"]);
    assert.deepEqual(run([allow, before]).by, ["before ingress[0]"]);
    assert.equal(run([allow, before]).verdict, "deny");
  });
  test("CAL-3: a tier that selects ends with its default action, Deny or Pass", () => {
    const elsewhere = { peers: [pods("other")] };
    const deny = policy({ id: "s", slot: "security", rules: [elsewhere] });
    assert.deepEqual([run([deny]).verdict, run([deny]).by], ["deny", ["s"]]);
    const pass = policy({ id: "p", slot: "platform", rules: [elsewhere] });
    assert.deepEqual([run([pass]).verdict, run([pass]).by], ["allow", ["kns.shop ingress[0]"]]);
  });
  test("CAL-3: a tier whose policies do not list the direction is skipped", () => {
    const egressOnly = { ingress: "no", egress: "yes" } as const;
    const other = policy({ id: "s", slot: "security", isolates: egressOnly, rules: [] });
    assert.equal(run([other]).verdict, "allow");
  });
  test("CAL-3: Pass jumps to the next tier, behind the last to the profiles, without one to deny", () => {
    const pass = policy({ id: "s", slot: "security", rules: [{ action: "Pass" }] });
    const deny = policy({ id: "d", slot: "default", rules: [{ action: "Deny" }] });
    assert.deepEqual(run([pass, deny]).by, ["d ingress[0]"]);
    assert.equal(run([pass]).verdict, "allow");
    assert.deepEqual([ask(calico, [pass]).verdict, ask(calico, [pass]).by], ["deny", []]);
  });
  test("CAL-4: a staged policy is not enforced, and its tier is skipped", () => {
    const staged = policy({
      id: "s",
      slot: "security",
      state: "pending",
      rules: [{ action: "Deny" }],
    });
    assert.equal(run([staged]).verdict, "allow");
  });
  test("CAL-5: Log goes on, and Pass in a profile denies", () => {
    const logs = policy({
      id: "s",
      slot: "security",
      rules: [{ action: "Log" }, { action: "Allow" }],
    });
    assert.deepEqual(run([logs]).by, ["s ingress[1]"]);
    const passing = policy({
      id: "kns",
      slot: "profile",
      isolates: neither(),
      rules: [{ action: "Pass" }],
    });
    assert.equal(ask(calico, [passing]).verdict, "deny");
  });
});

describe("Calico host points", () => {
  const board = (slot: string, unselected: Outcomes = ["Pass"]) => ({
    stages: [stage(slot, [slot], { selected: ["Deny"], unselected })],
    final: "Allow" as const,
  });
  const hosts: Profile = {
    ...profile([stage("pods", ["pods"], { selected: ["Deny"] })], "Allow"),
    boards: {
      "workload-ingress": board("pods"),
      "host-pre-dnat": {
        ...board("pre-dnat"),
        allowSkips: ["host-forward-ingress", "host-ingress"],
      },
      "host-forward-ingress": board("forward"),
    },
  };

  test("CAL-14: a pre-DNAT Allow skips forward policies but never the pod's", () => {
    const builder = createClusterBuilder();
    const at = { file: "objects", line: 1, start: 0, end: 0, format: "line", inside: [] } as const;
    builder.add({ apiVersion: "v1", kind: "Node", metadata: { name: "n" }, status: {} }, at);
    const metadata = { name: "server", namespace: "shop", labels: { app: "server" } };
    builder.add({ apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [] } }, at);
    const built = builder.build();
    const everything = { kind: "everything" } as const;
    const forward: Policy = {
      ...policy({ id: "f", slot: "forward", rules: [{ action: "Deny" }] }),
      subject: everything,
    };
    const allow: Policy = {
      ...policy({
        id: "d",
        slot: "pre-dnat",
        rules: [{ traffic: { must: TCP_80, may: TCP_80, named: [] } }],
      }),
      subject: everything,
    };
    const shut = policy({ id: "p", slot: "pods", rules: [{ action: "Deny" }] });
    const outcome = (policies: readonly Policy[], kinds: readonly PointKind[]) => {
      const compiled = compilePolicies(built, hosts, policies);
      const node = compiled.classes.ofNode.get(built.nodes[0]!)!;
      const pod = compiled.classes.ofPod.get(built.workloads[0]!.pods[0]!)!;
      const column = { kind: "outside", address: { family: 4, value: 1n } } as const;
      const points = kinds.map((kind) => {
        const guarded = kind === "workload-ingress" ? pod : node;
        return { kind, guarded, group: compiled.groupOf[kind][guarded]!, column };
      });
      return judgePath(compiled, points, { family: 4, facts: [], traffic: TCP_80 });
    };
    const way: readonly PointKind[] = ["host-pre-dnat", "host-forward-ingress"];
    assert.deepEqual(outcome([forward, allow], way).allow, TCP_80);
    assert.deepEqual(outcome([forward], way).allow, EMPTY);
    assert.deepEqual(outcome([forward, allow, shut], [...way, "workload-ingress"]).allow, EMPTY);
  });
});

/** One union of Cilium's kinds and NetworkPolicies. */
function ciliumBoard(unselected: Outcomes): Profile {
  const policies = stage("policies", ["cilium", NETWORK_POLICY_SLOT], {
    mode: "union",
    selected: ["Deny"],
    unselected,
  });
  return profile([policies], "Allow");
}

describe("Cilium boards", () => {
  const cilium = ciliumBoard(["Allow"]);

  test("CIL-5: a deny beats every allow, across the kinds", () => {
    const answer = ask(cilium, [
      policy({ id: "allow", slot: NETWORK_POLICY_SLOT, rules: [{}] }),
      policy({ id: "deny", slot: "cilium", rules: [{ action: "Deny", peers: [pods("client")] }] }),
    ]);
    assert.deepEqual([answer.verdict, answer.by], ["deny", ["deny ingress[0]"]]);
  });
  test("CIL-4: default deny by a policy that has the direction, off if it says so", () => {
    const narrow = { peers: [pods("other")] };
    assert.equal(
      ask(cilium, [policy({ id: "on", slot: "cilium", rules: [narrow] })]).verdict,
      "deny",
    );
    const off = policy({ id: "off", slot: "cilium", isolates: neither(), rules: [narrow] });
    assert.equal(ask(cilium, [off]).verdict, "allow");
    const denies = policy({
      id: "no",
      slot: "cilium",
      isolates: neither(),
      rules: [{ action: "Deny" }],
    });
    assert.equal(ask(cilium, [off, denies]).verdict, "deny");
  });
  test("CIL-4: where it is not known whether a policy isolates, it depends", () => {
    const unclear = { ingress: "unclear", egress: "no" } as const;
    const answer = ask(cilium, [policy({ id: "u", slot: "cilium", isolates: unclear, rules: [] })]);
    assert.equal(answer.verdict, "depends");
  });
  test("CIL-15: always mode denies without any policy", () => {
    assert.equal(ask(ciliumBoard(["Deny"]), []).verdict, "deny");
  });
});

function request(path: string): readonly Fact[] {
  return [{ kind: "http", method: "GET", host: undefined, path }];
}

describe("an Antrea slot", () => {
  const antrea = profile([stage("tiers", ["antrea"], { ties: "rule-index" })], "Allow");
  const elsewhere = { peers: [pods("other")] };

  test("ANT-2: with equal priority index 0 of one policy precedes index 1 of the other", () => {
    const answer = ask(antrea, [
      policy({ id: "a", slot: "antrea", order: 5, rules: [elsewhere, { action: "Deny" }] }),
      policy({ id: "b", slot: "antrea", order: 5, rules: [{ action: "Allow" }] }),
    ]);
    assert.deepEqual([answer.verdict, answer.by], ["allow", ["b ingress[0]"]]);
  });
  test("ANT-3: equal priority and equal index that contradict leave it open", () => {
    const answer = ask(antrea, [
      policy({ id: "a", slot: "antrea", order: 5, rules: [{ action: "Deny" }] }),
      policy({ id: "b", slot: "antrea", order: 5, rules: [{ action: "Allow" }] }),
    ]);
    assert.deepEqual([answer.verdict, answer.reasons], ["depends", ["priority-tie"]]);
  });
  test("ANT-23: what fits an L7 rule but not its condition is denied, and no later rule is asked", () => {
    const condition = {
      text: "http GET /public",
      anyOf: [
        {
          kind: "http",
          methods: [{ kind: "exact", text: "GET" }],
          paths: [{ kind: "exact", text: "/public" }],
        },
      ],
      otherwise: "deny",
    } as const;
    const policies = [
      policy({ id: "a", slot: "antrea", rules: [{ condition }, { action: "Allow" }] }),
    ];
    const open = ask(antrea, policies);
    assert.deepEqual([open.verdict, open.conditions], ["allow", ["http GET /public"]]);
    assert.equal(ask(antrea, policies, request("/public")).verdict, "allow");
    assert.equal(ask(antrea, policies, request("/private")).verdict, "deny");
    const softer = { ...condition, otherwise: "continue" } as const;
    const later = [
      policy({ id: "a", slot: "antrea", rules: [{ condition: softer }, { action: "Allow" }] }),
    ];
    assert.deepEqual(ask(antrea, later).conditions, []);
  });
});

describe("the Baseline tier decided per pod", () => {
  const baseline = stage("baseline", ["baseline"]);
  const egressOnly = { ingress: "no", egress: "yes" } as const;
  const policies = [
    policy({ id: "np", slot: NETWORK_POLICY_SLOT, isolates: egressOnly, rules: [] }),
    policy({ id: "floor", slot: "baseline", isolates: neither(), rules: [{ action: "Deny" }] }),
  ];
  for (const [answer, verdict] of [
    ["yes", "allow"],
    ["no", "deny"],
    ["unclear", "depends"],
  ] as const) {
    test(`CNP-4: skipped by a policy for the other direction: ${answer}`, () => {
      const by = profile([networkPolicyStage(answer), baseline], "Allow");
      assert.equal(ask(by, policies).verdict, verdict);
    });
  }
});
