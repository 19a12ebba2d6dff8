import type { AddressSet } from "../base/index.ts";
import type {
  Cluster,
  DuplicateObject,
  Namespace,
  OtherObject,
  UnservedObject,
} from "./cluster.ts";
import type { DiagnosticLog } from "./diagnostic-log.ts";
import type { Parsed } from "./object-reader.ts";
import type { Fault } from "./fault.ts";
import type { Locate, Origin } from "./origin.ts";
import { shown } from "./raw.ts";
import type { OwnAnnotations } from "./own-annotations.ts";
import { usedNamespace } from "./read-objects.ts";
import { type Between, assembleWorkloads } from "./workloads.ts";

/** What a builder is told. `locate` finds the lines of fields for diagnostics; without it they show the object's line. */
export interface ClusterOptions {
  readonly podRanges?: AddressSet | undefined;
  readonly nodeRanges?: AddressSet | undefined;
  readonly locate?: Locate | undefined;
}

/** Everything that a builder has collected. */
export interface ClusterParts {
  readonly entries: Iterable<Parsed>;
  readonly others: readonly OtherObject[];
  readonly between: readonly Between[];
  /** Namespaces by name, with the first object that uses each. */
  readonly used: ReadonlyMap<string, Origin>;
  readonly unserved: readonly UnservedObject[];
  readonly duplicates: readonly DuplicateObject[];
  readonly ownAnnotations: readonly OwnAnnotations[];
  readonly faults: readonly Fault[];
  readonly objects: number;
  readonly log: DiagnosticLog;
  readonly options: ClusterOptions;
}

/** Puts the parts together: namespaces, workloads, sorted lists, diagnostics. */
export function assembleCluster(parts: ClusterParts): Cluster {
  const { log, options } = parts;
  const of = sortByType(parts.entries);
  const workloads = assembleWorkloads({
    pods: of.Pod,
    declared: of.workload,
    between: parts.between,
    cycle(origin, id) {
      const text = `the ownerReferences of \`${id}\` lead back to itself: the pods count to it`;
      const path = ["metadata", "ownerReferences"];
      log.say({ severity: "warning", origin, path, text, decides: false });
    },
  });
  const namespaces = assembleNamespaces(of.Namespace, parts);
  const diagnostics = log.diagnostics(options.locate);
  return {
    namespaces,
    workloads,
    nodes: byName(of.Node),
    services: byName(of.Service),
    endpointSlices: byName(of.EndpointSlice),
    ingresses: byName(of.Ingress),
    configMaps: byName(of.ConfigMap),
    serviceAccounts: byName(of.ServiceAccount),
    networkPolicies: byName(of.NetworkPolicy),
    adminPolicies: byName(of.AdminPolicy),
    calico: byName(of.calico),
    cilium: byName(of.cilium),
    antrea: byName(of.antrea),
    others: byName(parts.others),
    unserved: parts.unserved,
    duplicates: parts.duplicates,
    ownAnnotations: parts.ownAnnotations.toSorted((a, b) => (a.subject < b.subject ? -1 : 1)),
    faults: parts.faults,
    podRanges: options.podRanges,
    nodeRanges: options.nodeRanges,
    diagnostics,
    incomplete: diagnostics.some((diagnostic) => diagnostic.decides),
    objects: parts.objects,
  };
}

type ByType = { readonly [As in Parsed["as"]]: Extract<Parsed, { as: As }>["value"][] };

function sortByType(entries: Iterable<Parsed>): ByType {
  const of: ByType = {
    Pod: [],
    workload: [],
    Namespace: [],
    Node: [],
    Service: [],
    EndpointSlice: [],
    Ingress: [],
    ConfigMap: [],
    ServiceAccount: [],
    NetworkPolicy: [],
    AdminPolicy: [],
    calico: [],
    cilium: [],
    antrea: [],
  };
  for (const { as, value } of entries) (of[as] as (typeof value)[]).push(value);
  return of;
}

/** The namespaces that are declared or used, by name. `default` is in every cluster: nothing is said of it. */
function assembleNamespaces(
  declared: readonly Namespace[],
  { used, log }: ClusterParts,
): ReadonlyMap<string, Namespace> {
  const all = new Map(declared.map((one) => [one.name, one]));
  for (const [name, origin] of used) {
    if (all.has(name)) continue;
    all.set(name, usedNamespace(name));
    if (name === "default") continue;
    const text = `namespace ${shown(name)} is used but not declared: it has its name label only`;
    log.say({ severity: "info", origin, path: ["metadata", "namespace"], text, decides: false });
  }
  return new Map([...all].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

interface Named {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
}

function byName<Item extends Named>(items: readonly Item[]): readonly Item[] {
  return items.toSorted((a, b) => {
    const [left, right] = [a.namespace ?? "", b.namespace ?? ""];
    if (left !== right) return left < right ? -1 : 1;
    if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
    return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  });
}
