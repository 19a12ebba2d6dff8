/** A Kubernetes object as it would be read. */
export type RawObject = Readonly<Record<string, unknown>>;

/** What generated clusters are made of: few words, so that policies and pods meet often. */
export const WORDS = {
  namespaces: ["red", "green", "blue"],
  /** Where objects are: mostly together. */
  homes: ["red", "red", "red", "green", "blue"],
  apps: ["web", "api", "db"],
  /** The empty value is one like any other. */
  tiers: ["front", "back", ""],
  zones: ["a", "b"],
  ports: ["http", "dns", "metrics"],
  numbers: [80, 8080, 53],
  protocols: ["TCP", "UDP", "SCTP"],
  nodes: ["n1", "n2", "n3"],
} as const;
