import { type Cluster, matchesSelector } from "../../../model/index.ts";
import { type Peer, formatSelector } from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import { namespaceOfPolicy } from "../../finding.ts";
import { namesText } from "../../words.ts";

/** Peers of rules that name pods or nodes by labels and find none. */
export const control: Control = {
  id: "peer-selects-nothing",
  family: "policy",
  title: "Every peer of a rule finds a pod",
  severity: "low",
  rationale:
    "A peer that finds no pod opens nothing today, and opens a way as soon as something gets its labels. Mostly a label is misspelt, or what it meant has gone.",
  remediation: "Correct the labels of the peer or of the pods, or remove the peer.",
  references: ["NP-1", "NP-9", "CNP-3"],
  check: ({ compiled, cluster, sources }) => {
    const nodes = new Set(compiled.classes.ofNode.values());
    const inhabited = new Set(cluster.workloads.map(({ namespace }) => namespace));
    return sources().flatMap(({ policy, compiled: { rule }, selectors, place }) => {
      const asked = rule.peers.filter(({ kind }) => kind === "pods" || kind === "nodes");
      return selectors.flatMap(({ name, path, peer }, order) => {
        const isNodes = peer.kind === "nodes";
        // Without nodes among the objects nobody knows their labels.
        if (isNodes && nodes.size === 0) return [];
        const found = isNodes ? peer.may.members : peer.classes.members;
        const real = isNodes ? nodes : compiled.realClasses;
        if (found.some((number) => real.has(number))) return [];
        const { words, isElsewhere } = wordsOf(asked[order]!, cluster, inhabited);
        return [
          {
            subject: policy.id,
            namespace: namespaceOfPolicy(policy.id),
            key: name,
            text: `\`${name}\` finds ${isNodes ? "no node" : "no pod"}: ${words}`,
            places: [{ ...place, path }],
            fix: "correct the labels, or remove the peer",
            ...(isElsewhere ? { severity: "info" as const } : {}),
          },
        ];
      });
    });
  },
};

interface Words {
  /** Which part of what a peer asks for nothing fulfils. */
  readonly words: string;
  /** No pod at all of the namespaces meant is among the objects: they may be kept somewhere else. */
  readonly isElsewhere: boolean;
}

function wordsOf(
  peer: Peer,
  { namespaces }: Pick<Cluster, "namespaces">,
  inhabited: ReadonlySet<string>,
): Words {
  if (peer.kind === "nodes") {
    const { nodes } = peer;
    const words =
      nodes.kind === "labels"
        ? `none has ${formatSelector(nodes.selector)}`
        : `there is none of ${namesText(nodes.surely)}`;
    return { words, isElsewhere: false };
  }
  if (peer.kind !== "pods") return { words: "", isElsewhere: false };
  const { namespaces: test } = peer;
  const meant =
    test.kind === "name"
      ? [test.name]
      : [...namespaces.values()]
          .filter(({ labels }) => matchesSelector(test.selector, labels))
          .map(({ name }) => name);
  if (meant.length === 0 && test.kind === "labels") {
    const labels = formatSelector(test.selector);
    return { words: `no namespace among the objects has ${labels}`, isElsewhere: true };
  }
  if (!meant.some((name) => inhabited.has(name))) {
    return { words: `${namesText(meant)} has no pod among the objects`, isElsewhere: true };
  }
  const isAll = test.kind === "labels" && test.selector.requirements.length === 0;
  const where = isAll ? "any namespace" : namesText(meant);
  return { words: `none has ${formatSelector(peer.pods)} in ${where}`, isElsewhere: false };
}
