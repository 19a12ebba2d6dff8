import { type IntervalSet, intersect } from "../../../base/index.ts";
import type { Edit, Requirement } from "../../../model/index.ts";
import { portTraffic, ruleName } from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import type { Evidence } from "../../evidence.ts";
import { type Found, namespaceOfPolicy } from "../../finding.ts";
import type { SelectorUse } from "../../selector-uses.ts";
import { listText } from "../../wording.ts";

/** The label that the API server sets, and that nobody can change (NP-9). */
const NAME = "kubernetes.io/metadata.name";

/** Peers that are known by a label of their namespace which whoever may edit namespaces can set. */
export const control: Control = {
  id: "identity-by-settable-label",
  family: "policy",
  title: "Peers in other namespaces are known by a label that nobody can set",
  severity: "info",
  rationale:
    "Whoever may create or edit a namespace can give it a label and so become the peer that a policy lets in. Only `kubernetes.io/metadata.name` is set by the API server and cannot be changed.",
  remediation:
    "Name the namespaces by `kubernetes.io/metadata.name`, or let admission control keep the label.",
  references: ["NP-9", "https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
  check: (evidence) =>
    [...Map.groupBy(evidence.selectorUses(), ({ policy }) => policy)].flatMap(([policy, uses]) => {
      const peers = uses.filter(isBySettableLabel);
      return peers.length === 0 ? [] : [describe(evidence, policy, { uses, peers })];
    }),
};

function isBySettableLabel({ rule, namespaces }: SelectorUse): boolean {
  const { requirements } = namespaces.selector;
  if (rule === undefined || requirements.every(({ key }) => key === NAME)) return false;
  return !requirements.some(({ key, operator }) => key === NAME && operator === "In");
}

function describe(
  evidence: Evidence,
  policy: string,
  {
    uses,
    peers,
  }: { readonly uses: readonly SelectorUse[]; readonly peers: readonly SelectorUse[] },
): Found {
  const labels = peers.flatMap(({ namespaces }) => namespaces.selector.requirements.map(textOf));
  const rules = [...new Set(peers.map(({ rule }) => rule!))];
  const why = sensitiveBecause(
    evidence,
    policy,
    uses.find(({ rule }) => rule === undefined),
    rules,
  );
  const base = `${listText(rules)}: other namespaces are known by ${listText([...new Set(labels)])}`;
  const edits = peers.flatMap((peer) => editOf(evidence, peer));
  return {
    subject: policy,
    namespace: namespaceOfPolicy(policy),
    text: why === undefined ? base : `${base}, and ${why}`,
    places: peers.map(({ rule, origin, path, namespaces }) => ({
      policy,
      rule,
      origin,
      path: namespaces.at ?? path,
    })),
    fix: `name the namespaces by \`${NAME}\``,
    ...(edits.length === 0 ? {} : { edits, changes: "none" as const }),
    ...(why === undefined ? {} : { severity: "medium" }),
  };
}

/** What makes the pods that a policy guards worth more than others, where a rule lets somebody in. */
function sensitiveBecause(
  { cluster, compiled }: Evidence,
  policy: string,
  subject: SelectorUse | undefined,
  rules: readonly string[],
): string | undefined {
  if (!rules.some((rule) => rule.startsWith("ingress"))) return undefined;
  const own = cluster.namespaces.get(namespaceOfPolicy(policy) ?? "");
  const label = Object.entries(own?.labels ?? {}).find(([key, value]) => isTelling(key, value));
  if (label !== undefined) return `its namespace has \`${label[0]}: ${label[1]}\``;
  const selected = [subject?.namespaces, subject?.pods]
    .flatMap((one) => one?.selector.requirements ?? [])
    .find(({ key, values }) => values.some((value) => isTelling(key, value)));
  if (selected !== undefined) return `it guards ${textOf(selected)}`;
  const opened = compiled.byId
    .get(policy)!
    .rules.filter((rule) => rules.includes(ruleName(rule)))
    .filter(({ direction }) => direction === "ingress")
    .map(({ traffic }) => traffic.must);
  const store = STORES.find(([, port]) => opened.some((traffic) => isPortOnly(traffic, port)));
  return store === undefined ? undefined : `it opens tcp/${store[1]} (${store[0]})`;
}

const SENSITIVE =
  /(?:^|[^a-z])(?:pci|cde|cardholder|confidential|phi|pii|restricted|secret|sensitive)(?:[^a-z]|$)/iu;

/** Pod security has a level `restricted`, and `pci: "false"` says the opposite. */
function isTelling(key: string, value: string): boolean {
  if (key.includes("kubernetes.io/") || /^(?:false|no|none|out.*)$/iu.test(value)) return false;
  return SENSITIVE.test(key) || SENSITIVE.test(value);
}

/** Ports on which data stores listen. */
const STORES: readonly (readonly [name: string, port: number])[] = [
  ["SQL Server", 1433],
  ["Oracle", 1521],
  ["etcd", 2379],
  ["MySQL", 3306],
  ["PostgreSQL", 5432],
  ["Redis", 6379],
  ["Cassandra", 9042],
  ["Kafka", 9092],
  ["Elasticsearch", 9200],
  ["memcached", 11_211],
  ["MongoDB", 27_017],
];

/** Whether the port is meant: traffic of few ports, this one among them. */
function isPortOnly(traffic: IntervalSet, port: number): boolean {
  const size = traffic.reduce((sum, bound, at) => sum + (at % 2 === 0 ? 1 - bound : bound), 0);
  return size <= 100 && intersect(traffic, portTraffic("TCP", port, port)).length > 0;
}

/** The namespaces of today by name, where they are few: no connection of today changes. */
function editOf({ namespacesOf }: Evidence, use: SelectorUse): readonly Edit[] {
  const { origin, namespaces } = use;
  const names = [...namespacesOf(namespaces.selector)].toSorted();
  if (namespaces.at === undefined || names.length === 0 || names.length > 3) return [];
  // a list of names says nothing about namespaces to come, which a selector by what lacks a label does
  const isPositive = namespaces.selector.requirements.every(
    ({ operator }) => operator === "In" || operator === "Exists",
  );
  if (!isPositive) return [];
  const value =
    names.length === 1
      ? { matchLabels: { [NAME]: names[0] } }
      : { matchExpressions: [{ key: NAME, operator: "In", values: names }] };
  return [{ kind: "set", origin, path: namespaces.at, value }];
}

function textOf({ key, operator, values }: Requirement): string {
  const list = values.length > 1 ? `(${values.join(", ")})` : (values[0] ?? "");
  switch (operator) {
    case "In":
      return values.length > 1 ? `\`${key} in ${list}\`` : `\`${key}: ${list}\``;
    case "NotIn":
      return `\`${key} notin ${list}\``;
    case "Exists":
      return `\`${key}\``;
    case "DoesNotExist":
      return `\`!${key}\``;
  }
}
