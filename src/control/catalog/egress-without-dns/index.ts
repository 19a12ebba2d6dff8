import { contains } from "../../../base/index.ts";
import { type CompiledRule, portTraffic } from "../../../policy/index.ts";
import type { ClusterDns } from "../../cluster-dns.ts";
import type { Control } from "../../control.ts";
import type { Evidence } from "../../evidence.ts";
import { namespaceOfPolicy } from "../../finding.ts";
import { namesText } from "../../words.ts";

/** Workloads whose egress is isolated, that may send to somebody, and that cannot look up a name. */
export const control: Control = {
  id: "egress-without-dns",
  family: "policy",
  title: "Who may send to others may look up their names",
  severity: "medium",
  rationale:
    "Isolating egress also closes the way to the cluster's DNS. A workload that may send but cannot look up names fails with time-outs that nobody expects from a policy.",
  remediation: "Allow port 53, UDP and TCP, to the pods of the cluster's DNS.",
  references: ["NP-2", "NP-4", "NP-5"],
  check: (evidence) => {
    const { compiled, workloadsOf, clusterDns } = evidence;
    const { policies, realClasses, classes } = compiled;
    const dns = clusterDns();
    const cut = new Map<number, { readonly classes: number[]; byAddress: boolean }>();
    for (const { point, policies: own, rules, classes: members } of compiled.groups) {
      if (point !== "workload-egress") continue;
      const isolating = own.filter((number) => policies[number]!.isolates.egress === "yes");
      const real = members.filter(
        (number) => realClasses.has(number) && classes.classes[number]!.type === "pod",
      );
      if (isolating.length === 0 || real.length === 0) continue;
      const allows = rules
        .map((number) => compiled.rules[number]!)
        .filter(({ rule }) => rule.direction === "egress" && rule.action === "Allow");
      if (!allows.some((rule) => findsSomebody(rule, evidence))) continue;
      if (allows.some((rule) => mayAsk(rule, dns, evidence))) continue;
      const speaking = isolating.find((number) =>
        policies[number]!.rules.some(({ direction }) => direction === "egress"),
      );
      const number = speaking ?? isolating[0]!;
      const entry = cut.get(number) ?? { classes: [], byAddress: true };
      entry.classes.push(...real);
      entry.byAddress &&= allows.every((rule) => namesAddresses(rule));
      cut.set(number, entry);
    }
    return [...cut].map(([number, { classes: list, byAddress }]) => {
      const { id, origin } = policies[number]!;
      const names = namesText(workloadsOf()(list).map((workload) => workload.id));
      return {
        subject: id,
        namespace: namespaceOfPolicy(id),
        text: `${names} may send to others, and no policy lets them look up a name (udp/53)`,
        places: [{ policy: id, origin, path: ["spec", "egress"] }],
        fix: `allow port ${dns.port}, UDP and TCP, to the DNS pods of \`${dns.namespace}\``,
        edits: [{ kind: "append", origin, path: ["spec", "egress"], value: ruleFor(dns) }],
        changes: dns.classes.size === 0 ? "none" : "opens",
        // Who is reached by an address may need no name.
        ...(byAddress ? { severity: "low" as const } : {}),
      };
    });
  },
};

/** A rule for a NetworkPolicy. */
function ruleFor({ namespace, labels, port }: ClusterDns): unknown {
  const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": namespace } };
  return {
    to: [{ namespaceSelector, podSelector: { matchLabels: labels } }],
    ports: [
      { protocol: "UDP", port },
      { protocol: "TCP", port },
    ],
  };
}

/** A peer that selects nothing is another check's. */
function findsSomebody({ peers }: CompiledRule, { compiled }: Evidence): boolean {
  return peers.some(
    (peer) =>
      peer.kind !== "pods" || peer.classes.members.some((each) => compiled.realClasses.has(each)),
  );
}

function namesAddresses({ peers }: CompiledRule): boolean {
  return peers.every(({ kind }) => kind === "addresses");
}

/** Port 53, and 5353 where OpenShift's DNS listens. */
const DNS_PORTS: readonly number[] = [53, 5353].map((port) => portTraffic("UDP", port, port)[0]!);

/** Whether a rule may let somebody ask the DNS: where its pods are not known, any peer that may be one. */
function mayAsk({ rule, peers }: CompiledRule, dns: ClusterDns, { compiled }: Evidence): boolean {
  const isPort =
    DNS_PORTS.some((port) => contains(rule.traffic.must, port)) ||
    rule.traffic.named.some(({ name }) => name.includes("dns") || name === "domain");
  if (!isPort) return false;
  return peers.some((peer, index) => {
    if (peer.kind !== "pods") return peer.kind !== "domains";
    if (dns.classes.size > 0) return peer.classes.members.some((each) => dns.classes.has(each));
    const asked = rule.peers[index]!;
    const isNear = asked.kind === "pods" && asked.namespaces.kind === "name";
    return !(isNear && peer.classes.members.some((each) => compiled.realClasses.has(each)));
  });
}
