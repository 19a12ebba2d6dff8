import { ANTREA_KINDS } from "./antrea/kinds.ts";
import { CALICO_KINDS } from "./calico/kinds.ts";
import { CILIUM_KINDS } from "./cilium/kinds.ts";
import type { Dialect, DialectKind, DialectKinds } from "./dialect.ts";

const TABLES: Readonly<Record<Dialect, DialectKinds>> = {
  calico: CALICO_KINDS,
  cilium: CILIUM_KINDS,
  antrea: ANTREA_KINDS,
};

const CLUSTER_SCOPED = new Set<string>();

/** Every kind that is read, by `APIVERSION/KIND`. */
export const DIALECT_KINDS: ReadonlyMap<string, DialectKind> = new Map(
  Object.entries(TABLES).flatMap(([dialect, versions]) =>
    Object.entries(versions).flatMap(([version, kinds]) =>
      Object.entries(kinds).map(([kind, scope]): [string, DialectKind] => {
        const own: DialectKind = `${dialect as Dialect}:${kind}`;
        if (scope === "cluster") CLUSTER_SCOPED.add(own);
        return [`${version}/${kind}`, own];
      }),
    ),
  ),
);

/** Whether a kind is one of an engine's own API. */
export function isDialectKind(kind: string): kind is DialectKind {
  return kind.includes(":");
}

/** Whether objects of the kind stand in no namespace. */
export function isDialectClusterScoped(kind: DialectKind): boolean {
  return CLUSTER_SCOPED.has(kind);
}

/** The dialect and the kind as it is written. */
export function splitDialectKind(kind: DialectKind): readonly [Dialect, string] {
  const at = kind.indexOf(":");
  return [kind.slice(0, at) as Dialect, kind.slice(at + 1)];
}

/** A kind as people write it. */
export function writtenKind(kind: string): string {
  return kind.slice(kind.indexOf(":") + 1);
}
