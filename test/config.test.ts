// ringfence.yaml: where it is found, what is said of its errors, and that it does what it says.
import assert from "node:assert/strict";
import { globSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { configSchema } from "../src/app/index.ts";
import { findConfig, readChecked } from "../src/files/index.ts";
import { folderWith, runProgram } from "./run-program.ts";

/** A file, and everything that is said of it, as `line: text`. */
const ERRORS: readonly (readonly [name: string, text: string, said: readonly string[]])[] = [
  ["nothing", "", []],
  ["only a comment", "# later\n", []],
  ["settings", "version: 1\nprofile: kubernetes\nranges: { pods: [10.0.0.0/8] }\n", []],
  ["another version", "version: 2\n", ["1: `version`: version `2` is not known: write 1"]],
  [
    "two unknown keys",
    "profle: kubernetes\n\nzone: []\n",
    [
      "1: unknown key `profle`: did you mean `profile`?",
      "3: unknown key `zone`: did you mean `zones`?",
    ],
  ],
  [
    "a key that is near to none",
    "xxxxxxxxxxxxx: 1\n",
    [
      "1: unknown key `xxxxxxxxxxxxx`: write one of `version`, `profile`, `ranges`, `exclude`, `checks`, `waivers`, `zones`, `intents`",
    ],
  ],
  [
    "a profile",
    "profile: kuberntes\n",
    ["1: `profile`: `kuberntes` is not known: did you mean `kubernetes`?"],
  ],
  [
    "ranges",
    "ranges:\n  pods:\n    - 10.0.0.0/8\n    - 10.0.0.0/33\n    - 5\n  node: []\n",
    [
      "4: `ranges.pods[1]`: `10.0.0.0/33` is no address range: write it like `10.0.0.0/8`",
      "5: `ranges.pods[2]`: it must be text, not `5`: put it in quotes",
      "6: `ranges`: unknown key `node`: did you mean `nodes`?",
    ],
  ],
  ["no list", "exclude: x\n", ["1: `exclude`: it must be a list, not `x`"]],
  ["no object", "- a\n", ['1: it must be an object, not `["a"]`']],
  [
    "checks",
    'checks:\n  dead-anotation: "off"\n  allows-any-address: off\n  policy-selects-nothing: { severity: hihg }\n',
    [
      "2: `checks`: unknown key `dead-anotation`: did you mean `dead-annotation`?",
      '3: `checks.allows-any-address`: it is `false`: write "off", in quotes, or `{ severity: high }`',
      "4: `checks.policy-selects-nothing.severity`: `hihg` is not known: did you mean `high`?",
    ],
  ],
  [
    "waivers",
    "waivers:\n  - check: a\n    object: b\n    expires: 2027-02-29\n    approver: c\n",
    [
      "2: `waivers[0].reason`: it is missing",
      "4: `waivers[0].expires`: `2027-02-29` is no day: write it like `2027-01-31`",
    ],
  ],
  [
    "zones",
    "zones:\n  - name: cde\n    namespaces: { matchLabels: { pci: true } }\n  - name: cde\n  - name: a b\n    addresses: [x]\n",
    [
      "3: `zones[0].namespaces.matchLabels.pci`: a label value must be text, not `true`: quote it",
      "4: `zones[1]`: a zone needs `namespaces`, `workloads` or `addresses`",
      "4: `zones[1].name`: a zone is called `cde` already: give each its own name",
      "5: `zones[2].name`: `a b` is no name of a zone: letters, digits, `-`, `_`, `.`",
      "6: `zones[2].addresses[0]`: `x` is no address range: write it like `10.0.0.0/8`",
    ],
  ],
  [
    "selectors",
    "zones:\n  - name: a\n    workloads:\n      matchExpressions:\n        - { key: a, operator: Im, values: [x] }\n        - { key: a, operator: Exists, values: [x] }\n",
    [
      "5: `zones[0].workloads.matchExpressions[0].operator`: `Im` is not known: did you mean `In`?",
      "6: `zones[0].workloads.matchExpressions[1]`: `In` and `NotIn` need `values`, `Exists` and `DoesNotExist` take none",
    ],
  ],
  [
    "ends",
    "zones: [{ name: cde, addresses: [1.2.3.4] }]\nintents:\n  - allow:\n      from: outsid\n      to: { zone: cdee }\n  - deny:\n      from: { zone: cde, namespace: x }\n      to:\n        - any\n        - { namespac: x }\n        - 7\n",
    [
      "4: `intents[0].allow.from`: `outsid` is no end: did you mean `outside`?",
      "5: `intents[0].allow.to.zone`: unknown zone `cdee`: did you mean `cde`?",
      "7: `intents[1].deny.from`: an end has `zone` alone, or `namespace` or `namespaces`, with or without `pods`",
      "10: `intents[1].deny.to[1]`: unknown key `namespac`: did you mean `namespace`?",
      "11: `intents[1].deny.to[2]`: `7` is no end: write NAMESPACE/KIND/NAME, node/NAME, an address, a CIDR, `outside`, `any` or {namespace: NAME}",
    ],
  ],
  [
    "ports",
    "intents:\n  - deny: { from: any, to: any, ports: [] }\n  - deny:\n      from: any\n      to: any\n      ports: [tcp/0, 80, tcpp/80]\n",
    [
      "2: `intents[0].deny.ports`: no port: name one, or leave `ports` out for all traffic",
      "6: `intents[1].deny.ports[0]`: `tcp/0` is no traffic: write `tcp/80`, `udp/53-60`, `tcp`, `icmp/8`, `icmp/3/4`, `proto/112` or `all`",
      "6: `intents[1].deny.ports[1]`: a port is text like `tcp/8443`, not `80`",
      "6: `intents[1].deny.ports[2]`: cannot read the port `tcpp/80`: write `tcp/80`, `udp/53-60`, `tcp`, `icmp/8`, `icmp/3/4`, `proto/112` or `all`",
    ],
  ],
  [
    "statements",
    "intents:\n  - {}\n  - { allow: { from: any, to: any }, deny: { from: any, to: any } }\n  - only: { to: any, from: [] }\n  - deny: { from: any }\n",
    [
      "2: `intents[0]`: an intent has exactly one of `allow`, `deny` and `only`",
      "3: `intents[1]`: an intent has exactly one of `allow`, `deny` and `only`",
      "4: `intents[2].only.from`: an end that is a list needs an item",
      "5: `intents[3].deny.to`: it is missing",
    ],
  ],
  ["two documents", "version: 1\n---\nversion: 1\n", ["3: a second document: write one only"]],
  [
    "a key twice",
    "version: 1\nversion: 1\n",
    ["2: a key stands twice in one object: the last one counts, remove the other"],
  ],
];

describe("errors of ringfence.yaml are told at once, with line and advice", () => {
  for (const [name, text, said] of ERRORS) {
    test(name, async (t) => {
      const file = join(folderWith(t, { "ringfence.yaml": text }), "ringfence.yaml");
      const { problems, value } = await readChecked(file, configSchema);
      assert.deepEqual(
        problems.map((problem) => `${problem.line}: ${problem.text}`),
        said,
      );
      assert.equal(value === undefined, said.length > 0);
      for (const problem of problems) assert.equal(problem.file, file);
    });
  }
});

test("what is no YAML is said, and is no configuration", async (t) => {
  const file = join(folderWith(t, { "ringfence.yaml": "a: [\n" }), "ringfence.yaml");
  const { problems, value } = await readChecked(file, configSchema);
  assert.equal(problems.length, 1);
  assert.equal(value, undefined);
});

test("it is found at or above the first path, up to the root of the repository", (t) => {
  const root = folderWith(t, {
    "ringfence.yaml": "",
    "repo/ringfence.yaml": "",
    "repo/a/b/x.yaml": "",
    "repo/a/c/ringfence.yaml": "",
    "other/d/x.yaml": "",
    "bare/e/x.yaml": "",
    "bare/ringfence.yaml": "",
  });
  mkdirSync(join(root, "repo/.git"));
  mkdirSync(join(root, "other/.git"));
  const found = (path: string): string | undefined => findConfig(join(root, path));
  assert.equal(found("repo"), join(root, "repo/ringfence.yaml"));
  assert.equal(found("repo/a/b"), join(root, "repo/ringfence.yaml"));
  assert.equal(found("repo/a/b/x.yaml"), join(root, "repo/ringfence.yaml"));
  assert.equal(found("repo/a/c"), join(root, "repo/a/c/ringfence.yaml"));
  assert.equal(found("other/d"), undefined, "a repository ends the search");
  assert.equal(found("bare"), join(root, "bare/ringfence.yaml"));
  assert.equal(found("bare/e"), undefined, "without a repository only the folder itself");
});

const POD = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { containers: [{ name: web, image: x }] }
`;
const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }]
`;
const DEAD = `apiVersion: v1
kind: Namespace
metadata:
  name: old
  annotations: { net.beta.kubernetes.io/network-policy: "x" }
`;

test("settings change what scan, reach, explain and snapshot do", (t) => {
  const folder = folderWith(t, {
    "web.yaml": POD,
    "policy.yaml": POLICY,
    "old.yaml": DEAD,
    "testdata/broken.yaml": "kind: NetworkPolicy\n",
    "charts/Chart.yaml": "name: x\n",
    "charts/templates/t.yaml": "{{ x }}",
    "ringfence.yaml": `profile: kube-network-policies
exclude: ["**/testdata/**", charts/**]
checks: { dead-annotation: "off", allows-any-address: { severity: critical } }
`,
  });
  const scan = runProgram(["scan", folder, "-o", "json"]);
  assert.equal(scan.code, 0, "what is excluded cannot make it incomplete");
  const { profile, findings, diagnostics } = JSON.parse(scan.out) as Record<string, never[]>;
  assert.equal(profile, "kube-network-policies");
  assert.deepEqual(
    findings!
      .filter(({ id }) => id === "dead-annotation" || id === "allows-any-address")
      .map(({ id, severity }) => [id, severity]),
    [["allows-any-address", "critical"]],
  );
  assert.deepEqual(
    diagnostics!.filter(({ severity }) => severity !== "info"),
    [],
  );
  const flagged = runProgram(["scan", folder, "-o", "json", "--profile", "kubernetes"]);
  assert.match(flagged.out, /"profile": "kubernetes"/u, "a flag wins");
  for (const command of [
    ["reach", folder, "-o", "json"],
    [
      "explain",
      folder,
      "--from",
      "shop/Pod/web",
      "--to",
      "192.0.2.1",
      "--port",
      "tcp/1",
      "-o",
      "json",
    ],
  ]) {
    assert.match(runProgram(command).out, /"profile": ?"kube-network-policies"/u);
  }
  const snapshot = runProgram(["snapshot", folder, "--out", "-"]);
  assert.equal(snapshot.code, 0);
  assert.doesNotMatch(snapshot.out, /broken/u);
  const named = runProgram(["scan", join(folder, "testdata/broken.yaml")]);
  assert.equal(named.code, 3, "a file that is named is read");
});

test("ranges of pods decide what an address range means", (t) => {
  const explain = (ranges: string, ...flags: string[]): string => {
    const other = POD.replaceAll("web", "db");
    const policy = POLICY.replace("0.0.0.0/0", "10.0.0.0/8");
    const files = { "a.yaml": `${POD}---\n${other}---\n${policy}`, "ringfence.yaml": ranges };
    const ends = ["--from", "shop/Pod/web", "--to", "shop/Pod/db", "--port", "tcp/1"];
    return runProgram(["explain", folderWith(t, files), ...ends, ...flags]).out.split(" ")[0]!;
  };
  assert.equal(explain(""), "DEPENDS");
  assert.equal(explain("ranges: { pods: [192.168.0.0/16] }\n"), "DENY");
  assert.equal(
    explain("ranges: { pods: [192.168.0.0/16] }\n", "--pod-cidr", "10.1.0.0/16"),
    "DEPENDS",
  );
});

test("a configuration with errors is exit 2, and all of them are said", (t) => {
  const folder = folderWith(t, { "web.yaml": POD, "my.yaml": "profil: x\nzone: 1\n" });
  const { code, out, err } = runProgram(["scan", "web.yaml", "--config", "my.yaml"], folder);
  assert.deepEqual({ code, out }, { code: 2, out: "" });
  assert.deepEqual(err.trimEnd().split("\n"), [
    "error: my.yaml:1: unknown key `profil`: did you mean `profile`?",
    "error: my.yaml:2: unknown key `zone`: did you mean `zones`?",
    "ringfence: `my.yaml` has 2 errors: correct them, nothing was read",
  ]);
  const gone = runProgram(["scan", "web.yaml", "--config", "gone.yaml"], folder);
  assert.equal(gone.code, 2);
  assert.match(gone.err, /^error: gone\.yaml:1: `gone\.yaml` cannot be read: it does not exist$/mu);
});

test("the schema library is loaded only where there is a configuration", () => {
  const uses = globSync("src/**/*.ts", { exclude: ["**/*.test.ts"] }).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^.*"valibot".*$/gmu)].map(([line]) => ({
      file,
      line,
    })),
  );
  assert.ok(uses.length > 5, `${uses.length} uses`);
  const loads = uses.filter(({ line }) => !line.startsWith("import type "));
  assert.deepEqual([...new Set(loads.map(({ file }) => file))], ["src/files/read-config.ts"]);
  for (const { line } of loads) assert.match(line, /await import\("valibot"\)/u);
});
