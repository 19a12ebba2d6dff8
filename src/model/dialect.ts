/** The policy APIs of engines: their kinds have the names of others, so that a name here says which it is. */
export type Dialect = "calico" | "cilium" | "antrea";

/** A kind of an engine's own API. */
export type DialectKind = `${Dialect}:${string}`;

/** By apiVersion the kinds that are read, and whether their objects stand in a namespace. */
export type DialectKinds = Readonly<
  Record<string, Readonly<Record<string, "namespaced" | "cluster">>>
>;
