import { intersect, subtract } from "../../../base/index.ts";
import type { Direction, Pod } from "../../../model/index.ts";
import {
  ALL_PORTS,
  type RuleRef,
  type Traffic,
  formatTraffic,
  placeOf,
} from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import type { Evidence } from "../../evidence.ts";
import { namespaceOfPolicy } from "../../finding.ts";
import { namesText } from "../../words.ts";

/** Workloads that are open to every address over IPv6 on ports on which they are not over IPv4. */
export const control: Control = {
  id: "ipv6-open",
  family: "policy",
  title: "What is closed over IPv4 is closed over IPv6",
  severity: "high",
  rationale:
    "`0.0.0.0/0` and `::/0` are two worlds. A policy that closes or narrows one of them says nothing about the other, and a cluster with both families is open through it.",
  remediation: "Write the same ranges and exceptions for both families.",
  references: ["NP-6", "CNP-7"],
  check: (evidence) =>
    (["ingress", "egress"] as const).flatMap((direction) => findOpen(evidence, direction)),
};

interface Opened {
  readonly traffic: Traffic;
  readonly workloads: string[];
}

function findOpen(evidence: Evidence, direction: Direction): ReturnType<Control["check"]> {
  const { cluster, compiled } = evidence;
  const byRule = new Map<string, Opened & { readonly ref: RuleRef }>();
  const found: ReturnType<Control["check"]>[number][] = [];
  const way = direction === "egress" ? "send to" : "be reached from";
  for (const { id, namespace, pods, origin } of cluster.workloads) {
    const open = pods.flatMap((pod) => openingOf(evidence, pod, direction) ?? []);
    if (open.length === 0) continue;
    for (const { traffic, refs } of open) {
      for (const ref of refs) {
        const key = `${ref.policy} ${ref.rule}`;
        const entry = byRule.get(key) ?? { ref, traffic, workloads: [] };
        if (entry.workloads.at(-1) !== id) entry.workloads.push(id);
        byRule.set(key, entry);
      }
    }
    const [bare] = open.filter(({ refs }) => refs.length === 0);
    if (bare === undefined) continue;
    found.push({
      subject: id,
      namespace,
      key: direction,
      text: `it may ${way} every IPv6 address on ${portsOf(bare.traffic)}: what closes IPv4 does not name IPv6`,
      places: [{ origin: origin ?? pods[0]!.origin, path: [] }],
      fix: "write the same ranges for IPv6",
    });
  }
  for (const { ref, traffic, workloads } of byRule.values()) {
    const place = placeOf(compiled, ref);
    if (place === undefined || ref.rule === undefined) continue;
    const names = namesText(workloads);
    found.push({
      subject: ref.policy,
      namespace: namespaceOfPolicy(ref.policy),
      key: ref.rule,
      text: `\`${ref.rule}\` lets ${names} ${way} every IPv6 address on ${portsOf(traffic)}, and not every IPv4 address`,
      places: [{ ...ref, ...place }],
      fix: `narrow the IPv6 range of \`${ref.rule}\` as that of IPv4 is`,
    });
  }
  return found;
}

/** The ports that are open over IPv6 only, and the rules that open them there only; `undefined` if there are none. */
function openingOf(
  { compiled, outlook }: Evidence,
  pod: Pod,
  direction: Direction,
): { readonly traffic: Traffic; readonly refs: readonly RuleRef[] } | undefined {
  const { classes } = compiled;
  const { families } = classes.classes[classes.ofPod.get(pod)!]!;
  if (families !== 3 || pod.hostNetwork) return undefined;
  const six = outlook().openIn(pod, direction, 6);
  const four = outlook().openIn(pod, direction, 4);
  const traffic = subtract(intersect(six.traffic, ALL_PORTS), four.traffic);
  if (traffic.length === 0) return undefined;
  const both = new Set(four.refs.map(({ policy, rule }) => `${policy} ${rule}`));
  const refs = six.refs.filter(({ policy, rule }) => !both.has(`${policy} ${rule}`));
  return { traffic, refs };
}

function portsOf(traffic: Traffic): string {
  const items = formatTraffic(traffic, ALL_PORTS);
  return items[0] === "all" ? "all ports" : namesText(items);
}
