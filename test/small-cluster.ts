import type { Zone } from "../src/analysis/index.ts";
import { createClusterBuilder } from "../src/model/index.ts";
import { type CompiledPolicies, PROFILES, compilePolicies } from "../src/policy/index.ts";

/** An object as it comes from a file. */
export type Raw = Readonly<Record<string, unknown>>;

/** Compiles objects under a profile; the line of each is its number. */
export function compile(objects: readonly Raw[], profile = "kubernetes"): CompiledPolicies {
  const builder = createClusterBuilder();
  for (const [index, object] of objects.entries()) {
    const place = { file: "made.yaml", line: index + 1, start: 0, end: 0 };
    builder.add(object, { ...place, format: "line", inside: [] });
  }
  return compilePolicies(builder.build(), PROFILES[profile]!);
}

const namespace = (name: string, labels: Raw = {}): Raw => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels },
});

/** A pod, `NAMESPACE/NAME`. */
export const pod = (at: string, labels: Raw = {}, spec: Raw = {}, owner?: string): Raw => {
  const [space, name] = at.split("/");
  const owners =
    owner === undefined
      ? {}
      : {
          ownerReferences: [
            { kind: "Deployment", name: owner, apiVersion: "apps/v1", uid: "1", controller: true },
          ],
        };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: space, name, labels, ...owners },
    spec: { containers: [{ name: "c", image: "i" }], ...spec },
  };
};

/** A NetworkPolicy, `NAMESPACE/NAME`. */
export const policy = (at: string, spec: Raw): Raw => {
  const [space, name] = at.split("/");
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { namespace: space, name },
    spec,
  };
};

/** `a/web` may reach `b/api` on tcp/80 and tcp/81, and `b/db` is closed but for 192.0.2.0/24; a pod with an unknown address may be in it. */
export const CLUSTER: readonly Raw[] = [
  namespace("a"),
  namespace("b", { pci: "true" }),
  namespace("empty"),
  pod("a/web", { app: "web" }),
  pod("a/job", { app: "job" }),
  pod("a/agent", { app: "agent" }, { hostNetwork: true }),
  pod("b/api", { app: "api" }),
  pod("b/db", { app: "db" }),
  // Two pods of one workload that no policy tells apart, and only one of them is gold.
  pod("a/x-1", { tier: "gold" }, {}, "x"),
  pod("a/x-2", { tier: "tin" }, {}, "x"),
  policy("b/api", {
    podSelector: { matchLabels: { app: "api" } },
    ingress: [
      {
        from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: "web" } } }],
        ports: [{ port: 80, endPort: 81 }],
      },
    ],
  }),
  policy("b/db", {
    podSelector: { matchLabels: { app: "db" } },
    ingress: [{ from: [{ ipBlock: { cidr: "192.0.2.0/24" } }], ports: [{ port: 5432 }] }],
  }),
];

/** Zones of that cluster. */
export const ZONES: readonly Zone[] = [
  { name: "cde", namespaces: { matchLabels: { pci: "true" } } },
  {
    name: "apis",
    namespaces: { matchLabels: { pci: "true" } },
    workloads: { matchLabels: { app: "api" } },
  },
  { name: "partners", addresses: ["192.0.2.0/25", "2001:db8::1"] },
  { name: "nobody", workloads: { matchLabels: { app: "none" } } },
];
