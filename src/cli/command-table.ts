/** A flag of a command. Without `value` it is a switch. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** The name of its value in help: `--from ID`. */
  readonly value?: string;
  /** The name of a second value behind it: `--import FORMAT FILE`. */
  readonly operand?: string;
  /** It may be given several times. */
  readonly many?: boolean;
  readonly choices?: readonly string[];
  readonly about: string;
}

/** What a command gets from its command line. */
export interface Arguments {
  readonly paths: readonly string[];
  readonly flags: Readonly<Record<string, readonly string[]>>;
}

/** A command: everything that parsing, help, completion and the reference are made from. */
export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly about: string;
  readonly flags: readonly Flag[];
  readonly examples: readonly string[];
  /** Loaded when it is run, so that help and version stay fast. Gives the exit code. */
  readonly load: () => Promise<{ readonly run: (given: Arguments) => Promise<number> }>;
}

const HELP: Flag = { name: "help", short: "h", about: "show this help" };
const COLOR: Flag = {
  name: "color",
  value: "WHEN",
  choices: ["auto", "always", "never"],
  about: "colours: auto (on a terminal, unless NO_COLOR is set), always or never",
};
const CONFIG: Flag = {
  name: "config",
  value: "FILE",
  about: "settings from this file instead of the nearest ringfence.yaml at or above the first PATH",
};
const READING: readonly Flag[] = [
  CONFIG,
  {
    name: "profile",
    value: "NAME",
    // Written out: what names the profiles loads the engine.
    choices: [
      "kubernetes",
      "kube-network-policies",
      "calico",
      "antrea",
      "ovn-kubernetes",
      "aws-vpc-cni",
      "azure",
      "gke-dataplane-v2",
      "flannel",
    ],
    about: "judge as this engine does, instead of the one that is recognised",
  },
  { name: "pod-cidr", value: "CIDR", many: true, about: "where pods have their addresses" },
  { name: "node-cidr", value: "CIDR", many: true, about: "where nodes have their addresses" },
  {
    name: "allow-incomplete",
    about: "exit 0 although an object that may decide traffic could not be read",
  },
  COLOR,
  HELP,
];

const FAIL_ON: Flag = {
  name: "fail-on",
  value: "SEVERITY",
  choices: ["critical", "high", "medium", "low", "info"],
  about: "exit 1 if a finding is at least this bad: critical, high, medium, low or info",
};

const ONLY_NAMESPACE: Flag = {
  name: "namespace",
  short: "n",
  value: "NAME",
  about: "only this namespace",
};

function output(...choices: readonly string[]): Flag {
  return { name: "output", short: "o", value: "FORMAT", choices, about: choices.join(", ") };
}

const GIVEN: Flag = {
  name: "given",
  value: "FACT",
  many: true,
  about: "a fact: `http GET /public`, `fqdn NAME`, `dns NAME`, `via pods/proxy`",
};

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    name: "scan",
    usage: "ringfence scan PATH… [flags]",
    about: "posture: segmentation, openness, findings",
    flags: [
      output("text", "json", "yaml", "md", "csv", "sarif", "junit", "gitlab"),
      ONLY_NAMESPACE,
      FAIL_ON,
      {
        name: "unneeded",
        about: "also what is allowed and no intent needs, by the rules that allow it",
      },
      ...READING,
    ],
    examples: [
      "ringfence scan examples/payments",
      "kubectl get -A -o yaml ns,pods,deploy,netpol | ringfence scan -",
      "ringfence scan -o json cluster.ndjson.gz",
    ],
    load: () => import("./commands/scan.ts"),
  },
  {
    name: "lint",
    usage: "ringfence lint PATH… [flags]",
    about: "policies that do not do what they seem to",
    flags: [
      output("text", "json", "yaml", "md", "csv", "sarif", "junit", "gitlab"),
      ONLY_NAMESPACE,
      { name: "check", value: "ID", many: true, about: "only this check (see docs/checks.md)" },
      FAIL_ON,
      {
        name: "baseline",
        value: "FILE",
        about: "findings of this file do not count, only new ones",
      },
      { name: "write-baseline", value: "FILE", about: "write what is found now as a baseline" },
      { name: "fix", about: "change the files where the fix of a finding is an edit" },
      { name: "dry-run", about: "with --fix: print the changes as a unified diff, change nothing" },
      ...READING,
    ],
    examples: [
      "ringfence lint examples/payments",
      "ringfence lint deploy --baseline lint-baseline.json --fail-on medium",
      "ringfence lint deploy --fix --dry-run",
    ],
    load: () => import("./commands/lint.ts"),
  },
  {
    name: "reach",
    usage: "ringfence reach PATH… [flags]",
    about: "who can reach whom",
    flags: [
      output("text", "json", "yaml", "csv", "md", "dot", "svg"),
      {
        name: "from",
        value: "ID",
        about: "only from this workload, pod, node, address or NAMESPACE/",
      },
      { name: "to", value: "ID", about: "only to it" },
      {
        name: "port",
        value: "PORT",
        about: "only this traffic: tcp/5432, udp/53, icmp/8, proto/112",
      },
      { name: "namespace", short: "n", value: "NAME", about: "only connections with an end in it" },
      { name: "outside", about: "only connections with the outside" },
      { name: "pairs", about: "one entry for each pair (json)" },
      {
        name: "future",
        about:
          "what policies admit of pods and addresses that do not exist yet (text, json; with --from, --namespace)",
      },
      ...READING,
    ],
    examples: [
      "ringfence reach examples/payments --to payments/",
      "ringfence reach -o dot examples/payments | dot -Tsvg > reach.svg",
      "ringfence reach -o json --from 203.0.113.7 --port tcp/443 examples/payments",
    ],
    load: () => import("./commands/reach.ts"),
  },
  {
    name: "explain",
    usage: "ringfence explain [PATH…] --from ID --to ID --port PORT [flags]",
    about: "the verdict on one connection and every rule on the way",
    flags: [
      output("text", "json", "ndjson"),
      {
        name: "from",
        value: "ID",
        about: "workload, pod, node/NAME, own-node, other-nodes or address",
      },
      { name: "to", value: "ID", about: "the same" },
      {
        name: "port",
        value: "PORT",
        about: "tcp/5432, udp/53, sctp/9, icmp/8/0, icmpv6/128, proto/112",
      },
      { name: "family", value: "N", choices: ["4", "6"], about: "between two dual-stack ends" },
      GIVEN,
      {
        name: "batch",
        value: "FILE",
        about: "one JSON question a line from FILE or -, one answer a line",
      },
      { name: "why", about: "with --batch: also reasons, conditions and determinedBy" },
      ...READING,
    ],
    examples: [
      "ringfence explain examples/payments --from shop/Deployment/web --to payments/Deployment/api --port tcp/8443",
      "ringfence explain cluster.ndjson --batch questions.ndjson --why",
    ],
    load: () => import("./commands/explain.ts"),
  },
  {
    name: "diff",
    usage: "ringfence diff BASE HEAD | --base REV [PATH…] [flags]",
    about: "which connections a change opens and closes, and by which edit",
    flags: [
      output("text", "md", "json"),
      {
        name: "base",
        value: "REV",
        about: "compare PATH (else the folder) as this git revision has it with what is there",
      },
      {
        name: "fail-on",
        value: "WAY",
        choices: ["added", "removed", "any"],
        about: "exit 1 if traffic was added, removed, or either, that nobody expected",
      },
      {
        name: "expect",
        value: "FILE",
        about: "expected changes: a YAML list of {from, to, ports, change, reason}",
      },
      ...READING,
    ],
    examples: [
      "ringfence diff --base origin/main examples/payments",
      "ringfence diff before/ after/ --fail-on added",
      "ringfence diff v1.2:deploy v1.3:deploy -o md",
      "kubectl get -A -o json all,ns,nodes,netpol | ringfence diff - deploy/ -o json",
    ],
    load: () => import("./commands/diff.ts"),
  },
  {
    name: "test",
    usage: "ringfence test [PATH…] [flags]",
    about: "hold the policies to the intents of ringfence.yaml",
    flags: [
      output("text", "json", "junit"),
      { name: "intents", value: "FILE", about: "intents of this file instead" },
      {
        name: "import",
        value: "FORMAT",
        choices: ["baseline-rules", "netassert"],
        operand: "FILE",
        about: "intents of this file of another tool: baseline-rules, netassert",
      },
      ...READING,
    ],
    examples: [
      "ringfence test examples/payments",
      "ringfence test manifests/ --import netassert tests.yaml",
    ],
    load: () => import("./commands/test.ts"),
  },
  {
    name: "init",
    usage: "ringfence init [PATH…] [flags]",
    about: "write a first ringfence.yaml from what is found",
    flags: [
      {
        name: "out",
        value: "FILE",
        about: "write to FILE instead of ringfence.yaml at PATH; - for standard output",
      },
      { name: "force", about: "overwrite a file that exists" },
      ...READING.filter(({ name }) => name !== "config"),
    ],
    examples: ["ringfence init examples/payments --out -"],
    load: () => import("./commands/init.ts"),
  },
  {
    name: "snapshot",
    usage: "ringfence snapshot PATH… --out FILE",
    about: "write what was read as one file, to be read again fast",
    flags: [
      {
        name: "out",
        value: "FILE",
        about: "newline-delimited JSON; packed if it ends in .gz; - for standard output",
      },
      ...READING.filter(({ name }) =>
        ["config", "allow-incomplete", "color", "help"].includes(name),
      ),
    ],
    examples: [
      "kubectl get -A -o json all,ns,nodes,netpol | ringfence snapshot - --out cluster.ndjson.gz",
    ],
    load: () => import("./commands/snapshot.ts"),
  },
  {
    name: "profiles",
    usage: "ringfence profiles [PATH…] [--compare A,B] [flags]",
    about: "the network engines that are known, which one is found, and how two differ",
    flags: [
      output("text", "json", "yaml", "md"),
      {
        name: "compare",
        value: "A,B",
        about:
          "the connections of PATH that two profiles judge differently, and the switch that does it",
      },
      {
        name: "fail-on",
        value: "WAY",
        choices: ["any"],
        about: "with --compare: exit 1 if any connection differs",
      },
      ...READING.filter(({ name }) => name !== "profile"),
    ],
    examples: [
      "ringfence profiles",
      "ringfence profiles cluster.ndjson.gz",
      "ringfence profiles --compare kubernetes,kube-network-policies examples/payments",
    ],
    load: () => import("./commands/profiles.ts"),
  },
  {
    name: "completion",
    usage: "ringfence completion bash|zsh|fish",
    about: "a completion script for your shell",
    flags: [HELP],
    examples: ["source <(ringfence completion bash)"],
    load: () => import("./commands/completion.ts"),
  },
];

/** Exit codes, for help and the reference. */
export const EXIT_CODES: readonly (readonly [number, string])[] = [
  [0, "done; findings are reported, they fail nothing unless asked"],
  [1, "a violation that was asked for"],
  [2, "usage, or nothing could be read"],
  [3, "not evaluable: an object that may decide traffic could not be read, or nothing to test"],
  [4, "a fault of ringfence itself"],
];
