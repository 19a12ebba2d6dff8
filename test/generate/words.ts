/** A Kubernetes object as it would be read. */
export type RawObject = Readonly<Record<string, unknown>>;

/** What generated clusters are made of: few words, so that policies and pods meet often. */
export const WORDS = {
  namespaces: ["red", "green", "blue"],
  apps: ["web", "api", "db"],
  tiers: ["front", "back"],
  zones: ["a", "b"],
  ports: ["http", "dns", "metrics"],
} as const;
