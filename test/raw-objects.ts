import { type Cluster, createClusterBuilder } from "../src/model/index.ts";

/** An object as a file has it. */
export type Raw = Readonly<Record<string, unknown>>;

/** The cluster of some objects, one a line of `all.ndjson`. */
export function clusterOf(objects: readonly Raw[]): Cluster {
  const builder = createClusterBuilder();
  for (const [index, raw] of objects.entries()) {
    const place = { file: "all.ndjson", line: index + 1, start: 0, end: 0, inside: [] };
    builder.add(raw, { ...place, format: "line" });
  }
  return builder.build();
}

/** A container of a DaemonSet; `main` if it is not named. */
export interface Container {
  readonly name?: string;
  readonly image?: string;
  readonly args?: readonly string[];
  readonly env?: readonly Raw[];
}

/** A DaemonSet, `NAMESPACE/NAME`; `spec` goes into its pods' spec. */
export function daemonSet(
  id: string,
  containers: readonly Container[],
  more: { readonly spec?: Raw; readonly status?: Raw } = {},
): Raw {
  const [namespace, name] = id.split("/");
  const spec = { containers: containers.map((one) => ({ name: "main", ...one })), ...more.spec };
  const template = { metadata: { labels: { app: name } }, spec };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name, namespace },
    spec: { selector: { matchLabels: { app: name } }, template },
    ...(more.status === undefined ? {} : { status: more.status }),
  };
}

/** A ConfigMap, `NAMESPACE/NAME`. */
export function configMap(id: string, data: Readonly<Record<string, string>>): Raw {
  const [namespace, name] = id.split("/");
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

/** An object without a namespace. */
export function object(apiVersion: string, kind: string, name: string, more: Raw = {}): Raw {
  return { apiVersion, kind, metadata: { name }, ...more };
}

/** A Node with labels. */
export function node(
  labels: Raw,
  more: { readonly annotations?: Raw; readonly version?: string } = {},
): Raw {
  const { annotations = {}, version = "v1.33.4" } = more;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: `n${Object.keys(labels).length}`, labels, annotations },
    status: { nodeInfo: { kubeletVersion: version } },
  };
}
