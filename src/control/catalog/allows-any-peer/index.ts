import { type CompiledRule, formatTraffic } from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import { namespaceOfPolicy } from "../../finding.ts";
import { namesText } from "../../words.ts";

/** Rules that allow whoever it is, or every pod of the cluster. */
export const control: Control = {
  id: "allows-any-peer",
  family: "policy",
  title: "Every rule that allows names its peers",
  severity: "medium",
  rationale:
    "A rule without peers allows everybody: each pod of each namespace, the nodes and the world outside. An empty namespace selector allows each pod of the cluster.",
  remediation: "Name the pods, namespaces or ranges that need the connection.",
  references: ["NP-1", "NP-3", "CNP-3"],
  check: ({ sources }) =>
    sources().flatMap(({ policy, compiled, name, place }) => {
      const who = breadthOf(compiled);
      if (who === undefined) return [];
      const { traffic, direction } = compiled.rule;
      const ports = traffic.named.map((each) => each.name);
      const items = traffic.must.length === 0 ? ports : [...formatTraffic(traffic.must), ...ports];
      const on = items.length === 1 && items[0] === "all" ? "all ports" : namesText(items);
      const text =
        direction === "ingress"
          ? `\`${name}\` lets ${who} in on ${on}`
          : `\`${name}\` lets out to ${who} on ${on}`;
      return [
        {
          subject: policy.id,
          namespace: namespaceOfPolicy(policy.id),
          key: name,
          text,
          places: [place],
          fix: `name in \`${name}\` who needs the connection`,
        },
      ];
    }),
};

function breadthOf({ rule }: CompiledRule): string | undefined {
  if (rule.action !== "Allow") return undefined;
  if (rule.peers.some(({ kind }) => kind === "any")) return "everybody";
  const isEveryPod = rule.peers.some(
    (peer) =>
      peer.kind === "pods" &&
      peer.pods.requirements.length === 0 &&
      peer.where === undefined &&
      peer.namespaces.kind === "labels" &&
      peer.namespaces.selector.requirements.length === 0,
  );
  return isEveryPod ? "every pod of every namespace" : undefined;
}
