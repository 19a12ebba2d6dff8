import { type Openness, assessOpenness } from "../analysis/index.ts";
import type { Cluster } from "../model/index.ts";
import { type CompiledPolicies, type Outlook, createOutlook } from "../policy/index.ts";
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
  /** Rules of policies that select a pod, with what they were read from. */
  readonly sources: () => readonly RuleSource[];
  readonly redundancy: () => Redundancy;
  readonly workloadsOf: () => WorkloadsOf;
  readonly clusterDns: () => ClusterDns;
}

/** The evidence of compiled policies. */
export function createEvidence(compiled: CompiledPolicies): Evidence {
  const outlook = once(() => createOutlook(compiled));
  return {
    cluster: compiled.cluster,
    compiled,
    outlook,
    openness: once(() => assessOpenness(compiled.cluster.workloads, outlook())),
    sources: once(() => readRuleSources(compiled)),
    redundancy: once(() => findRedundancy(compiled)),
    workloadsOf: once(() => createWorkloadsOf(compiled)),
    clusterDns: once(() => findClusterDns(compiled)),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
