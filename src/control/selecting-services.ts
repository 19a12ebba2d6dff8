import {
  type Cluster,
  type Pod,
  type Service,
  matchesSelector,
  selectorOfLabels,
} from "../model/index.ts";

/** A Service with a selector, and the pods that it selects. */
export interface SelectingService {
  readonly service: Service;
  /** The pods of its namespace; those on the host network too. */
  readonly pods: readonly Pod[];
}

/** Every Service whose endpoints Kubernetes makes from a selector (PATH-1, PATH-3); an ExternalName has none. */
export function selectingServices(cluster: Cluster): readonly SelectingService[] {
  const byNamespace = Map.groupBy(cluster.workloads, ({ namespace }) => namespace);
  const byLabel = new Map<string, ReadonlyMap<string, readonly Pod[]>>();
  const posting = (namespace: string): ReadonlyMap<string, readonly Pod[]> => {
    let found = byLabel.get(namespace);
    if (found === undefined) {
      const pods = (byNamespace.get(namespace) ?? []).flatMap((workload) => workload.pods);
      found = postings(pods);
      byLabel.set(namespace, found);
    }
    return found;
  };
  return cluster.services.flatMap((service) => {
    const { selector, type, namespace } = service;
    if (selector === undefined || type === "ExternalName") return [];
    const lists = Object.entries(selector).map(
      ([key, value]) => posting(namespace).get(`${key}=${value}`) ?? [],
    );
    const fewest = lists.reduce((least, list) => (list.length < least.length ? list : least));
    const wanted = selectorOfLabels(selector);
    return [{ service, pods: fewest.filter(({ labels }) => matchesSelector(wanted, labels)) }];
  });
}

function postings(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const found = new Map<string, Pod[]>();
  for (const pod of pods) {
    for (const [key, value] of Object.entries(pod.labels)) {
      const label = `${key}=${value}`;
      const list = found.get(label);
      if (list === undefined) found.set(label, [pod]);
      else list.push(pod);
    }
  }
  return found;
}
