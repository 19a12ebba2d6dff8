import { once } from "../base/index.ts";
import { type Openness, assessOpenness } from "../analysis/index.ts";
import type { Cluster, LabelSelector } from "../model/index.ts";
import { type CompiledPolicies, type Outlook, createOutlook } from "../policy/index.ts";
import { type LabelUse, labelsOfNamespaces, labelsOfPods } from "./label-use.ts";
import { type SelectingService, selectingServices } from "./selecting-services.ts";
import { type SelectorUse, namespaceFinder, selectorUsesOf } from "./selector-uses.ts";
import { type ClusterDns, findClusterDns } from "./cluster-dns.ts";
import { type Redundancy, findRedundancy } from "./redundancy.ts";
import { type RuleSource, readRuleSources } from "./rule-source.ts";
import { type WorkloadsOf, createWorkloadsOf } from "./workloads-of.ts";

/** What checks look at: a cluster under its policies, with answers that several of them need, each worked out once. */
export interface Evidence {
  readonly cluster: Cluster;
  readonly compiled: CompiledPolicies;
  readonly outlook: () => Outlook;
  readonly openness: () => Openness;
  /** Every pair of selectors in a policy. */
  readonly selectorUses: () => readonly SelectorUse[];
  /** The names of the namespaces that a selector admits. */
  readonly namespacesOf: (selector: LabelSelector) => ReadonlySet<string>;
  readonly podLabels: () => LabelUse;
  readonly namespaceLabels: () => LabelUse;
  /** Every Service with a selector, and its pods. */
  readonly services: () => readonly SelectingService[];
  /** The ids of the workloads with a pod in one of some classes, sorted. */
  readonly workloadsIn: (classes: readonly number[]) => readonly string[];
  /** Rules of policies that select a pod, with what they were read from. */
  readonly sources: () => readonly RuleSource[];
  readonly redundancy: () => Redundancy;
  readonly workloadsOf: () => WorkloadsOf;
  readonly clusterDns: () => ClusterDns;
}

/** The evidence of compiled policies. */
export function createEvidence(compiled: CompiledPolicies): Evidence {
  const { cluster } = compiled;
  const outlook = once(() => createOutlook(compiled));
  const byClass = once(() => workloadsByClass(compiled));
  return {
    cluster,
    compiled,
    outlook,
    openness: once(() => assessOpenness(cluster.workloads, outlook())),
    selectorUses: once(() => selectorUsesOf(cluster)),
    namespacesOf: namespaceFinder(cluster),
    podLabels: once(() => labelsOfPods(cluster)),
    namespaceLabels: once(() => labelsOfNamespaces(cluster)),
    services: once(() => selectingServices(cluster)),
    workloadsIn: (classes) => {
      const ids = [...new Set(classes)].flatMap((number) => byClass().get(number) ?? []);
      return [...new Set(ids)].toSorted();
    },
    sources: once(() => readRuleSources(compiled)),
    redundancy: once(() => findRedundancy(compiled)),
    workloadsOf: once(() => createWorkloadsOf(compiled)),
    clusterDns: once(() => findClusterDns(compiled)),
  };
}

function workloadsByClass({
  cluster,
  classes,
}: CompiledPolicies): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (const { id, pods } of cluster.workloads) {
    for (const pod of pods) {
      const number = classes.ofPod.get(pod)!;
      const list = found.get(number);
      if (list === undefined) found.set(number, [id]);
      else if (list.at(-1) !== id) list.push(id);
    }
  }
  return found;
}
